"""How far each KPI's data reaches: known without evaluating anything, so that a small change stays small.

A measured KPI reaches from its first measured period to its last. A roll-up reaches as far as its children do while
they count, a formula as far as its operands, which is interval arithmetic over the graph; a formula without operands
reaches as far as anything measured. Series are dense from there up to the open period.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpis.engine.definitions import Aggregation
from kpis.engine.graph import FAR, Graph, Rows
from kpis.engine.measurements import Extent, Measurements
from kpis.engine.periods import (
    Dates,
    Ordinals,
    as_dates,
    mixed_first_dates,
    mixed_last_dates,
    mixed_ordinals,
)

ONE_DAY = np.timedelta64(1, "D")
NEVER = np.datetime64("0001-01-01", "D")


@dataclass(frozen=True, slots=True)
class KpiReach:
    """One KPI's reach, to be stored beside its scores: the first dates of its first and last period with data beneath
    it (None: no data), and the date up to which its data goes (`through`, None: nothing complete yet)."""

    first: dt.date | None = None
    last: dt.date | None = None
    through: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """The reach of every row: `first` and `last` periods in its own frequency (FAR and -FAR: no data) and `through`.

    `through` (datetime64[D], NEVER: none) is the share-giving date of an open period: the last measured date where the
    open period holds measurements of at least two dates, else the end of the last complete period. So data as coarse
    as its period never counts as a part of it, while months do count as parts of an open quarter.
    """

    first: Ordinals
    last: Ordinals
    through: Dates

    @classmethod
    def empty(cls, rows: int) -> Reach:
        """No data anywhere."""
        return cls(np.full(rows, FAR), np.full(rows, -FAR), np.full(rows, NEVER))

    @classmethod
    def stored(cls, graph: Graph, reaches: Mapping[Hashable, KpiReach]) -> Reach:
        """From what was stored per KPI; KPIs left out have no data."""
        reach = cls.empty(len(graph))
        rows = np.array([graph.row_of[id] for id in reaches], dtype=np.intp)
        none = dt.date.min
        first, last, through = (
            as_dates([getattr(each, name) or none for each in reaches.values()]) for name in KpiReach.__slots__
        )
        known = (first != NEVER) & (last != NEVER)
        reach.first[rows[known]] = mixed_ordinals(graph.calendar, graph.rank[rows[known]], first[known])
        reach.last[rows[known]] = mixed_ordinals(graph.calendar, graph.rank[rows[known]], last[known])
        reach.through[rows] = through
        return reach

    @property
    def has_data(self) -> NDArray[np.bool_]:
        """Which rows have any data beneath them."""
        return self.first <= self.last

    def of_row(self, graph: Graph, row: int) -> KpiReach:
        """One row's reach, as it is stored."""
        if self.first[row] > self.last[row]:
            return KpiReach()
        frequency, through = graph.kpis[row].frequency, self.through[row]
        return KpiReach(
            first=graph.calendar.first_date(frequency, int(self.first[row])),
            last=graph.calendar.first_date(frequency, int(self.last[row])),
            through=None if through == NEVER else through.item(),
        )

    def copy(self) -> Reach:
        """An independent copy."""
        return Reach(self.first.copy(), self.last.copy(), self.through.copy())


def open_periods(graph: Graph, today: dt.date) -> Ordinals:
    """The period that runs on `today`, of each row's frequency."""
    return mixed_ordinals(graph.calendar, graph.rank, np.full(len(graph), np.datetime64(today, "D")))


def series_end(graph: Graph, reach: Reach, today: dt.date) -> Ordinals:
    """The last period of each row's dense series: up to the open one, no further than the one it was archived in."""
    end = np.minimum(np.maximum(reach.last, open_periods(graph, today)), graph.archived_at)
    return np.where(reach.has_data, end, -FAR)


def measured_reach(graph: Graph, measurements: Measurements, today: dt.date) -> Reach:
    """The reach of the measured rows, from all their measurements; other rows have none yet."""
    reach, dates = Reach.empty(len(graph)), measurements.date
    if not dates.size:
        return reach
    starts = np.flatnonzero(np.diff(measurements.row, prepend=-1))
    ends = np.append(starts[1:], len(measurements.row)) - 1
    before = np.where(ends > starts, dates[np.maximum(ends - 1, 0)], NEVER)
    _set_extents(graph, reach, measurements.row[starts], (dates[starts], before, dates[ends]), today)
    return reach


def with_extents(graph: Graph, reach: Reach, extents: Mapping[Hashable, Extent], today: dt.date) -> Reach:
    """`reach` with the measured KPIs of `extents` replaced, for a part of the graph of which not all is loaded."""
    updated = reach.copy()
    rows = np.array([graph.row_of[id] for id in extents], dtype=np.intp)
    updated.first[rows], updated.last[rows], updated.through[rows] = FAR, -FAR, NEVER
    known = [(row, extent) for row, extent in zip(rows, extents.values(), strict=True) if extent.earliest]
    dates = np.array(
        [(extent.earliest, extent.before_latest or NEVER.item(), extent.latest) for _, extent in known],
        dtype="datetime64[D]",
    ).reshape(-1, 3)
    _set_extents(graph, updated, np.array([row for row, _ in known], dtype=np.intp), tuple(dates.T), today)
    return updated


def _set_extents(graph: Graph, reach: Reach, rows: Rows, dates: tuple[Dates, ...], today: dt.date) -> None:
    earliest, before_latest, latest = dates
    calendar, rank = graph.calendar, graph.rank[rows]
    first, last = mixed_ordinals(calendar, rank, earliest), mixed_ordinals(calendar, rank, latest)
    last = np.minimum(last, graph.archived_at[rows])
    running = mixed_ordinals(calendar, rank, np.full(len(rows), np.datetime64(today, "D")))
    finer = (last == running) & (mixed_ordinals(calendar, rank, before_latest) == running)
    complete = np.minimum(last, running - 1)
    through = np.where(finer, latest, mixed_last_dates(calendar, rank, complete))
    known = first <= last
    reach.first[rows[known]], reach.last[rows[known]] = first[known], last[known]
    known &= finer | (complete >= first)
    reach.through[rows[known]] = through[known]


def spread(
    graph: Graph,
    reach: Reach,
    today: dt.date,
    rows: NDArray[np.bool_] | None = None,
    beyond: tuple[dt.date, dt.date] | None = None,
    given: tuple[Rows, Ordinals] | None = None,
) -> Reach:
    """`reach` with that of the computed KPIs among `rows` (a mask, default all) from what they are computed from.

    `beyond` is the first and the last date of what is measured outside the graph, where that is a part. `given` are
    rows and periods that have a value besides, whatever is beneath them.
    """
    updated, running = reach.copy(), open_periods(graph, today)
    chosen = ~graph.is_measured if rows is None else rows & ~graph.is_measured
    updated.first[chosen], updated.last[chosen], updated.through[chosen] = FAR, -FAR, NEVER
    if given:
        np.minimum.at(updated.first, *given)
        np.maximum.at(updated.last, *given)
    _spread_constants(graph, updated, chosen, beyond)
    for level in graph.levels:
        _spread_formulas(graph, updated, level.edges[chosen[level.edges[:, 0]]])
        inputs = level.inputs.take(chosen[level.inputs.parent])
        parents = inputs.parent
        first, last = lifted_span(graph, updated, inputs.child, graph.rank[parents])
        first, last = np.maximum(first, inputs.first), np.minimum(last, inputs.last)
        last = np.minimum(last, graph.archived_at[parents])
        counts = first <= last
        np.minimum.at(updated.first, parents[counts], first[counts])
        np.maximum.at(updated.last, parents[counts], last[counts])
        joined = (inputs.first <= running[parents]) & (running[parents] <= inputs.last)
        np.maximum.at(updated.through, parents[joined], updated.through[inputs.child[joined]])
    return updated


def _spread_formulas(graph: Graph, updated: Reach, edges: NDArray[np.intp]) -> None:
    """From the first to the last period in which any operand has a value."""
    formula, operand = edges.T
    first, last = lifted_span(graph, updated, operand, graph.rank[formula])
    last = np.minimum(last, graph.archived_at[formula])
    known = first <= last
    np.minimum.at(updated.first, formula[known], first[known])
    np.maximum.at(updated.last, formula[known], last[known])


def _spread_constants(
    graph: Graph, updated: Reach, chosen: NDArray[np.bool_], beyond: tuple[dt.date, dt.date] | None
) -> None:
    """Formulas without operands: over all that is measured."""
    constants = graph.constants[chosen[graph.constants]]
    span = _measured_span(graph, updated, beyond) if constants.size else None
    if span is None:
        return
    rank = graph.rank[constants]
    first = mixed_ordinals(graph.calendar, rank, np.full(len(constants), span[0]))
    last = mixed_ordinals(graph.calendar, rank, np.full(len(constants), span[1]))
    last = np.minimum(last, graph.archived_at[constants])
    known = first <= last
    updated.first[constants[known]], updated.last[constants[known]] = first[known], last[known]


def _measured_span(
    graph: Graph, reach: Reach, beyond: tuple[dt.date, dt.date] | None
) -> tuple[np.datetime64, np.datetime64] | None:
    """The first date of the first measured period and the last date of the last, of all frequencies."""
    rows = np.flatnonzero(graph.is_measured & reach.has_data)
    begins = mixed_first_dates(graph.calendar, graph.rank[rows], reach.first[rows])
    ends = mixed_last_dates(graph.calendar, graph.rank[rows], reach.last[rows])
    if beyond:
        begins = np.append(begins, np.datetime64(beyond[0], "D"))
        ends = np.append(ends, np.datetime64(beyond[1], "D"))
    return (begins.min(), ends.max()) if begins.size else None


def lifted_span(graph: Graph, reach: Reach, child: Rows, rank: Rows) -> tuple[Ordinals, Ordinals]:
    """First and last period, of the frequencies `rank` (n,), in which each of `child` (n,) has data (FAR, -FAR: none).

    The first one is where the child begins to be expected.
    """
    calendar = graph.calendar
    first, last = np.full(len(child), FAR), np.full(len(child), -FAR)
    known = np.flatnonzero(reach.first[child] <= reach.last[child])
    child, rank = child[known], rank[known]
    begins = mixed_first_dates(calendar, graph.rank[child], reach.first[child])
    closes = mixed_last_dates(calendar, graph.rank[child], reach.first[child])
    is_last = graph.has_aggregation(Aggregation.LAST)[child] & (graph.rank[child] <= rank)
    first[known] = mixed_ordinals(calendar, rank, np.where(is_last, closes, begins))
    ends = mixed_last_dates(calendar, graph.rank[child], reach.last[child])
    last[known] = mixed_ordinals(calendar, rank, ends)
    return first, last
