"""Formulas on their way into the database: what they may say, which KPIs they name, how they follow a renaming."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from uuid import UUID

from accounts.actors import Actor
from accounts.audit import record
from accounts.errors import refusal
from kpis.actions.versioning import keep_version
from kpis.engine.formula.checking import check_names, unit_of
from kpis.engine.formula.parsing import FormulaError, parse
from kpis.engine.formula.program import compiled
from kpis.engine.formula.renaming import renamed
from kpis.engine.formula.syntax import Expression, names
from kpis.engine.periods import Frequency
from kpis.models import Kpi, KpiOperand
from kpis.models.choices import Aggregation, Source
from kpis.plain import stored_formula


class Operand(NamedTuple):
    """What a formula is computed from: a KPI's value, or what ladders up to it."""

    kpi_id: UUID
    is_parent: bool


def formula_problems(kpi: Kpi) -> Iterator[tuple[str, str]]:
    """(code, sentence) for what is wrong with a KPI's formula, in the words of its author."""
    if kpi.source != Source.FORMULA:
        return
    try:
        expression = parse(kpi.formula)
        check_names(expression, set(Kpi.objects.exclude(pk=kpi.pk).values_list("key", flat=True)) | {kpi.key})
    except FormulaError as error:
        yield error.code, formula_words(error)
        return
    used = {other.key: other for other in Kpi.objects.filter(key__in=names(expression)).exclude(pk=kpi.pk)}
    yield from _unit_problems(expression, used)
    for operand in used.values():
        yield from _frequency_problems(kpi, operand)


def formula_words(error: FormulaError) -> str:
    """An error with its place and its hint, as one text."""
    place = f" (character {error.column})" if error.column else ""
    hint = f" {error.hint[0].upper()}{error.hint[1:]}" if error.hint else ""
    return f"{error.detail.rstrip('.')}{place}.{hint}"


def formulas_using(kpi: Kpi) -> list[Kpi]:
    """The other KPIs whose formulas name this one."""
    users = KpiOperand.objects.filter(operand=kpi).exclude(kpi=kpi).values("kpi_id")
    return list(Kpi.objects.filter(pk__in=users).in_order())


def formulas_asking_for_children(parents: Iterable[UUID]) -> list[UUID]:
    """The KPIs whose formulas use what ladders up to any of these."""
    rows = KpiOperand.objects.filter(operand_id__in=list(parents), is_parent=True)
    return list(rows.values_list("kpi_id", flat=True).distinct())


def refuse_users_misfit(kpi: Kpi) -> None:
    """Raise a ValidationError if a formula that names the KPI could no longer be computed after its change."""
    for user in formulas_using(kpi):
        for code, detail in _frequency_problems(user, kpi):
            raise refusal("frequency", detail, code)


def operands_of(kpi: Kpi) -> set[Operand]:
    """What the KPI's formula names, as it stands in memory; a formula that names nothing names itself."""
    if kpi.source != Source.FORMULA:
        return set()
    expression = stored_formula(kpi.formula)
    ids: Mapping[str, UUID] = dict(Kpi.objects.filter(key__in=names(expression)).values_list("key", "pk"))
    ids = {**ids, kpi.key: kpi.pk}
    leaves = compiled(expression).leaves
    found = {Operand(kpi.pk if leaf.key is None else ids[leaf.key], leaf.kind.is_of_children) for leaf in leaves}
    return found or {Operand(kpi.pk, False)}


def names_itself(kpi: Kpi) -> bool:
    """Whether the formula takes the KPI's own value, which can never be computed."""
    return kpi.source == Source.FORMULA and kpi.key in names(stored_formula(kpi.formula))


def keep_operands(kpi: Kpi) -> None:
    """Make the stored operands those of the KPI's formula."""
    wanted = operands_of(kpi)
    stored = {Operand(row.operand_id, row.is_parent): row.pk for row in KpiOperand.objects.filter(kpi=kpi)}
    KpiOperand.objects.filter(pk__in=[pk for operand, pk in stored.items() if operand not in wanted]).delete()
    rows = [KpiOperand(kpi=kpi, operand_id=one.kpi_id, is_parent=one.is_parent) for one in wanted - stored.keys()]
    KpiOperand.objects.bulk_create(rows, ignore_conflicts=True)


def follow_renaming(actor: Actor, kpi: Kpi, old_key: str, *, now: dt.datetime) -> list[UUID]:
    """Let every formula that names the KPI name it by its new key; answers which they are.

    Raises a ValidationError at ``key`` where one of them would grow longer than a formula may be.
    """
    users = formulas_using(kpi)
    for user in users:
        before = user.formula
        user.formula = renamed(before, old_key, kpi.key)
        try:
            parse(user.formula)
        except FormulaError as error:
            raise refusal("key", f"“{user.name}” is computed from it, and: {formula_words(error)}", "formula") from None
        user.save(update_fields=["formula"])
        record(actor, "kpi.changed", user, now=now, changes={"formula": (before, user.formula)})
        keep_version(actor, user, now=now)
    return [user.pk for user in users]


def _unit_problems(expression: Expression, used: Mapping[str, Kpi]) -> Iterator[tuple[str, str]]:
    for warning in unit_of(expression, {key: kpi.unit for key, kpi in used.items()}).warnings:
        if warning.is_error:
            yield "mixed_units", f"{warning.detail.rstrip('.')} (character {warning.column})."


def _frequency_problems(kpi: Kpi, operand: Kpi) -> Iterator[tuple[str, str]]:
    if not Frequency(operand.frequency).is_coarser_than(Frequency(kpi.frequency)):
        return
    stays = operand.source == Source.MEASURED and operand.aggregation == Aggregation.LAST and operand.carry_forward
    if not stays:
        yield (
            "operand_coarser",
            f"“{operand.key}” is {operand.frequency} and “{kpi.key}” {kpi.frequency}. A formula takes a coarser value "
            f"only where it stays valid: let “{operand.key}” carry its last value forward, or compute this "
            f"{operand.frequency}.",
        )
