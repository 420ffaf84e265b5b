"""Whether a definition makes sense by itself, before anything stored is looked at."""

from collections.abc import Iterator
from math import isfinite

from django.core.exceptions import ValidationError

from accounts.models import Organization
from kpis.actions.formulas import formula_problems
from kpis.actions.refusing import Errors, raise_all
from kpis.models import Kpi
from kpis.models.choices import Aggregation, Source
from kpis.models.kpis import RESERVED_KEYS
from kpis.units import parse_unit

# References are checked here, where the sentence can say what is wrong; they come as rows, not as ids from outside.
REFERENCES = ("organization", "department", "owner", "weight_by")


def refuse_malformed(kpi: Kpi, organization: Organization, before: Kpi | None = None) -> None:
    """Raise a ValidationError with everything that is wrong, by field. ``before`` is what is stored so far, if any."""
    errors: Errors = {}
    try:
        kpi.clean_fields(exclude=[*REFERENCES, "formula", *(["rollup"] if not kpi.rollup else [])])
    except ValidationError as error:
        errors.update(error.error_dict)
    for field, detail, code in _problems(kpi, organization, before):
        errors.setdefault(field, []).append(ValidationError(detail, code=code))
    raise_all(errors)


def _problems(kpi: Kpi, organization: Organization, before: Kpi | None) -> Iterator[tuple[str, str, str]]:
    yield from _text_problems(kpi)
    yield from _key_problems(kpi)
    yield from _unit_problems(kpi)
    yield from _source_problems(kpi)
    yield from (("formula", detail, code) for code, detail in formula_problems(kpi))
    yield from _people_problems(kpi, organization, before)
    yield from _threshold_problems(kpi, organization)


def _text_problems(kpi: Kpi) -> Iterator[tuple[str, str, str]]:
    for field in ("name", "description"):
        if "\0" in getattr(kpi, field):
            yield field, "A text cannot hold the character NUL; leave it out.", "nul"


def _key_problems(kpi: Kpi) -> Iterator[tuple[str, str, str]]:
    if kpi.key in RESERVED_KEYS:
        yield "key", f"“{kpi.key}” is a word that Ladder uses itself; choose another key.", "reserved"
    other = Kpi.objects.filter(key=kpi.key).exclude(pk=kpi.pk).first()
    if other:
        yield "key", f"The key “{kpi.key}” belongs to “{other.name}”; choose another.", "taken"


def _unit_problems(kpi: Kpi) -> Iterator[tuple[str, str, str]]:
    try:
        parse_unit(kpi.unit)
    except ValueError as error:
        yield "unit", str(error), "unit"


def _source_problems(kpi: Kpi) -> Iterator[tuple[str, str, str]]:
    if kpi.rollup and kpi.source != Source.ROLLUP:
        yield "rollup", "Only a KPI that is rolled up from its children says how; leave this out.", "not_a_rollup"
    if kpi.formula and kpi.source != Source.FORMULA:
        yield "formula", "Only a KPI that is computed by a formula has one; leave this out.", "not_a_formula"
    if kpi.carry_forward and kpi.source != Source.MEASURED:
        yield "carry_forward", "Only a measured value can stay valid in the next period; use 0.", "not_measured"
    if kpi.carry_forward and kpi.aggregation != Aggregation.LAST:
        yield (
            "carry_forward",
            "Only the last value of a period can stay valid in the next; use the aggregation “last”, or 0.",
            "not_a_stock",
        )
    if kpi.weight_by_id is not None and kpi.weight_by_id == kpi.pk:
        yield "weight_by", "A KPI cannot weigh itself; name another, such as the number of visits.", "weighs_itself"


def _people_problems(kpi: Kpi, organization: Organization, before: Kpi | None) -> Iterator[tuple[str, str, str]]:
    owner, department = kpi.owner, kpi.department
    if owner and (owner.organization_id != organization.pk or owner.removed_at):
        yield "owner", f"{owner} does not belong to {organization}; choose somebody who does.", "not_a_member"
    is_new = before is None or before.department_id != kpi.department_id
    if department and department.archived_at and is_new:
        yield "department", f"The department “{department}” is archived; choose another.", "archived"


def _threshold_problems(kpi: Kpi, organization: Organization) -> Iterator[tuple[str, str, str]]:
    on_track = organization.on_track_at if kpi.on_track_at is None else kpi.on_track_at
    at_risk = organization.at_risk_at if kpi.at_risk_at is None else kpi.at_risk_at
    if not (isfinite(on_track) and isfinite(at_risk) and on_track > at_risk):
        yield (
            "on_track_at",
            f"“On track” must begin above “at risk”, but it begins at {on_track:g} and “at risk” at {at_risk:g}.",
            "thresholds",
        )
