"""A small organization to evaluate: KPIs and links by key, measurements by date, answers by date."""

import datetime as dt
import math
from typing import Any

from kpis.engine.definitions import Kpi, Link, Rollup, Source
from kpis.engine.evaluate import Values, evaluate
from kpis.engine.formula.parsing import parse
from kpis.engine.graph import Graph
from kpis.engine.headline import NO_CELL, headlines
from kpis.engine.judge import Judgements, judge
from kpis.engine.measurements import Measurements
from kpis.engine.periods import Calendar, Frequency
from kpis.engine.scope import Scope
from kpis.engine.scoring import Status
from kpis.engine.shapes import shapes_in

MONTHLY = Frequency.MONTHLY


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def measured(key: str, frequency: Frequency = MONTHLY, **fields: Any) -> Kpi:
    return Kpi(id=key, key=key, frequency=frequency, **fields)


def rollup(key: str, method: Rollup = Rollup.SUM, frequency: Frequency = MONTHLY, **fields: Any) -> Kpi:
    return Kpi(id=key, key=key, frequency=frequency, source=Source.ROLLUP, rollup=method, **fields)


def formula(key: str, text: str, frequency: Frequency = MONTHLY, **fields: Any) -> Kpi:
    return Kpi(id=key, key=key, frequency=frequency, source=Source.FORMULA, formula=parse(text), **fields)


def link(parent: str, child: str, **fields: Any) -> Link:
    return Link(parent=parent, child=child, **fields)


class World:
    """What the engine makes of KPIs, links and measurements on a day."""

    def __init__(
        self,
        kpis: list[Kpi],
        links: list[Link],
        series: dict[str, dict[str, float]],
        today: str = "2026-11-23",
        calendar: Calendar | None = None,
    ) -> None:
        self.graph = Graph(calendar or Calendar(), kpis, links)
        self.measurements = measurements(self.graph, series)
        self.scope = Scope.whole(self.graph, self.measurements, day(today))
        self.values: Values = evaluate(self.graph, self.scope, self.measurements)
        self.judgements: Judgements = judge(
            self.graph, self.scope, self.values, shapes_in(self.graph, self.scope, self.measurements)
        )

    def series(self, key: str, what: str = "value") -> dict[str, Any]:
        """A KPI's value (or coverage, age, problem, score ...) by the first date of its period; None: missing."""
        cells = self.values.of_row(self.graph.row_of[key])
        source = self.values if hasattr(self.values, what) else self.judgements
        if not hasattr(source, what):
            source = self.judgements.bounds
        numbers = getattr(source, what)[cells]
        return {str(date): _plain(number) for date, number in zip(self.values.date[cells], numbers, strict=True)}

    def known(self, key: str) -> dict[str, float]:
        """A KPI's values without the missing ones."""
        return {date: value for date, value in self.series(key).items() if value is not None}

    def status(self, key: str, period: str) -> str | None:
        return Status(self.series(key, "status")[period]).code

    def headline(self, key: str) -> tuple[str | None, str | None]:
        """The first dates of the current and the open period."""
        found = headlines(self.graph, self.scope, self.values)
        row = self.graph.row_of[key]
        cells = (found.current[row], found.open[row])
        current, running = (None if cell == NO_CELL else str(self.values.date[cell]) for cell in cells)
        return current, running


def measurements(graph: Graph, series: dict[str, dict[str, float]]) -> Measurements:
    return Measurements.of(graph, {key: (list(by_date), list(by_date.values())) for key, by_date in series.items()})


def _plain(number: Any) -> Any:
    plain = number.item()
    return None if isinstance(plain, float) and math.isnan(plain) else plain
