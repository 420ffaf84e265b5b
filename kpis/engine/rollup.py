"""Roll-ups: a parent's values from its children's, all parents of a level and all periods at once.

Children are added one by one in the order of their ids: first the first child of every parent, then the second. This
keeps sums sequential whatever is evaluated along with them, and each step is one gather and one addition over rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpis.engine.definitions import Rollup
from kpis.engine.values import Matrix


@dataclass(frozen=True, slots=True)
class Children:
    """The children of `parents` roll-ups, one entry per link, by parent, then in the order of summation.

    `parent` (n,) numbers the roll-up from 0; `child` and `weigher` (-1: none) are rows of the matrices; `factor` is
    the contribution of a sum or the weight of a weighted mean; `first` and `last` are the columns, both inclusive, in
    which the child counts (first > last: never), `expected` the one from which it is expected to have a value.
    """

    parents: int
    parent: NDArray[np.intp]
    child: NDArray[np.intp]
    weigher: NDArray[np.intp]
    factor: NDArray[np.float64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    expected: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RolledUp:
    """(parents, columns): values, NaN where missing, coverage, and whether the weights of present children are all 0.

    A sum too large for a double is `inf` or NaN with coverage above 0.
    """

    values: Matrix
    coverage: Matrix
    without_weight: NDArray[np.bool_] | None


@dataclass(slots=True)
class _Totals:
    """Accumulators over the parents in order of falling number of children, so that every step fills a top part."""

    value: Matrix
    weight: Matrix | None
    covered: Matrix
    missing: NDArray[np.bool_]


def roll_up(method: Rollup, children: Children, values: Matrix, coverage: Matrix) -> RolledUp:
    """Combines the children's rows of `values` and `coverage` (both (rows, columns)) to one row for each parent.

    Missing children are left out, never zero; none present is missing. Coverage is the mean coverage of the children
    that count and are expected, 0 if there are none. A child without a weight of its own (`weigher` missing or below 0)
    counts as missing.
    """
    counts = np.bincount(children.parent, minlength=children.parents)
    order = np.argsort(-counts, kind="stable")
    totals = _empty(method, children.parents, values.shape[1])
    with np.errstate(over="ignore", invalid="ignore"):
        for at in _steps(children, counts, order):
            _add(method, totals, children, at, values, coverage)
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return _finish(method, totals, _expected(children, values.shape[1]), back)


def _steps(children: Children, counts: NDArray[np.intp], order: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    """For k = 0, 1, ...: the k-th child of every parent that has one, parents with most children first."""
    starts = (np.cumsum(counts) - counts)[order]
    falling = counts[order]
    for k in range(int(counts.max(initial=0))):
        yield starts[: np.searchsorted(-falling, -k)] + k


def _empty(method: Rollup, parents: int, columns: int) -> _Totals:
    shape = (parents, columns)
    extreme = method in (Rollup.MIN, Rollup.MAX)
    weighted = method in (Rollup.MEAN, Rollup.WEIGHTED_MEAN)
    return _Totals(
        value=np.full(shape, np.nan) if extreme else np.zeros(shape),
        weight=np.zeros(shape) if weighted else None,
        covered=np.zeros(shape),
        missing=np.ones(shape, dtype=bool),
    )


def _add(
    method: Rollup, totals: _Totals, children: Children, at: NDArray[np.intp], values: Matrix, coverage: Matrix
) -> None:
    """Adds one child to each of the first len(at) parents."""
    top = slice(0, len(at))
    value, covered = values[children.child[at]], coverage[children.child[at]]
    absent = np.isnan(value)
    weight = _weights(children, at, values) if totals.weight is not None else None
    if weight is not None:
        absent |= ~(weight >= 0)
    _leave_out(children, at, absent)
    covered[absent] = 0.0
    totals.missing[top] &= absent
    totals.covered[top] += covered
    if method is Rollup.MIN or method is Rollup.MAX:
        value[absent] = np.nan
        extreme = np.fmin if method is Rollup.MIN else np.fmax
        extreme(totals.value[top], value, out=totals.value[top])
        return
    if weight is not None and totals.weight is not None:
        totals.weight[top] += np.where(absent, 0.0, weight)
        value *= weight
    elif (children.factor[at] != 1.0).any():
        value *= children.factor[at, None]
    value[absent] = 0.0
    totals.value[top] += value


def _weights(children: Children, at: NDArray[np.intp], values: Matrix) -> Matrix:
    """(len(at), columns or 1): the children's weights, by column where another KPI weighs them."""
    weigher, factor = children.weigher[at], children.factor[at, None]
    if (weigher < 0).all():
        return factor
    return np.where(weigher[:, None] < 0, factor, values[weigher])


def _leave_out(children: Children, at: NDArray[np.intp], absent: NDArray[np.bool_]) -> None:
    """Marks as absent what lies outside the columns in which a child counts."""
    columns = absent.shape[1]
    limited = np.flatnonzero((children.first[at] > 0) | (children.last[at] < columns - 1))
    if limited.size:
        first, last = children.first[at[limited], None], children.last[at[limited], None]
        absent[limited] |= (np.arange(columns) < first) | (np.arange(columns) > last)


def _expected(children: Children, columns: int) -> Matrix:
    """(parents, columns): how many children count and are expected to have a value."""
    first = np.clip(np.maximum(children.first, children.expected), 0, columns)
    after = np.clip(children.last + 1, first, columns)
    change = np.zeros((children.parents, columns + 1))
    np.add.at(change, (children.parent, first), 1.0)
    np.add.at(change, (children.parent, after), -1.0)
    return np.cumsum(change, axis=1)[:, :columns]


def _finish(method: Rollup, totals: _Totals, expected: Matrix, back: NDArray[np.intp]) -> RolledUp:
    value, without_weight = totals.value, None
    if totals.weight is not None:
        without_weight = (totals.weight == 0) & ~totals.missing
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            value /= totals.weight
        value[without_weight] = np.nan
        without_weight = without_weight[back]
    value[totals.missing] = np.nan
    covered = totals.covered[back]
    coverage = np.divide(covered, expected, out=np.zeros_like(covered), where=expected > 0)
    return RolledUp(value[back], coverage, without_weight)
