"""Roll-ups with their links, of one method and frequency, as they are split together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpis.engine.definitions import Aggregation, Rollup
from kpis.engine.explaining.moments import Moment
from kpis.engine.explaining.splits import Comparison, Node
from kpis.engine.graph import AGGREGATIONS, METHODS, NO_ROW, Graph, Inputs
from kpis.engine.lifting import Lifting
from kpis.engine.periods import FREQUENCIES
from kpis.engine.values import Matrix


@dataclass(frozen=True, slots=True)
class Family:
    """Parents and their links: `number` (links,) says of which of `nodes` each link is.

    `rank` is the frequency in which links and weights are looked at: the parents' own, which may be finer than that of
    the question. `value` and `base` (parents,) are what is split the difference of.
    """

    rank: int
    method: Rollup
    nodes: Sequence[Node]
    inputs: Inputs
    number: NDArray[np.intp]
    value: NDArray[np.float64]
    base: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Side:
    """A family's values in one moment, in each of the periods of its frequency that make up that of the question.

    `value` and `weight` (links, periods) are those of the children (a sum's weights are its contributions), `is_valid`
    whether the link is, `is_present` whether the child counts with a value. `taken` (parents, periods) is how much of
    the parent's value in a finer period counts in the coarser one.
    """

    value: Matrix
    weight: Matrix
    is_valid: NDArray[np.bool_]
    is_present: NDArray[np.bool_]
    taken: Matrix


def families(comparison: Comparison) -> Iterator[Family]:
    """The roll-ups that are explained."""
    graph, asked = comparison.graph, comparison.asked
    inputs = graph.inputs.take(asked.explained[graph.inputs.parent])
    if not inputs.parent.size:
        return
    kinds = np.stack([graph.rank[inputs.parent], graph.method[inputs.parent]])
    for rank, method in np.unique(kinds, axis=1).T:
        alike = inputs.take((kinds == [[rank], [method]]).all(axis=0))
        rows, number = np.unique(alike.parent, return_inverse=True)
        values = comparison.now.values(rows), comparison.base.values(rows)
        yield Family(int(rank), METHODS[method], [Node(int(row)) for row in rows], alike, number, *values)


def side(graph: Graph, family: Family, moment: Moment) -> Side:
    """The family in one moment."""
    rank, inputs = family.rank, family.inputs
    periods = moment.wanted.fine(graph, rank)
    ordinals = np.arange(periods.start, periods.stop)
    value = moment.fine_values(rank, inputs.child, periods)
    weight = _weights(moment, family, periods)
    is_valid = (inputs.first[:, None] <= ordinals) & (ordinals <= inputs.last[:, None])
    is_present = is_valid & ~np.isnan(value)
    if family.method in (Rollup.MEAN, Rollup.WEIGHTED_MEAN):
        is_present &= weight >= 0
    return Side(value, weight, is_valid, is_present, _taken(graph, family, moment, periods))


def _weights(moment: Moment, family: Family, periods: range) -> Matrix:
    inputs, shape = family.inputs, (len(family.inputs.parent), len(periods))
    if family.method is not Rollup.WEIGHTED_MEAN:
        each = inputs.contribution if family.method is Rollup.SUM else np.ones(shape[0])
        return np.broadcast_to(each[:, None], shape)
    weight = np.broadcast_to(inputs.weight[:, None], shape).copy()
    weighed = np.flatnonzero(inputs.weight_by != NO_ROW)
    weight[weighed] = moment.fine_values(family.rank, inputs.weight_by[weighed], periods)
    return weight


def _taken(graph: Graph, family: Family, moment: Moment, periods: range) -> Matrix:
    if family.rank == moment.wanted.asked.rank:
        return np.ones((len(family.nodes), len(periods)))
    rows = np.array([node.row for node in family.nodes], dtype=np.intp)
    lifting = lifting_of(graph, family, moment, periods)
    values = moment.fine_values(family.rank, rows, periods)
    taken = np.zeros_like(values)
    for at, row in enumerate(rows):
        taken[at] = _shares(values[at], AGGREGATIONS[graph.aggregation[row]], lifting)
    return taken


def lifting_of(graph: Graph, family: Family, moment: Moment, periods: range) -> Lifting:
    """How the family's own periods make up the one of the question; one entry for each of `periods`."""
    wanted = moment.wanted
    frequencies = FREQUENCIES[family.rank], FREQUENCIES[wanted.asked.rank]
    return Lifting.between(graph.calendar, *frequencies, periods, range(wanted.period, wanted.period + 1))


def _shares(values: NDArray[np.float64], aggregation: Aggregation, lifting: Lifting) -> NDArray[np.float64]:
    """(periods,) the factors by which finer values add up to the lifted one."""
    known = ~np.isnan(values)
    if aggregation in (Aggregation.SUM, Aggregation.MEAN):
        shares = np.where(known, lifting.share, 0.0)
        total = shares.sum()
        return shares / total if aggregation is Aggregation.MEAN and total > 0 else shares
    if aggregation is Aggregation.LAST:
        known = known & lifting.ends_inside
    chosen = np.zeros(len(values))
    if known.any():
        at = np.flatnonzero(known)
        lowest, highest = int(values[at].argmin()), int(values[at].argmax())
        place = {Aggregation.LAST: -1, Aggregation.MIN: lowest, Aggregation.MAX: highest}
        chosen[at[place[aggregation]]] = 1.0
    return chosen
