"""Why a KPI moved: its change as what each part contributed, drawn, listed and said in a sentence."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe

from kpis import words
from kpis.drawing import numbers
from kpis.drawing.waterfall import Bar, waterfall, waterfall_height
from kpis.engine.explaining.explanation import Explanation, Part
from kpis.engine.explaining.splits import Mark, Of, Reason
from kpis.explained import explained
from kpis.models import Kpi
from kpis.presenting.asked import TARGET, Asked
from kpis.presenting.figures import CHANGE_CLASSES, Figures
from kpis.standpoint import Standpoint

# A page unfolds so many levels, fewer where they were more parts than anybody reads; each part's own page goes on.
DEPTH: Final = 3
MOST_PARTS: Final = 200
MOST_BARS: Final = 8
MOST_NAMED: Final = 3
TOGETHER: Final = "\u2060"  # keeps a sign and its number on one line
WIDE: Final = 760
NARROW: Final = 350
MARKS: Final = {Mark.JOINED: "new here", Mark.LEFT: "no longer here"}
REASONS: Final = {
    Reason.VALUE_MISSING: "There is no value in this period, so nothing can be compared.",
    Reason.BASE_VALUE_MISSING: "There is no value in the period it is compared with.",
    Reason.NO_TARGET: "There is no target in this period to compare with.",
    Reason.OVERFLOW: "The numbers are too large to compare.",
    Reason.TOO_MANY_OPERANDS: "Its formula takes more than eight KPIs; their shares cannot be told apart.",
    Reason.MIXED_COMBINATION_MISSING: "Its formula has no result where only some of its KPIs had changed, so their "
    "shares cannot be told.",
    Reason.CHILDREN_WITHOUT_TARGET: "What feeds it has no targets, so the distance cannot be split.",
    Reason.NOT_SPLIT_AGAINST_TARGET: "The distance of a formula or an extreme from its target cannot be split.",
    Reason.COARSER_OPERAND: "It is measured more rarely than this period, so nothing beneath it is shown.",
    Reason.OUT_OF_DATE: "Its values are being computed anew; look again in a moment.",
}


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part in the list: its change in the unit of what it is a part of, and its own where that says more."""

    name: str
    address: str
    change: str
    css: str
    note: str
    parts: Sequence["PartRow"]
    # By which an unfolded one is found again.
    anchor: str


class Why:
    """The change of one KPI to a period, from the one that was asked for: the one before it, unless said."""

    def __init__(
        self,
        standpoint: Standpoint,
        period: dt.date,
        asked: Asked,
        *,
        key_of: Callable[[UUID, str], str],
    ) -> None:
        """``key_of`` tells by which key a KPI is found today. Raises NotThereYetError."""
        self.standpoint, self.period, self.asked, self.key_of = standpoint, period, asked, key_of
        self.kpi, self.figures = standpoint.kpi, Figures(standpoint.kpi)
        self.found = explained(standpoint, period, self.base, depth=DEPTH, most=MOST_PARTS)

    @property
    def is_against_target(self) -> bool:
        return self.asked.base == TARGET

    @cached_property
    def base(self) -> dt.date | None:
        """The period it is compared with; None for the target."""
        calendar, frequency = self.standpoint.calendar, self.standpoint.frequency
        if isinstance(self.asked.base, dt.date):
            return calendar.first_date(frequency, calendar.ordinal(frequency, self.asked.base))
        return None if self.is_against_target else calendar.first_date(frequency, self._ordinal - 1)

    @property
    def _ordinal(self) -> int:
        return self.standpoint.calendar.ordinal(self.standpoint.frequency, self.period)

    @property
    def explanation(self) -> Explanation:
        return self.found.explanation

    @property
    def period_label(self) -> str:
        return self._label(self.period)

    @property
    def base_label(self) -> str:
        return self._label(self.base) if self.base else "Target"

    @property
    def sentence(self) -> str:
        """ "Net sales rose by € 9.8 k from September 2026: Produce +€ 7.1 k, Bakery +€ 2.7 k." """
        change = self.explanation.change
        if change is None:
            return ""
        against = f"{'its target' if not self.base else words.in_sentence(self._label(self.base))}"
        size = self._size(abs(change))
        if self.is_against_target:
            head = f"{self.kpi.name} is {size} {'above' if change > 0 else 'below'} {against}"
        else:
            head = f"{self.kpi.name} {'rose' if change > 0 else 'fell'} by {size} from {against}"
        if not change:
            head = f"{self.kpi.name} is as in {against}" if self.base else f"{self.kpi.name} is on target"
        return f"{head}{self._named()}.".replace(numbers.MINUS, f"{numbers.MINUS}{TOGETHER}")

    def _named(self) -> str:
        parts = self.explanation.parts
        shown, rest = (parts, ()) if len(parts) <= MOST_NAMED + 1 else (parts[:MOST_NAMED], parts[MOST_NAMED:])
        said = [f"{self._name(part)} {self._signed(part.change)}" for part in shown]
        if rest:
            said.append(f"{len(rest)} others {self._signed(_sum(rest))}")
        return f": {', '.join(said)}" if said else ""

    @property
    def problem(self) -> str:
        """Why there is no change, or no parts."""
        reason = self.explanation.problem
        return REASONS[reason] if reason else ""

    @property
    def svg(self) -> SafeString:
        """The waterfall for wide and for narrow screens; empty where there are no parts."""
        if not self.explanation.parts:
            return mark_safe("")
        drawn = self.drawn(WIDE, "waterfall-wide") + self.drawn(NARROW, "waterfall-narrow")
        return mark_safe(drawn)  # noqa: S308 - the drawing escapes every text

    def drawn(self, width: int, kind: str = "") -> str:
        found = self.explanation
        return waterfall(
            (self._short_label(self.base) if self.base else "Target", found.base_value or 0.0),
            self._bars(),
            (self._short_label(self.period), found.value or 0.0),
            format_value=self.figures.short,
            format_change=self._signed,
            label=self.sentence,
            width=width,
            kind=kind,
        )

    @property
    def height(self) -> int:
        """Of the picture, in pixels."""
        return waterfall_height(len(self._bars()))

    def _bars(self) -> list[Bar]:
        parts = self.explanation.parts
        shown, rest = (parts, ()) if len(parts) <= MOST_BARS else (parts[: MOST_BARS - 1], parts[MOST_BARS - 1 :])
        bars = [Bar(self._name(part), part.change, self._is_good(part.change), self._mark(part)) for part in shown]
        if rest:
            bars.append(Bar(f"{len(rest)} others", _sum(rest), self._is_good(_sum(rest))))
        return bars

    @cached_property
    def rows(self) -> list[PartRow]:
        """The parts with their own parts beneath them, for the table behind the picture."""
        return self._rows(self.explanation.parts, self.kpi, "part")

    def _rows(self, parts: Sequence[Part], above: Kpi, anchor: str) -> list[PartRow]:
        return [self._row(part, above, f"{anchor}-{number}") for number, part in enumerate(parts, start=1)]

    def _row(self, part: Part, above: Kpi, anchor: str) -> PartRow:
        own = self._defined(part)
        return PartRow(
            name=self._name(part),
            address=self._address(part),
            change=_signed(part.change, above),
            css=CHANGE_CLASSES[numbers.is_improvement(part.change, 0.0, above.direction)],
            note=self._note(part, own),
            parts=self._rows(part.parts, own, anchor),
            anchor=anchor,
        )

    def table(self) -> Iterator[dict[str, str | float | None]]:
        """The parts as rows of numbers, those beneath a part after it and a level deeper."""
        waiting = [(1, part) for part in reversed(self.explanation.parts)]
        while waiting:
            level, part = waiting.pop()
            yield {
                "level": level,
                "part": self._name(part),
                "base_value": part.base_value,
                "value": part.value,
                "change": part.change,
                "own_change": part.own_change,
                "share": part.share,
                "mark": part.mark.value if part.mark else "",
            }
            waiting += [(level + 1, below) for below in reversed(part.parts)]

    def _note(self, part: Part, own: Kpi) -> str:
        """From what to what it went itself, and whether it joined or left."""
        ends = ""
        if part.of is Of.VALUE and part.value is not None and part.base_value is not None:
            figures = Figures(own)
            ends = f"{figures.short(part.base_value)} → {figures.short(part.value)}"
        return ", ".join(said for said in (ends, self._mark(part)) if said)

    def _mark(self, part: Part) -> str:
        return MARKS[part.mark] if part.mark else ""

    def _name(self, part: Part) -> str:
        if part.of is Of.REMAINDER or not isinstance(part.kpi, UUID):
            return "Not set out below"
        name = str(self.found.definitions[part.kpi]["name"])
        return name if part.of is Of.VALUE else f"What feeds {name}"

    def _address(self, part: Part) -> str:
        """The page of the part, where it is the one explained, between the same periods."""
        if not isinstance(part.kpi, UUID):
            return ""
        organization = self.standpoint.organization
        key = self.key_of(part.kpi, str(self.found.definitions[part.kpi]["key"]))
        base = TARGET if self.is_against_target else self.base
        asked = Asked(self.period, self.asked.as_of, self.asked.as_of_text, base, self.asked.show)
        return f"{Kpi(key=key).url_in(organization)}{asked.query}#why"

    def _defined(self, part: Part) -> Kpi:
        """As much of the part's KPI as numbers are written by."""
        if not isinstance(part.kpi, UUID):
            return self.kpi
        definition = self.found.definitions[part.kpi]
        return Kpi(**{name: definition[name] for name in ("unit", "decimals", "direction")})

    def _is_good(self, change: float) -> bool | None:
        return numbers.is_improvement(change, 0.0, self.kpi.direction)

    def _signed(self, change: float) -> str:
        return _signed(change, self.kpi)

    def _size(self, change: float) -> str:
        return _signed(change, self.kpi).lstrip("+")

    def _label(self, date: dt.date) -> str:
        return words.period_label(self.standpoint.calendar, self.standpoint.frequency, date)

    def _short_label(self, date: dt.date) -> str:
        return words.short_label(self.standpoint.calendar, self.standpoint.frequency, date)


def _sum(parts: Iterable[Part]) -> float:
    return sum(part.change for part in parts)


def _signed(change: float, kpi: Kpi) -> str:
    """Shares change by points, everything else in its unit."""
    if kpi.unit == "percent":
        return numbers.show_change(change, 0.0, kpi.unit, kpi.decimals)
    return str(numbers.show(change, kpi.unit, kpi.decimals, short=True, signed=True))
