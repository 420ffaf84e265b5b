"""Changes of a definition that what is stored already does not fit."""

import datetime as dt
from collections.abc import Collection, Iterator

from django.core.exceptions import ValidationError

from accounts.models import Organization
from kpis.actions.influencing import moved_by, moving
from kpis.actions.refusing import Errors, raise_all
from kpis.calendars import calendar_of
from kpis.engine.definitions import Direction
from kpis.engine.periods import Frequency
from kpis.engine.targets import target_refusals
from kpis.engine.units import Unit
from kpis.followers import misfits_of_followers
from kpis.models import Kpi, Measurement, Target
from kpis.models.choices import Aggregation, Indicator, Rollup, Source
from kpis.plain import plain_target
from kpis.units import keeps_numbers, unit_words
from kpis.words import PERIOD

ABOUT_VALUES = {"unit", "frequency", "source"}
ABOUT_TARGETS = {"unit", "frequency", "direction"}


def refuse_misfits(
    before: Kpi, after: Kpi, changed: Collection[str], organization: Organization, *, now: dt.datetime
) -> None:
    """Raise a ValidationError, by field, for what would make stored values or targets mean something else.

    Allowed is what only reads the same numbers differently and can be taken back: another aggregation, a coarser
    frequency, the word beside a plain number.
    """
    errors: Errors = {}
    values = Measurement.objects.filter(kpi=before).count() if ABOUT_VALUES.intersection(changed) else 0
    targets = list(Target.objects.known().filter(kpi=before)) if ABOUT_TARGETS.intersection(changed) else []
    for field, detail, code in (
        *_about_values(before, after, values),
        *_about_targets(before, after, targets, organization),
        *(_about_influences(before, after) if "indicator" in changed else ()),
        *misfits_of_followers(before, after, changed, organization, now=now),
    ):
        errors.setdefault(field, []).append(ValidationError(detail, code=code))
    raise_all(errors)


def _about_values(before: Kpi, after: Kpi, values: int) -> Iterator[tuple[str, str, str]]:
    if not values:
        return
    held = f"“{before.name}” holds {values:,} {'value' if values == 1 else 'values'}"
    old, new = Unit.parse(before.unit), Unit.parse(after.unit)
    if not keeps_numbers(old, new):
        detail = f"{held} in {unit_words(old)}, which cannot be read as {unit_words(new)}. Make a new KPI for those."
        yield "unit", detail, "has_values"
    if Frequency(before.frequency).is_coarser_than(Frequency(after.frequency)):
        detail = f"{held}, each of a whole {_period(before)}, which cannot be told apart by {_period(after)}."
        yield "frequency", f"{detail} Make a new KPI for finer ones.", "has_values"
    if before.source == Source.MEASURED and after.source != Source.MEASURED:
        other = "roll-up" if after.source == Source.ROLLUP else "formula"
        detail = f"{held} of its own, which a {other} would hide. Remove what is there, or make a new KPI."
        yield "source", detail, "has_values"


def _about_targets(
    before: Kpi, after: Kpi, targets: Collection[Target], organization: Organization
) -> Iterator[tuple[str, str, str]]:
    if not targets:
        return
    old, new = Unit.parse(before.unit), Unit.parse(after.unit)
    if not keeps_numbers(old, new):
        detail = f"Its targets are in {unit_words(old)}, which cannot be read as {unit_words(new)}."
        yield "unit", f"{detail} Remove them first.", "has_targets"
    if before.frequency != after.frequency and _adds_up(after):
        detail = f"Its targets are amounts a {_period(before)}, not a {_period(after)}."
        yield "frequency", f"{detail} Remove them first and set new ones.", "has_targets"
        return
    yield from _no_longer_accepted(before, after, targets, organization)


def _about_influences(before: Kpi, after: Kpi) -> Iterator[tuple[str, str, str]]:
    if after.indicator == Indicator.LAGGING and (moved := moved_by(before).first()):
        detail = f"It names what it should move (“{moved.name}”), which only a leading KPI does. Remove that first."
        yield "indicator", detail, "has_influences"
    if after.indicator == Indicator.LEADING and (leading := moving(before).first()):
        detail = f"“{leading.name}” should move it, and only a lagging KPI follows another. Change that there first."
        yield "indicator", detail, "has_influences"


def _no_longer_accepted(
    before: Kpi, after: Kpi, targets: Collection[Target], organization: Organization
) -> Iterator[tuple[str, str, str]]:
    refused = target_refusals(
        [plain_target(row) for row in targets],
        direction=Direction(after.direction),
        unit=Unit.parse(after.unit),
        frequency=Frequency(after.frequency),
        calendar=calendar_of(organization),
    )
    field = next(name for name in ("direction", "frequency", "unit") if _differs(before, after, name) or name == "unit")
    for found in refused[:1]:
        yield field, f"Its targets would no longer fit: {found.detail} Remove or change them first.", "has_targets"


def _differs(before: Kpi, after: Kpi, field: str) -> bool:
    return bool(getattr(before, field) != getattr(after, field))


def _adds_up(kpi: Kpi) -> bool:
    """Whether a longer period has a larger value, so that a target of the one means nothing for the other."""
    if kpi.source == Source.ROLLUP and kpi.rollup != Rollup.SUM:
        return False
    return kpi.aggregation == Aggregation.SUM


def _period(kpi: Kpi) -> str:
    return PERIOD[Frequency(kpi.frequency)]
