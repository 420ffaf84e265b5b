"""KPIs and their links, compiled to arrays: rows in the order of ids, inputs in the order sums run, levels upwards."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kpis.engine.cycles import CycleError, find_cycle
from kpis.engine.definitions import Aggregation, Kpi, Link, Rollup, Source
from kpis.engine.formulas import Formulas, grouped, operand_rows, programs_of
from kpis.engine.periods import FREQUENCIES, Calendar

Rows: TypeAlias = NDArray[np.intp]

NO_ROW = -1
AGGREGATIONS = tuple(Aggregation)
METHODS = tuple(Rollup)
FAR = 2**32  # an ordinal or day number beyond every date, safe to convert and to add to


@dataclass(frozen=True, slots=True)
class Inputs:
    """What roll-ups are computed from: one entry per link, by parent, then child, then validity.

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

    @classmethod
    def together(cls, several: Sequence[Inputs]) -> Inputs:
        """The entries of several, one after the other."""
        return cls(*(np.concatenate([getattr(each, name) for each in several]) for name in cls.__slots__))


@dataclass(frozen=True, slots=True)
class Level:
    """KPIs that are computed from lower levels and measured KPIs only: roll-ups by their `inputs`, and `formulas` with
    their `edges` (n, 2), formula and operand."""

    inputs: Inputs
    formulas: Sequence[Formulas]
    edges: NDArray[np.intp]


class Graph:
    """KPIs, their links and a calendar, ready to be evaluated.

    It may be the whole organization or a part of it that is closed as `incremental` describes. Links to parents that
    are not roll-ups belong to the ladder, not to the computation, unless a formula asks for the children; cycles
    through any of them are refused. Raises CycleError with the path of keys, and KeyError for a link to a KPI that is
    not among `kpis`.
    """

    def __init__(self, calendar: Calendar, kpis: Iterable[Kpi], links: Iterable[Link] = ()) -> None:
        self.calendar = calendar
        self.kpis: Sequence[Kpi] = sorted(kpis, key=_id)
        self.row_of: dict[Hashable, int] = {kpi.id: row for row, kpi in enumerate(self.kpis)}
        self.row_by_key: dict[str, int] = {kpi.key: row for row, kpi in enumerate(self.kpis)}
        self.links: Sequence[Link] = tuple(links)
        self.rank = np.array([kpi.frequency.rank for kpi in self.kpis], dtype=np.intp)
        self.aggregation = np.array([AGGREGATIONS.index(kpi.aggregation) for kpi in self.kpis], dtype=np.intp)
        self.carried = np.array([kpi.carry_forward for kpi in self.kpis], dtype=np.int64)
        self.is_measured = np.array([kpi.source is Source.MEASURED for kpi in self.kpis], dtype=bool)
        self.method = np.array([METHODS.index(kpi.rollup) if kpi.rollup else -1 for kpi in self.kpis], dtype=np.intp)
        self.is_formula = np.array([kpi.source is Source.FORMULA for kpi in self.kpis], dtype=bool)
        self.programs = programs_of(self.kpis, self.row_by_key)
        self.archived_at = self._archived_at()
        self.inputs = self._rollup_inputs()
        self._lookbacks: dict[int, NDArray[np.int64]] = {}
        self.height = self._heights()

    def __len__(self) -> int:
        return len(self.kpis)

    def has_aggregation(self, aggregation: Aggregation) -> NDArray[np.bool_]:
        """Which rows aggregate this way."""
        return np.asarray(self.aggregation == AGGREGATIONS.index(aggregation))

    @cached_property
    def levels(self) -> Sequence[Level]:
        """What is computed, level by level, upwards. Formulas without operands are on the first."""
        return [self._level(height) for height in range(1, int(self.height.max(initial=0)) + 1)]

    @cached_property
    def edges(self) -> NDArray[np.intp]:
        """(n, 2) rows: a computed KPI and what it is computed from: children, weights, operands; without repetition."""
        weighted = self.inputs.weight_by != NO_ROW
        parents = np.concatenate([self.inputs.parent, self.inputs.parent[weighted], self.formula_edges[:, 0]])
        operands = np.concatenate([self.inputs.child, self.inputs.weight_by[weighted], self.formula_edges[:, 1]])
        return np.unique(np.stack([parents, operands], axis=1), axis=0)

    @cached_property
    def formula_edges(self) -> NDArray[np.intp]:
        """(n, 2) rows: a formula and what it is computed from, which for `children_sum` is each of the children."""
        found = [(row, operand) for row in self.programs for operand in self._operands(row)]
        return np.array(sorted(set(found)), dtype=np.intp).reshape(-1, 2)

    @cached_property
    def is_computed(self) -> NDArray[np.bool_]:
        """(rows,) the roll-ups, and the formulas whose operands are all here."""
        has_operands = np.isin(np.arange(len(self)), list(self.programs))
        return np.asarray(~self.is_measured & (~self.is_formula | has_operands))

    @cached_property
    def constants(self) -> Rows:
        """The formulas without operands."""
        return np.array([row for row, program in self.programs.items() if not program.leaves], dtype=np.intp)

    @cached_property
    def _links_to(self) -> dict[int, list[Link]]:
        links: dict[int, list[Link]] = {}
        for link in self.links:
            links.setdefault(self.row_of[link.parent], []).append(link)
        return links

    def children_of(self, row: int, rank: int) -> Inputs:
        """What ladders up to any KPI, in periods of the frequency `rank`; nothing weighs them there."""
        links = self._links_to.get(row, [])
        inputs = self._compiled(links, np.full(len(links), rank, dtype=np.intp))
        return replace(inputs, weight_by=np.full(len(links), NO_ROW, dtype=np.intp))

    def lookback(self, rank: int) -> NDArray[np.int64]:
        """(rows,) how many periods of the frequency `rank` back a formula evaluated there looks at most, its operands'
        formulas included; 0 for everything else."""
        if rank not in self._lookbacks:
            frequency, back = FREQUENCIES[rank], np.zeros(len(self), dtype=np.int64)
            for row in sorted(self.programs, key=lambda row: int(self.height[row])):
                under = max((int(back[operand]) for operand in self._operands(row)), default=0)
                back[row] = under + self.programs[row].lookback(frequency)
            self._lookbacks[rank] = back
        return self._lookbacks[rank]

    def formulas_among(self, rows: Iterable[int]) -> Sequence[Formulas]:
        """The formulas of `rows`, those of one shape together."""
        return list(grouped(self.programs, rows, self.row_by_key))

    def _level(self, height: int) -> Level:
        rows = [row for row in self.programs if self.height[row] == height]
        of_level = self.height[self.formula_edges[:, 0]] == height
        inputs = self.inputs.take(self.height[self.inputs.parent] == height)
        return Level(inputs, self.formulas_among(rows), self.formula_edges[of_level])

    def _operands(self, row: int) -> Iterator[int]:
        program = self.programs[row]
        for leaf, operand in zip(program.leaves, operand_rows(program, row, self.row_by_key), strict=True):
            if leaf.kind.is_of_children:
                yield from (self.row_of[link.child] for link in self._links_to.get(operand, ()))
            else:
                yield operand

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

    def _rollup_inputs(self) -> Inputs:
        links = [link for link in self.links if self.kpis[self.row_of[link.parent]].source is Source.ROLLUP]
        ranks = np.array([self.rank[self.row_of[link.parent]] for link in links], dtype=np.intp)
        inputs = self._compiled(links, ranks)
        np.minimum(inputs.last, self.archived_at[inputs.parent], out=inputs.last)
        return inputs

    def _compiled(self, links: Sequence[Link], ranks: Rows) -> Inputs:
        """Links as inputs; `ranks` (n,) are the frequencies in whose periods each of them counts."""
        row_of = self.row_of
        parent = np.array([row_of[link.parent] for link in links], dtype=np.intp)
        child = np.array([row_of[link.child] for link in links], dtype=np.intp)
        weighing = [NO_ROW if link.weight_by is None else row_of[link.weight_by] for link in links]
        first, last = self._validity(links, ranks)
        inputs = Inputs(
            parent=parent,
            child=child,
            weight_by=np.array(weighing, dtype=np.intp),
            weight=np.array([link.weight for link in links], dtype=np.float64),
            contribution=np.array([link.contribution for link in links], dtype=np.float64),
            first=first,
            last=np.minimum(last, self._child_archived_at(ranks, child)),
        )
        return inputs.take(np.lexsort((first, child, parent)))

    def _validity(self, links: Sequence[Link], ranks: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """First and last period, of each link's frequency, whose first date lies in the link's validity."""
        first = np.full(len(links), -FAR, dtype=np.int64)
        last = np.full(len(links), FAR, dtype=np.int64)
        for at, link in enumerate(links):
            frequency = FREQUENCIES[ranks[at]]
            if link.valid_from:
                day_before = np.datetime64(link.valid_from, "D") - 1
                first[at] = self.calendar.ordinals(frequency, day_before) + 1
            if link.valid_to:
                last[at] = self.calendar.ordinal(frequency, link.valid_to)
        return first, last

    def _child_archived_at(self, ranks: Rows, child: Rows) -> NDArray[np.int64]:
        """The period, of the given frequency, in which each child was archived, FAR for those that are not."""
        periods = np.full(len(child), FAR, dtype=np.int64)
        for at in np.flatnonzero(self.archived_at[child] < FAR):
            archived_on = self.kpis[child[at]].archived_on
            if archived_on:
                periods[at] = self.calendar.ordinal(FREQUENCIES[ranks[at]], archived_on)
        return periods

    def _heights(self) -> NDArray[np.int64]:
        """0 for what is measured, or of which nothing is known here, else one more than the highest of its inputs."""
        self._refuse_cycles()
        height = np.zeros(len(self), dtype=np.int64)
        height[list(self.programs)] = 1
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
        pairs += [(self.kpis[row].id, self.kpis[operand].id) for row, operand in self.formula_edges]
        if path := find_cycle(pairs):
            raise CycleError([self.kpis[self.row_of[id]].key for id in path])


def _id(kpi: Kpi) -> Any:
    return kpi.id
