"""Which KPI ladders up to which: weights, signs and validity, and everything that would not compute."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q

from accounts.actors import Actor
from accounts.audit import record
from accounts.errors import refusal
from kpis.actions.changing import announce, lock_definitions, refuse_archived
from kpis.actions.formulas import formulas_asking_for_children, names_itself, operands_of
from kpis.actions.permissions import may_edit, require_edit
from kpis.actions.refusing import Errors, raise_all, refuse_rows
from kpis.engine import definitions as engine
from kpis.engine.cycles import find_cycle
from kpis.engine.links import link_refusals
from kpis.engine.refusals import Refusal
from kpis.models import Kpi, KpiLink, KpiOperand
from kpis.models.choices import Rollup, Source
from kpis.plain import plain_kpi


@dataclass(frozen=True)
class LinkSpec:
    """A child's place under ``parent``, from ``valid_from`` to ``valid_to``, both inclusive, None: unbounded.

    ``weight`` counts in weighted means only, ``contribution`` -1 subtracts (a cost under a profit).
    """

    parent: Kpi
    weight: float = 1.0
    contribution: int = 1
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None

    @classmethod
    def of(cls, row: KpiLink) -> "LinkSpec":
        """A stored link, its parent fetched with it."""
        return cls(row.parent, row.weight, row.contribution, row.valid_from, row.valid_to)


def links_of(child: Kpi) -> list[KpiLink]:
    """The links of a KPI to its parents as they are known today, past and future ones among them."""
    return list(
        KpiLink.objects.known()
        .filter(child=child)
        .select_related("parent")
        .order_by(F("valid_from").asc(nulls_first=True), "parent__position", "parent__name", "id")
    )


def set_parents(actor: Actor, child: Kpi, links: Sequence[LinkSpec], *, now: dt.datetime) -> None:
    """Make ``links`` the whole list of the child's parents; rows that are not among them are kept as history.

    Refused, naming what would be right: cycles, another unit or a coarser frequency than a roll-up's, a weight that is
    not above 0, a subtraction from anything but a sum, and the same parent twice at a time. Who may not change a
    roll-up may not change what it is computed from.
    """
    require_edit(actor, child)
    lock_definitions()
    refuse_archived(child)
    stored = {LinkSpec.of(row): row for row in links_of(child)}
    wanted = dict.fromkeys(links)
    gone = [row for spec, row in stored.items() if spec not in wanted]
    added = [spec for spec in wanted if spec not in stored]
    if not gone and not added and len(wanted) == len(links):
        return
    parents = [*(row.parent for row in gone), *(spec.parent for spec in added)]
    _require_roll_ups(actor, parents)
    _refuse(child, links, added)
    KpiLink.objects.filter(pk__in=[row.pk for row in gone]).update(replaced_at=now)
    KpiLink.objects.bulk_create([_row(child, spec, now) for spec in added], ignore_conflicts=True)
    changes = {"parents": ([_words(spec) for spec in stored], [_words(spec) for spec in wanted])}
    record(actor, "kpi.parents_set", child, now=now, changes=changes)
    parent_ids = [parent.pk for parent in parents]
    announce([child.pk, *parent_ids, *formulas_asking_for_children(parent_ids)], now=now)


def add_children(
    actor: Actor,
    parent: Kpi,
    children: Sequence[Kpi],
    *,
    now: dt.datetime,
    weight: float = 1.0,
    contribution: int = 1,
    since: dt.date | None = None,
) -> None:
    """Let further KPIs ladder up to ``parent``, all or none of them, beside what each ladders up to already.

    ``since`` is the first date of the period from which on they count, None: always. Refused is what ``set_parents``
    refuses, by the name of each child.
    """
    joined = LinkSpec(parent, weight, contribution, since)
    refused: list[ValidationError] = []
    with transaction.atomic():
        for child in children:
            try:
                set_parents(actor, child, [*map(LinkSpec.of, links_of(child)), joined], now=now)
            except ValidationError as error:
                refused += _about_child(child, error)
        raise_all({"children": refused} if refused else {})


def misfit(parent: Kpi, child: Kpi) -> str:
    """Why a KPI cannot feed another one, in a sentence; empty if it can. Cycles are not looked for."""
    return next((found.detail for found in _refusals(LinkSpec(parent), parent, child)), "")


def check_links_of(kpi: Kpi) -> None:
    """Raise a ValidationError if the KPI, changed but not saved, no longer fits its links, upwards or downwards."""
    errors: Errors = {}
    for parent, child, spec in _links_with(kpi):
        for found in _refusals(spec, parent, child):
            # What a link may not do is here the fault of the KPI's own change.
            field = "rollup" if found.field == "contribution" else found.field
            errors.setdefault(field, []).append(ValidationError(found.detail, code=found.code))
    raise_all(errors)
    refuse_cycle_of(kpi)


def refuse_cycle_of(kpi: Kpi) -> None:
    """Raise a ValidationError if the KPI, as it stands in memory, would depend on itself."""
    field = "formula" if kpi.source == Source.FORMULA else "weight_by"
    _refuse_cycle(kpi, [LinkSpec.of(row) for row in links_of(kpi)], field=field)


def moved(current: Sequence[LinkSpec], wanted: Sequence[LinkSpec], since: dt.date | None) -> list[LinkSpec]:
    """The whole list of links after a move that takes effect on ``since``, the first date of a period.

    Links that hold then and are not wanted end the day before; new ones begin on ``since``; what ended before stays as
    it was. ``since`` None restates history: only what is wanted remains, as if it had always been so.
    """
    if since is None:
        return [LinkSpec(spec.parent, spec.weight, spec.contribution) for spec in wanted]
    kept = {_bare(spec) for spec in wanted}
    past = [spec for spec in current if spec.valid_to and spec.valid_to < since]
    staying = [spec for spec in current if spec not in past and _bare(spec) in kept]
    ending = [
        LinkSpec(spec.parent, spec.weight, spec.contribution, spec.valid_from, since - dt.timedelta(days=1))
        for spec in current
        if spec not in past and spec not in staying and (spec.valid_from is None or spec.valid_from < since)
    ]
    there = {_bare(spec) for spec in staying}
    joining = [
        LinkSpec(spec.parent, spec.weight, spec.contribution, since) for spec in wanted if _bare(spec) not in there
    ]
    return [*past, *ending, *staying, *joining]


def _bare(spec: LinkSpec) -> tuple[UUID, float, int]:
    return spec.parent.pk, spec.weight, spec.contribution


def _links_with(kpi: Kpi) -> Iterator[tuple[Kpi, Kpi, LinkSpec]]:
    """(parent, child, link) wherever the KPI is one of them, or weighs the child; as it is about to be saved."""
    concerned = Q(child=kpi) | Q(parent=kpi) | Q(child__weight_by=kpi)
    for row in KpiLink.objects.known().filter(concerned).select_related("parent", "child__weight_by"):
        parent, child = (kpi if other.pk == kpi.pk else other for other in (row.parent, row.child))
        if child.weight_by_id == kpi.pk:
            child.weight_by = kpi
        yield parent, child, LinkSpec.of(row)


def _require_roll_ups(actor: Actor, parents: Iterable[Kpi]) -> None:
    for parent in parents:
        if parent.source == Source.ROLLUP and not may_edit(actor, parent):
            raise PermissionDenied(
                f"“{parent.name}” is computed from what ladders up to it, so its owner or an editor decides that."
            )


def _refuse(child: Kpi, links: Sequence[LinkSpec], added: Collection[LinkSpec]) -> None:
    found = []
    for index, spec in enumerate(links):
        problems = [*_refusals(spec, spec.parent, child), *_archived(spec, added), *_repeated(spec, links[:index])]
        found += [Refusal(problem.code, problem.field, problem.detail, index) for problem in problems]
    refuse_rows("parents", found)
    _refuse_cycle(child, links, field="parents")


def _refusals(spec: LinkSpec, parent: Kpi, child: Kpi) -> list[Refusal]:
    link = engine.Link(
        parent=parent.pk,
        child=child.pk,
        weight=spec.weight,
        contribution=spec.contribution,
        valid_from=spec.valid_from,
        valid_to=spec.valid_to,
    )
    # A child weighed by another may stand under a lowest or highest as well, where nothing is weighed.
    weigher = child.weight_by if parent.rollup == Rollup.WEIGHTED_MEAN else None
    return link_refusals(link, plain_kpi(parent), plain_kpi(child), plain_kpi(weigher) if weigher else None)


def _about_child(child: Kpi, error: ValidationError) -> Iterator[ValidationError]:
    for found in error.error_dict["parents"]:
        field = (found.params or {}).get("field")
        text = f"“{child.name}”: {found.messages[0]}".replace("%", "%%")
        yield ValidationError(text, code=found.code, params={"field": field})


def _archived(spec: LinkSpec, added: Collection[LinkSpec]) -> Iterator[Refusal]:
    if spec.parent.archived_at and spec in added:
        yield Refusal("archived", "kpi", f"“{spec.parent.name}” is archived; restore it first or choose another.")


def _repeated(spec: LinkSpec, earlier: Sequence[LinkSpec]) -> Iterator[Refusal]:
    if any(spec.parent == other.parent and _overlap(spec, other) for other in earlier):
        yield Refusal(
            "overlap", "valid_from", f"“{spec.parent.name}” is a parent twice at the same time; let one end before."
        )


def _overlap(one: LinkSpec, other: LinkSpec) -> bool:
    starts = max(one.valid_from or dt.date.min, other.valid_from or dt.date.min)
    return starts <= min(one.valid_to or dt.date.max, other.valid_to or dt.date.max)


def _refuse_cycle(child: Kpi, links: Sequence[LinkSpec], field: str) -> None:
    path = _cycle(child, links)
    if path:
        keys = dict(Kpi.objects.filter(pk__in=path).values_list("pk", "key"))
        words = " -> ".join(keys.get(pk, child.key) for pk in path)
        other = "Leave one of them out" if field == "formula" else "Choose another parent"
        raise refusal(field, f"These KPIs would depend on themselves: {words}. {other}.", "cycle")


def _cycle(child: Kpi, links: Sequence[LinkSpec]) -> list[UUID] | None:
    """The cycle that ``links`` would close, from the child to itself, as ids."""
    weighed_by: dict[UUID, UUID | None] = dict(
        Kpi.objects.filter(weight_by__isnull=False).values_list("pk", "weight_by_id")
    )
    weighed_by[child.pk] = child.weight_by_id
    others = KpiLink.objects.known().exclude(child=child).values_list("parent_id", "child_id")
    pairs = [*((spec.parent.pk, child.pk) for spec in links), *others]
    edges = [*pairs, *((parent, weigher) for parent, of in pairs if (weigher := weighed_by.get(of)))]
    edges += _formula_edges(child, pairs)
    path = find_cycle(edges)
    if path and child.pk in path:
        at = path.index(child.pk)
        return [*path[at:-1], *path[:at], child.pk]
    return path


def _formula_edges(changed: Kpi, pairs: Collection[tuple[UUID, UUID]]) -> Iterator[tuple[UUID, UUID]]:
    """(formula, what it is computed from), the changed KPI's as it is about to be saved."""
    stored = KpiOperand.objects.exclude(kpi=changed).values_list("kpi_id", "operand_id", "is_parent")
    named = [*stored, *((changed.pk, operand.kpi_id, operand.is_parent) for operand in operands_of(changed))]
    for formula, operand, is_parent in named:
        if is_parent:
            yield from ((formula, child) for parent, child in pairs if parent == operand)
        elif formula != operand or (formula == changed.pk and names_itself(changed)):
            yield formula, operand


def _row(child: Kpi, spec: LinkSpec, now: dt.datetime) -> KpiLink:
    return KpiLink(
        parent=spec.parent,
        child=child,
        weight=spec.weight,
        contribution=spec.contribution,
        valid_from=spec.valid_from,
        valid_to=spec.valid_to,
        recorded_at=now,
    )


def _words(spec: LinkSpec) -> str:
    """A link in the audit log: ``net_sales``, ``profit (-1, from 2026-01-01)``."""
    notes = [
        "-1" if spec.contribution == -1 else "",
        f"weight {spec.weight:g}" if spec.weight != 1 else "",
        f"from {spec.valid_from}" if spec.valid_from else "",
        f"to {spec.valid_to}" if spec.valid_to else "",
    ]
    said = ", ".join(note for note in notes if note)
    return f"{spec.parent.key} ({said})" if said else spec.parent.key
