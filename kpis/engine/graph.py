"""KPIs and their links, compiled to arrays: rows in the order of ids, inputs in the order sums run, levels upwards."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kpis.engine.cycles import CycleError, find_cycle
from kpis.engine.definitions import Aggregation, Kpi, Link, Rollup, Source
from kpis.engine.periods import FREQUENCIES, Calendar

Rows: TypeAlias = NDArray[np.intp]

NO_ROW = -1
AGGREGATIONS = tuple(Aggregation)
METHODS = tuple(Rollup)
FAR = 2**32  # an ordinal or day number beyond every date, safe to convert and to add to


@dataclass(frozen=True, slots=True)
class Inputs:
    """What roll-ups are computed from: one entry per link to a roll-up, by parent, then child, then validity.

    `parent`, `child` and `weight_by` (NO_ROW: none) are rows; `first` and `last` the parent's periods, both inclusive,
    in which the child counts: while the link is valid at the period's start, up to the one in which it or the parent is
    archived.
    """

    parent: Rows
    child: Rows
    weight_by: Rows
    weight: NDArray[np.float64]
    contribution: NDArray[np.float64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]

    def take(self, which: NDArray[np.intp] | NDArray[np.bool_]) -> Inputs:
        """The entries selected by an index or a mask, in that order."""
        return Inputs(*(getattr(self, name)[which] for name in self.__slots__))


class Graph:
    """KPIs, their links and a calendar, ready to be evaluated.

    It may be the whole organization or a part of it that is closed as `incremental` describes. Links to parents that
    are not roll-ups belong to the ladder, not to the computation, and are only checked for cycles. Raises CycleError
    with the path of keys, and KeyError for a link to a KPI that is not among `kpis`.
    """

    def __init__(self, calendar: Calendar, kpis: Iterable[Kpi], links: Iterable[Link] = ()) -> None:
        self.calendar = calendar
        self.kpis: Sequence[Kpi] = sorted(kpis, key=_id)
        self.row_of: dict[Hashable, int] = {kpi.id: row for row, kpi in enumerate(self.kpis)}
        self.links: Sequence[Link] = tuple(links)
        self.rank = np.array([kpi.frequency.rank for kpi in self.kpis], dtype=np.intp)
        self.aggregation = np.array([AGGREGATIONS.index(kpi.aggregation) for kpi in self.kpis], dtype=np.intp)
        self.carried = np.array([kpi.carry_forward for kpi in self.kpis], dtype=np.int64)
        self.is_measured = np.array([kpi.source is Source.MEASURED for kpi in self.kpis], dtype=bool)
        self.method = np.array([METHODS.index(kpi.rollup) if kpi.rollup else -1 for kpi in self.kpis], dtype=np.intp)
        self.archived_at = self._archived_at()
        self.inputs = self._compile_inputs()
        self.height = self._heights()

    def __len__(self) -> int:
        return len(self.kpis)

    def has_aggregation(self, aggregation: Aggregation) -> NDArray[np.bool_]:
        """Which rows aggregate this way."""
        return np.asarray(self.aggregation == AGGREGATIONS.index(aggregation))

    @cached_property
    def levels(self) -> Sequence[Inputs]:
        """The inputs level by level: those of a level's parents depend on lower levels and measured KPIs only."""
        height = self.height[self.inputs.parent]
        return [self.inputs.take(height == level) for level in range(1, int(self.height.max(initial=0)) + 1)]

    @cached_property
    def edges(self) -> NDArray[np.intp]:
        """(n, 2) rows: parent and what it is computed from, children and weights alike, without repetition."""
        weighted = self.inputs.weight_by != NO_ROW
        parents = np.concatenate([self.inputs.parent, self.inputs.parent[weighted]])
        operands = np.concatenate([self.inputs.child, self.inputs.weight_by[weighted]])
        return np.unique(np.stack([parents, operands], axis=1), axis=0)

    def ancestors(self, rows: Rows) -> Rows:
        """The rows computed from any of `rows`, directly or not, ascending; without `rows` themselves."""
        return self._reached(rows, along=self.edges[:, ::-1])

    def descendants(self, rows: Rows) -> Rows:
        """The rows any of `rows` is computed from, directly or not, ascending; without `rows` themselves."""
        return self._reached(rows, along=self.edges)

    def _reached(self, rows: Rows, along: NDArray[np.intp]) -> Rows:
        reached = np.zeros(len(self), dtype=bool)
        frontier = np.zeros(len(self), dtype=bool)
        frontier[rows] = True
        while frontier.any():
            following = np.zeros(len(self), dtype=bool)
            following[along[frontier[along[:, 0]], 1]] = True
            frontier = following & ~reached
            reached |= frontier
        return np.flatnonzero(reached)

    def _archived_at(self) -> NDArray[np.int64]:
        periods = np.full(len(self), FAR, dtype=np.int64)
        for row, kpi in enumerate(self.kpis):
            if kpi.archived_on:
                periods[row] = self.calendar.ordinal(kpi.frequency, kpi.archived_on)
        return periods

    def _compile_inputs(self) -> Inputs:
        row_of, kpis = self.row_of, self.kpis
        links = [link for link in self.links if kpis[row_of[link.parent]].source is Source.ROLLUP]
        parent = np.array([row_of[link.parent] for link in links], dtype=np.intp)
        child = np.array([row_of[link.child] for link in links], dtype=np.intp)
        weighing = [NO_ROW if link.weight_by is None else row_of[link.weight_by] for link in links]
        first, last = self._validity(links, parent)
        inputs = Inputs(
            parent=parent,
            child=child,
            weight_by=np.array(weighing, dtype=np.intp),
            weight=np.array([link.weight for link in links], dtype=np.float64),
            contribution=np.array([link.contribution for link in links], dtype=np.float64),
            first=first,
            last=np.minimum(np.minimum(last, self._child_archived_at(parent, child)), self.archived_at[parent]),
        )
        return inputs.take(np.lexsort((first, child, parent)))

    def _validity(self, links: list[Link], parent: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """First and last period of each link's parent whose first date lies in the link's validity."""
        first = np.full(len(links), -FAR, dtype=np.int64)
        last = np.full(len(links), FAR, dtype=np.int64)
        for at, link in enumerate(links):
            frequency = FREQUENCIES[self.rank[parent[at]]]
            if link.valid_from:
                day_before = np.datetime64(link.valid_from, "D") - 1
                first[at] = self.calendar.ordinals(frequency, day_before) + 1
            if link.valid_to:
                last[at] = self.calendar.ordinal(frequency, link.valid_to)
        return first, last

    def _child_archived_at(self, parent: Rows, child: Rows) -> NDArray[np.int64]:
        """The parent's period in which the child was archived, FAR for those that are not."""
        periods = np.full(len(parent), FAR, dtype=np.int64)
        for at in np.flatnonzero(self.archived_at[child] < FAR):
            archived_on = self.kpis[child[at]].archived_on
            if archived_on:
                periods[at] = self.calendar.ordinal(FREQUENCIES[self.rank[parent[at]]], archived_on)
        return periods

    def _heights(self) -> NDArray[np.int64]:
        """0 for KPIs without inputs, else one more than the highest of a KPI's inputs."""
        self._refuse_cycles()
        height = np.zeros(len(self), dtype=np.int64)
        parents, operands = self.edges.T
        while True:
            higher = height.copy()
            np.maximum.at(higher, parents, height[operands] + 1)
            if np.array_equal(higher, height):
                return height
            height = higher

    def _refuse_cycles(self) -> None:
        pairs = [(link.parent, link.child) for link in self.links]
        pairs += [(link.parent, link.weight_by) for link in self.links if link.weight_by is not None]
        if path := find_cycle(pairs):
            raise CycleError([self.kpis[self.row_of[id]].key for id in path])


def _id(kpi: Kpi) -> Any:
    return kpi.id
