"""A formula being typed: what is wrong with it and where, or what it means and the values it gives."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from django.utils.safestring import SafeString

from accounts.models import Organization
from kpis import words
from kpis.calendars import calendar_of
from kpis.compute.drafts import DraftPoint
from kpis.compute.formula_preview import NEW, preview_formula
from kpis.drawing.trend import TrendPoint
from kpis.engine.formula.parsing import parse
from kpis.engine.formula.renaming import with_keys
from kpis.engine.formula.wording import in_words
from kpis.engine.periods import Frequency
from kpis.engine.units import Unit, UnitKind
from kpis.formula_checking import check_formula
from kpis.formula_reading import Mistake, Reading
from kpis.models import Kpi
from kpis.presenting.figures import Figures
from kpis.presenting.library import listed
from kpis.units import parse_unit, unit_noun, usual_decimals

PERIODS: Final = {
    Frequency.DAILY: 35,
    Frequency.WEEKLY: 26,
    Frequency.MONTHLY: 24,
    Frequency.QUARTERLY: 12,
    Frequency.YEARLY: 10,
}
LISTED: Final = 3
MISSING_OPERAND: Final = "missing_operand: "
PROBLEMS: Final = {
    "division_by_zero": "It would be divided by 0",
    "overflow": "Too large to compute",
    "domain_error": "A root or logarithm that does not exist",
}
_WORD: Final = re.compile(r"\w+|\S")


@dataclass(frozen=True, slots=True)
class Draft:
    """A formula as it stands in a form, with what the form says about its KPI; ``unit`` may be half-typed.

    ``offered`` are KPIs that the formula calls by other keys, or that will be made together with it.
    """

    text: str
    frequency: str
    unit: str = ""
    decimals: int | None = None
    kpi: Kpi | None = None
    offered: Mapping[str, Kpi] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """A mistake with the text around it: what stands before, the word that is meant, and what follows."""

    said: str
    before: str
    meant: str
    after: str


@dataclass(frozen=True, slots=True)
class Value:
    """A period of the preview."""

    period: str
    value: SafeString
    remark: str


class FormulaPanel:
    """What the form shows below a formula. Everything is read when it is first asked for."""

    def __init__(self, draft: Draft, organization: Organization, today: dt.date) -> None:
        self.draft, self.organization, self.today = draft, organization, today
        self.frequency = Frequency(draft.frequency) if draft.frequency in set(Frequency) else Frequency.MONTHLY
        self.calendar = calendar_of(organization)

    @cached_property
    def reading(self) -> Reading:
        draft = self.draft
        return check_formula(draft.text, kpi=draft.kpi, frequency=draft.frequency, offered=draft.offered)

    @property
    def is_empty(self) -> bool:
        return not self.draft.text.strip()

    @property
    def mistakes(self) -> list[Place]:
        return [_placed(mistake, self.draft.text) for mistake in self.reading.mistakes]

    @property
    def said(self) -> str:
        """The formula read aloud."""
        names = {key: kpi.name for key, kpi in self.named.items()}
        return in_words(self.reading.expression, names) if self.reading.expression else ""

    @cached_property
    def named(self) -> Mapping[str, Kpi]:
        """The KPIs it names, by the keys it calls them by."""
        offered = self.draft.offered
        called = {kpi.pk: key for key, kpi in offered.items()}
        return {called.get(kpi.pk, kpi.key): kpi for kpi in self.reading.names}

    @property
    def names(self) -> list[tuple[str, Kpi, str]]:
        """(key, KPI, its unit in words)."""
        return [(key, kpi, unit_noun(Unit.parse(kpi.unit))) for key, kpi in self.named.items()]

    @property
    def unit(self) -> str:
        """The unit of the result in words, empty where it cannot be told."""
        return unit_noun(Unit.parse(self.reading.unit)) if self.reading.unit else ""

    @property
    def warnings(self) -> list[str]:
        return [*self.reading.warnings, *self._unit_warnings()]

    def _unit_warnings(self) -> list[str]:
        """Money shown as something else, and a share shown as money, are mistakes nearly always."""
        chosen, given = _parsed(self.draft.unit), _parsed(self.reading.unit or "")
        if chosen is None or given is None or chosen == given:
            return []
        is_money = given.kind is UnitKind.CURRENCY
        if not is_money and not (given.is_fraction and chosen.kind is UnitKind.CURRENCY):
            return []
        return [f"The result is {unit_noun(given)}, and the unit chosen above is {unit_noun(chosen)}."]

    # The preview

    @property
    def to_be_made(self) -> list[str]:
        """The names of what the formula needs and is not there yet, so that nothing can be computed."""
        return [kpi.name for kpi in self.named.values() if kpi._state.adding]

    @property
    def waits_for(self) -> str:
        return listed(self.to_be_made)

    @cached_property
    def points(self) -> Sequence[DraftPoint]:
        if self.reading.mistakes or self.to_be_made:
            return []
        keys = {key: kpi.key for key, kpi in self.draft.offered.items()}
        kpi = self.draft.kpi
        return preview_formula(
            self.organization,
            parse(with_keys(self.draft.text, keys)),
            frequency=self.frequency,
            periods=PERIODS[self.frequency],
            today=self.today,
            kpi_id=kpi.pk if kpi else NEW,
            key=kpi.key if kpi else "",
        )

    @property
    def has_values(self) -> bool:
        return any(point.value is not None for point in self.points)

    @property
    def figures(self) -> Figures:
        """In the unit that is chosen, or else in that of the result."""
        unit = _parsed(self.draft.unit) or _parsed(self.reading.unit or "") or Unit(UnitKind.NUMBER)
        decimals = self.draft.decimals
        return Figures(Kpi(unit=str(unit), decimals=usual_decimals(unit) if decimals is None else decimals))

    @property
    def trend(self) -> list[TrendPoint]:
        return [
            TrendPoint(
                words.short_label(self.calendar, self.frequency, point.period), point.value, complete=point.complete
            )
            for point in self.points
        ]

    @property
    def trend_title(self) -> str:
        return f"What the formula gives for the last {len(self.points)} {words.PERIOD[self.frequency]}s"

    @property
    def values(self) -> list[Value]:
        """The latest periods, newest first."""
        return [
            Value(
                words.period_label(self.calendar, self.frequency, point.period),
                self.figures.html(point.value),
                _remark(point),
            )
            for point in self.points[-LISTED:][::-1]
        ]

    @property
    def missing(self) -> str:
        """Why there is no value at all: the reason that is given most recently."""
        return _why(self.points[-1].problem) if self.points else "None of the KPIs in it has a value yet"


def _remark(point: DraftPoint) -> str:
    if point.value is None:
        return _why(point.problem)
    return "" if point.complete else "so far"


def _why(problem: str | None) -> str:
    if problem and problem.startswith(MISSING_OPERAND):
        return f"“{problem.removeprefix(MISSING_OPERAND)}” has no value"
    return PROBLEMS.get(problem or "", "No value")


def _placed(mistake: Mistake, text: str) -> Place:
    start = (mistake.column or len(text) + 1) - 1
    word = _WORD.match(text, start) if mistake.column else None
    end = word.end() if word else start
    return Place(str(mistake), text[:start], text[start:end], text[end:])


def _parsed(unit: str) -> Unit | None:
    try:
        return parse_unit(unit)
    except ValueError:
        return None
