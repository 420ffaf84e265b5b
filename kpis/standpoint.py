"""From where a KPI is read: as it is today, or as it was known at a past instant, definition, name and all."""

import datetime as dt
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from accounts.models import Department, Member, Organization
from kpis.calendars import calendar_of
from kpis.compute.known import Known, known_at
from kpis.engine.periods import Calendar, Frequency
from kpis.models import Kpi, Score, Standing, Target
from kpis.models.choices import Status
from kpis.tree import Forest, forest_as_known, load_place

NO_STANDING: Final = Standing(status=Status.NO_DATA, recent_values=[], recent_targets=[])
# Addresses are those of today, so that links lead somewhere.
KEPT: Final = {"key"}


class NotThereYetError(Exception):
    """The KPI was defined after the instant."""


@dataclass(frozen=True)
class Standpoint:
    """``kpi``, ``organization`` and ``today`` are those of the instant ``as_of``, which is None for now."""

    kpi: Kpi
    organization: Organization
    today: dt.date
    as_of: dt.datetime | None = None
    known: Known | None = None

    @property
    def calendar(self) -> Calendar:
        return calendar_of(self.organization)

    @property
    def frequency(self) -> Frequency:
        return Frequency(self.kpi.frequency)

    @property
    def running(self) -> int:
        """The period that runs."""
        return self.calendar.ordinal(self.frequency, self.today)

    def standing(self) -> Standing:
        """Where the KPI stands."""
        if self.known:
            return self.known.standing(self.kpi.pk)
        return Standing.objects.filter(kpi_id=self.kpi.pk).first() or NO_STANDING

    def scores(self, count: int) -> list[Score]:
        """The last so many periods, newest first."""
        if self.known:
            points = list(self.known.points(self.kpi.pk).values())
            return [Score(kpi_id=self.kpi.pk, **point) for point in reversed(points)][:count]
        return list(Score.objects.filter(kpi_id=self.kpi.pk).order_by("-period")[:count])

    def scores_of(self, period: dt.date) -> list[Score]:
        """The score of a period and the one of the period before it, as far as they are there."""
        ordinal = self.calendar.ordinal(self.frequency, period)
        dates = [self.calendar.first_date(self.frequency, ordinal - back) for back in (0, 1)]
        if self.known:
            points = self.known.points(self.kpi.pk)
            return [Score(kpi_id=self.kpi.pk, **points[date]) for date in dates if date in points]
        return list(Score.objects.filter(kpi_id=self.kpi.pk, period__in=dates).order_by("-period"))

    def targets(self) -> list[Target]:
        """Its targets in the order in which they hold."""
        rows = Target.objects.known_at(self.as_of) if self.as_of else Target.objects.known()
        return list(rows.filter(kpi_id=self.kpi.pk).select_related("set_by__user"))

    def forest(self) -> Forest:
        """The whole hierarchy; what cannot be seen from the KPI may stand at nothing."""
        if self.known and self.as_of:
            return forest_as_known(self.known, self.as_of)
        return load_place(self.organization, self.kpi.pk, on=self.today)


def today_of(kpi: Kpi, organization: Organization, now: dt.datetime) -> Standpoint:
    return Standpoint(kpi, organization, organization.today(now))


def then_of(kpi: Kpi, organization: Organization, instant: dt.datetime) -> Standpoint:
    """Raises NotThereYetError where nothing was known of the KPI."""
    known = known_at(organization, instant)
    if kpi.pk not in known.definitions:
        raise NotThereYetError(f"“{kpi.name}” was not there yet.")
    shown = _as_defined(kpi, known.definitions[kpi.pk], organization)
    return Standpoint(shown, known.organization, known.today, instant, known)


def _as_defined(kpi: Kpi, definition: Mapping[str, Any], organization: Organization) -> Kpi:
    """The KPI with the columns of a version; who or what is gone since is left out."""
    then = copy(kpi)
    then._state = copy(kpi._state)
    then._state.fields_cache = {}
    for name, value in definition.items():
        if name not in KEPT:
            setattr(then, name, _from_json(name, value))
    owners = Member.objects.of_organization(organization.pk).select_related("user")
    then.owner = owners.filter(pk=then.owner_id).first() if then.owner_id else None
    then.department = Department.objects.filter(pk=then.department_id).first() if then.department_id else None
    then.weight_by = Kpi.objects.filter(pk=then.weight_by_id).first() if then.weight_by_id else None
    return then


def _from_json(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name.endswith("_id"):
        return UUID(value)
    return dt.datetime.fromisoformat(value) if name.endswith("_at") and isinstance(value, str) else value
