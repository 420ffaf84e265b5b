"""What another frequency or unit does to the values that are there, said before it is done."""

import datetime as dt
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.utils.safestring import SafeString

from accounts.models import Organization
from kpis import words
from kpis.actions.formulas import formulas_using
from kpis.calendars import calendar_of
from kpis.compute.drafts import DraftPoint, draft_series
from kpis.engine.periods import Frequency
from kpis.engine.units import Unit
from kpis.models import Kpi, Score, Target
from kpis.models.choices import Source
from kpis.plain import plain_kpi
from kpis.presenting.figures import Figures
from kpis.presenting.library import listed
from kpis.units import unit_noun
from kpis.usage import links_still_held

ASKED: Final = ("frequency", "unit")
ALL: Final = 100_000
EXAMPLES: Final = 3


@dataclass(frozen=True, slots=True)
class Example:
    """A period as it will read; ``before`` is how it reads now, where it is one period now."""

    period: str
    after: SafeString
    before: SafeString | None = None


class Redefinition:
    """A change of a KPI that has values, ready to be shown; ``after`` is as it would be stored."""

    def __init__(self, before: Kpi, after: Kpi, organization: Organization, today: dt.date) -> None:
        self.before, self.after, self.organization, self.today = before, after, organization, today
        self.calendar = calendar_of(organization)
        self.old, self.new = Frequency(before.frequency), Frequency(after.frequency)

    @property
    def token(self) -> str:
        """What is confirmed: another choice asks again."""
        return f"{self.after.frequency} {self.after.unit}"

    @property
    def changes_rhythm(self) -> bool:
        return self.old is not self.new

    @cached_property
    def count(self) -> int:
        """How many periods have a value now."""
        return Score.objects.filter(kpi_id=self.before.pk, value__isnull=False).count()

    @cached_property
    def points(self) -> Sequence[DraftPoint]:
        """The periods that will have a value, oldest first."""
        drafted = draft_series(self.organization, plain_kpi(self.after), periods=ALL, today=self.today)
        return [point for point in drafted if point.value is not None]

    @property
    def sentences(self) -> list[str]:
        return [*self._about_rhythm(), *self._about_unit(), *self._about_others(), self._way_back()]

    @property
    def examples(self) -> list[Example]:
        """The latest periods, newest first."""
        figures, old = Figures(self.after), Figures(self.before)
        return [
            Example(
                words.period_label(self.calendar, self.new, point.period),
                figures.html(point.value),
                None if self.changes_rhythm else old.html(point.value),
            )
            for point in self.points[-EXAMPLES:][::-1]
        ]

    def _about_rhythm(self) -> list[str]:
        if not self.changes_rhythm:
            return []
        told = [f"{_values(self.count, self.before)} become {_periods(len(self.points), self.new)}."]
        complete = [point for point in self.points if point.complete]
        if complete:
            label = words.in_sentence(words.period_label(self.calendar, self.new, complete[-1].period))
            told.append(f"{label[:1].upper()}{label[1:]} will read {Figures(self.after).text(complete[-1].value)}.")
        if Target.objects.known().filter(kpi=self.before).exists():
            told.append(f"Its targets stay, each from the {words.PERIOD[self.new]} that contains its date.")
        return told

    def _about_unit(self) -> list[str]:
        old, new = Unit.parse(self.before.unit), Unit.parse(self.after.unit)
        if old == new:
            return []
        are = "value stays" if self.count == 1 else "values stay"
        return [f"The {self.count:,} {are} as stored; what was {unit_noun(old)} reads as {unit_noun(new)}."]

    def _about_others(self) -> list[str]:
        links = links_still_held(self.today).filter(child=self.before, parent__source=Source.ROLLUP)
        above = Kpi.objects.filter(child_links__in=links).distinct().in_order()
        names = list(dict.fromkeys(kpi.name for kpi in (*above, *formulas_using(self.before))))
        if not names:
            return []
        return [f"{listed(names)} {'is' if len(names) == 1 else 'are'} computed from it and worked out anew."]

    def _way_back(self) -> str:
        if self.changes_rhythm:
            return f"Nothing is lost: what was entered stays, and can be read by the {words.PERIOD[self.old]} again."
        return "Nothing is lost: the unit can be changed back."


def redefinition_of(
    kpi: Kpi, given: Mapping[str, Any], organization: Organization, today: dt.date
) -> Redefinition | None:
    """What to show before these fields are stored; None where nothing that is there would read otherwise."""
    changed = {name: given[name] for name in ASKED if name in given and given[name] != getattr(kpi, name)}
    if not changed or not Score.objects.filter(kpi_id=kpi.pk, value__isnull=False).exists():
        return None
    after = copy(kpi)
    for name, value in given.items():
        setattr(after, name, value)
    return Redefinition(kpi, after, organization, today)


def _values(count: int, kpi: Kpi) -> str:
    adjective = kpi.get_frequency_display().lower()
    return f"The {count:,} {adjective} {'value' if count == 1 else 'values'}"


def _periods(count: int, frequency: Frequency) -> str:
    return f"{count:,} {words.PERIOD[frequency]}{'' if count == 1 else 's'}"
