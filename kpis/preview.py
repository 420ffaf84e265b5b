"""What a paste would store, before it is stored: which series goes to which KPI, every cell as it was understood."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from accounts.actors import Actor
from accounts.models import Organization
from kpis.actions.pasting import NewKpi, Pasted
from kpis.actions.permissions import may_define, may_feed
from kpis.drawing.numbers import show
from kpis.engine.units import Unit
from kpis.models import Kpi
from kpis.paste import Cell, Line, Reading, Series, in_unit, likely_frequency, likely_unit, match
from kpis.units import unit_words

LEAVE_OUT = "skip"
ROWS_SHOWN = 40
PROBLEMS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell of the preview: the number as it will be read, or the text that was not understood with the reason."""

    text: str
    problem: str = ""


@dataclass(frozen=True)
class Column:
    """One series with the KPI it goes to: ``choice`` is one of the values of ``options``."""

    index: int
    name: str
    series: Series
    choice: str
    options: Sequence[tuple[str, str]]
    kpi: Kpi | NewKpi | None
    error: str = ""

    @property
    def is_left_out(self) -> bool:
        return self.kpi is None

    @property
    def is_new(self) -> bool:
        return isinstance(self.kpi, NewKpi)

    def shown(self, cell: Cell, *, is_read: bool) -> Shown:
        if not is_read:
            return Shown(cell.text)
        if cell.problem:
            return Shown(cell.text, cell.problem)
        if cell.value is None:
            return Shown("")
        if self.kpi is None:
            return Shown(cell.text)
        decimals = self.kpi.decimals if isinstance(self.kpi, Kpi) else None
        return Shown(str(show(cell.value, self.kpi.unit, _places(cell.value, self.kpi.unit, decimals))))


def _places(value: float, unit: str, usual: int | None) -> int:
    """Decimals enough to tell what was read: a KPI may round for display, a preview of what is stored must not."""
    written = format(Decimal(repr(value)) * (100 if unit == "percent" else 1), "f").rstrip("0")
    after = min(len(written.partition(".")[2]), 6)
    if after == 1 and unit.startswith("currency:"):
        after = 2
    return max(after, usual or 0)


class Preview:
    """A reading with the choices made so far; ``chosen`` maps a column's position to one of its options."""

    def __init__(
        self, reading: Reading, *, actor: Actor, organization: Organization, chosen: Mapping[int, str] | None = None
    ) -> None:
        self.reading, self.actor, self.organization = reading, actor, organization
        self.chosen = chosen or {}

    @cached_property
    def kpis(self) -> dict[UUID, Kpi]:
        return {kpi.pk: kpi for kpi in Kpi.objects.active().in_order()}

    @cached_property
    def matched(self) -> dict[int, Kpi]:
        names = [series.name for series in self.reading.series]
        found = match(names, {kpi.pk: (kpi.name, kpi.key) for kpi in self.kpis.values()})
        return {index: self.kpis[pk] for index, pk in found.items()}

    @cached_property
    def columns(self) -> list[Column]:
        columns = [self._column(index, series) for index, series in enumerate(self.reading.series)]
        return [self._judged(column, columns) for column in columns]

    @property
    def rows(self) -> list[tuple[Line, list[Shown]]]:
        """The table as it is shown, one row for each date."""
        lines = list(enumerate(self.reading.lines))[:ROWS_SHOWN]
        return [
            (line, [column.shown(column.series.cells[at], is_read=line.date is not None) for column in self.columns])
            for at, line in lines
        ]

    @property
    def is_by_month(self) -> bool:
        """Whether the dates stand for months, so that naming the day would only distract."""
        return all(date.day == 1 for date in self.reading.dates)

    @property
    def rows_hidden(self) -> int:
        return max(len(self.reading.lines) - ROWS_SHOWN, 0)

    @cached_property
    def problems(self) -> list[str]:
        """Every cell and line that is left out because it was not understood."""
        return list(self._problems())

    @property
    def notes(self) -> list[str]:
        computed = [
            f"“{kpi.name}” is computed from the KPIs that feed it, so its numbers are left out."
            for index, kpi in self.matched.items()
            if not kpi.is_measured and self.columns[index].is_left_out
        ]
        return [*self.reading.notes, *computed]

    @property
    def count(self) -> int:
        """How many values would be stored."""
        return sum(column.series.count for column in self.columns if not column.is_left_out)

    @property
    def is_ready(self) -> bool:
        """Whether it can be stored as it stands."""
        return bool(self.count) and not self.reading.asks_order and not any(column.error for column in self.columns)

    @property
    def pasted(self) -> list[Pasted]:
        return [
            Pasted(column.kpi, self._values(column)) for column in self.columns if column.kpi and column.series.count
        ]

    def _values(self, column: Column) -> dict[dt.date, float]:
        cells = zip(self.reading.lines, column.series.cells, strict=True)
        return {line.date: cell.value for line, cell in cells if line.date and cell.value is not None}

    def _column(self, index: int, series: Series) -> Column:
        options = list(self._options(series))
        choice = self.chosen.get(index, "")
        if choice not in {value for value, _ in options}:
            choice = self._likely(index, series, options)
        kpi = self._kpi(choice, series)
        read = in_unit(series, Unit.parse(kpi.unit)) if kpi else series
        return Column(index, series.name, read, choice, options, kpi)

    def _options(self, series: Series) -> Iterator[tuple[str, str]]:
        yield LEAVE_OUT, "Leave out"
        for kpi in self.kpis.values():
            if kpi.is_measured and may_feed(self.actor, kpi):
                yield f"kpi:{kpi.key}", kpi.name
        if may_define(self.actor):
            units = dict.fromkeys(
                [likely_unit(series, self.organization.currency), f"currency:{self.organization.currency}", "number"]
            )
            for unit in [*units, *(["percent"] if "percent" not in units else [])]:
                yield f"new:{unit}", f"New KPI, in {unit_words(Unit.parse(unit))}"

    def _likely(self, index: int, series: Series, options: Sequence[tuple[str, str]]) -> str:
        """The KPI of the same name, else a new one; what is computed, or not the actor's, is left out."""
        known = self.matched.get(index)
        values = [value for value, _ in options]
        wanted = f"kpi:{known.key}" if known else f"new:{likely_unit(series, self.organization.currency)}"
        return wanted if wanted in values else LEAVE_OUT

    def _kpi(self, choice: str, series: Series) -> Kpi | NewKpi | None:
        kind, _, rest = choice.partition(":")
        if kind == "kpi":
            return next(kpi for kpi in self.kpis.values() if kpi.key == rest)
        if kind == "new":
            return NewKpi(series.name, rest, likely_frequency(self.reading.dates))
        return None

    def _judged(self, column: Column, columns: Sequence[Column]) -> Column:
        """A KPI takes one series."""
        if not isinstance(column.kpi, Kpi):
            return column
        others = [other for other in columns if other.kpi == column.kpi and other.index < column.index]
        if not others:
            return column
        error = f"“{others[0].name}” goes to {column.kpi.name} already; leave one of them out."
        return Column(column.index, column.name, column.series, column.choice, column.options, column.kpi, error)

    def _problems(self) -> Iterator[str]:
        for line in self.reading.lines:
            if line.problem:
                yield f"{line.problem}."
        for column in self.columns:
            if not column.is_left_out:
                for line, cell in zip(self.reading.lines, column.series.cells, strict=True):
                    if cell.problem:
                        yield f"{column.name}, {line.text}: {cell.problem}, so it is left out."
