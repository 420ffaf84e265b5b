"""Formulas on their way into the database: what they may say, which KPIs they name, how they follow a renaming."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple
from uuid import UUID

from accounts.actors import Actor
from accounts.audit import record
from accounts.errors import refusal
from kpis.actions.versioning import keep_version
from kpis.engine.formula.parsing import FormulaError, parse
from kpis.engine.formula.program import compiled
from kpis.engine.formula.renaming import renamed
from kpis.engine.formula.syntax import names
from kpis.formula_reading import Mistake, read_formula
from kpis.models import Kpi, KpiOperand
from kpis.models.choices import Source
from kpis.plain import stored_formula


class Operand(NamedTuple):
    """What a formula is computed from: a KPI's value, or what ladders up to it."""

    kpi_id: UUID
    is_parent: bool


def formula_problems(kpi: Kpi) -> Iterator[tuple[str, str]]:
    """(code, sentence) for what is wrong with a KPI's formula, in the words of its author."""
    if kpi.source == Source.FORMULA:
        for mistake in read_formula(kpi.formula, key=kpi.key, frequency=kpi.frequency).mistakes:
            yield mistake.code, str(mistake)


def formulas_using(kpi: Kpi) -> list[Kpi]:
    """The other KPIs whose formulas name this one."""
    users = KpiOperand.objects.filter(operand=kpi).exclude(kpi=kpi).values("kpi_id")
    return list(Kpi.objects.filter(pk__in=users).in_order())


def formulas_asking_for_children(parents: Iterable[UUID]) -> list[UUID]:
    """The KPIs whose formulas use what ladders up to any of these."""
    rows = KpiOperand.objects.filter(operand_id__in=list(parents), is_parent=True)
    return list(rows.values_list("kpi_id", flat=True).distinct())


def refuse_users_misfit(kpi: Kpi, key: str) -> None:
    """Raise a ValidationError if a formula that names the KPI, by its ``key`` so far, could not be computed after its
    change."""
    for user in formulas_using(kpi):
        known = read_formula(user.formula, key=user.key, frequency=user.frequency).mistakes
        changed = read_formula(user.formula, key=user.key, frequency=user.frequency, offered={key: kpi}).mistakes
        for mistake in changed:
            if mistake not in known:
                field = "unit" if mistake.code == "mixed_units" else "frequency"
                raise refusal(field, f"“{user.name}” is computed from it, and: {mistake}", mistake.code)


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


def follow_own_key(kpi: Kpi, old_key: str) -> None:
    """Let a formula that asks for what ladders up to its own KPI call that by its new key."""
    if kpi.source == Source.FORMULA and kpi.key != old_key:
        with suppress(FormulaError):  # which is refused afterwards, with everything else that is wrong
            kpi.formula = renamed(kpi.formula, old_key, kpi.key)


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
            raise refusal("key", f"“{user.name}” is computed from it, and: {Mistake.of(error)}", "formula") from None
        user.save(update_fields=["formula"])
        record(actor, "kpi.changed", user, now=now, changes={"formula": (before, user.formula)})
        keep_version(actor, user, now=now)
    return [user.pk for user in users]
