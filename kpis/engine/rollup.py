"""Roll-ups: a parent's values from its children's, all parents of a level and all periods at once.

Children are added one by one in the order of their ids: first the first child of every parent, then the second. This
keeps sums sequential whatever is evaluated along with them, and each step is one gather and one addition over rows.
Steps write into buffers that are used again, because fresh memory costs more than the arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpis.engine.definitions import Rollup
from kpis.engine.values import Matrix

EXTREMES = {Rollup.MIN: np.fmin, Rollup.MAX: np.fmax}
MEANS = (Rollup.MEAN, Rollup.WEIGHTED_MEAN)


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
    without_weight: NDArray[np.bool_]


@dataclass(slots=True)
class _Totals:
    """Accumulators over parents in order of falling number of children, so that every step fills a top part, and the
    buffers a step gathers into. `weight` is None where children are not weighed."""

    value: Matrix
    weight: Matrix | None
    covered: Matrix
    missing: NDArray[np.bool_]
    gathered: Matrix
    absent: NDArray[np.bool_]

    @classmethod
    def empty(cls, method: Rollup, parents: int, columns: int) -> _Totals:
        shape = (parents, columns)
        return cls(
            value=np.full(shape, np.nan) if method in EXTREMES else np.zeros(shape),
            weight=np.zeros(shape) if method in MEANS else None,
            covered=np.zeros(shape),
            missing=np.ones(shape, dtype=bool),
            gathered=np.empty(shape),
            absent=np.empty(shape, dtype=bool),
        )

    def result(self, order: NDArray[np.intp]) -> RolledUp:
        """The results, no longer in `order`; the coverage is still the sum of the children's."""
        back = np.argsort(order)
        without_weight = np.zeros_like(self.missing)
        if self.weight is not None:
            without_weight = (self.weight == 0) & ~self.missing
            self.value /= self.weight
        np.copyto(self.value, np.nan, where=self.missing)
        return RolledUp(self.value[back], self.covered[back], without_weight[back])


def roll_up(method: Rollup, children: Children, values: Matrix, coverage: Matrix) -> RolledUp:
    """Combines the children's rows of `values` and `coverage` (both (rows, columns)) to one row for each parent.

    Missing children are left out, never zero; none present is missing. Coverage is the mean coverage of the children
    that count and are expected, 0 if there are none. A child without a weight of its own (`weigher` missing or below 0)
    counts as missing.
    """
    counts = np.bincount(children.parent, minlength=children.parents)
    starts, order = np.cumsum(counts) - counts, np.argsort(-counts, kind="stable")
    columns = values.shape[1]
    totals = _Totals.empty(method, children.parents, columns)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for at in _steps(counts[order], starts[order]):
            _add(method, totals, children, at, values, coverage)
        rolled_up = totals.result(order)
    expected = _expected(children, columns)
    np.divide(rolled_up.coverage, expected, out=rolled_up.coverage, where=expected > 0)
    return rolled_up


def _steps(counts: NDArray[np.intp], starts: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    """For k = 0, 1, ...: the k-th child of every parent that has one; parents with most children come first."""
    for k in range(int(counts.max(initial=0))):
        yield starts[: np.searchsorted(-counts, -k)] + k


def _add(
    method: Rollup, totals: _Totals, children: Children, at: NDArray[np.intp], values: Matrix, coverage: Matrix
) -> None:
    """Adds one child to each of the first len(at) parents."""
    top = slice(0, len(at))
    value, absent = totals.gathered[top], totals.absent[top]
    np.take(values, children.child[at], axis=0, out=value, mode="clip")
    np.isnan(value, out=absent)
    weight = None if totals.weight is None else _weights(children, at, values)
    if weight is not None:
        np.logical_or(absent, ~(weight >= 0), out=absent)
    is_reduced = _leave_out(children, at, absent) or weight is not None
    totals.missing[top] &= absent
    _accumulate(method, totals, value, absent, children.factor[at, None] if weight is None else weight)
    np.take(coverage, children.child[at], axis=0, out=value, mode="clip")
    if is_reduced:
        np.copyto(value, 0.0, where=absent)
    totals.covered[top] += value


def _accumulate(method: Rollup, totals: _Totals, value: Matrix, absent: NDArray[np.bool_], factor: Matrix) -> None:
    """Adds the present ones of `value` times `factor` to the totals, or takes them as new extremes."""
    top = slice(0, len(value))
    if method in EXTREMES:
        np.copyto(value, np.nan, where=absent)
        EXTREMES[method](totals.value[top], value, out=totals.value[top])
        return
    if totals.weight is not None:
        totals.weight[top] += np.where(absent, 0.0, factor)
    if (factor != 1.0).any():
        value *= factor
    np.copyto(value, 0.0, where=absent)
    totals.value[top] += value


def _weights(children: Children, at: NDArray[np.intp], values: Matrix) -> Matrix:
    """(len(at), columns or 1): the children's weights, by column where another KPI weighs them."""
    weigher, factor = children.weigher[at], children.factor[at, None]
    if (weigher < 0).all():
        return factor
    return np.where(weigher[:, None] < 0, factor, values[weigher])


def _leave_out(children: Children, at: NDArray[np.intp], absent: NDArray[np.bool_]) -> bool:
    """Marks as absent what lies outside the columns in which a child counts; says whether anything may."""
    columns = absent.shape[1]
    limited = np.flatnonzero((children.first[at] > 0) | (children.last[at] < columns - 1))
    if limited.size:
        first, last = children.first[at[limited], None], children.last[at[limited], None]
        absent[limited] |= (np.arange(columns) < first) | (np.arange(columns) > last)
    return bool(limited.size)


def _expected(children: Children, columns: int) -> Matrix:
    """(parents, columns): how many children count and are expected to have a value."""
    first = np.clip(np.maximum(children.first, children.expected), 0, columns)
    after = np.clip(children.last + 1, first, columns)
    cells = children.parent * (columns + 1)
    size = children.parents * (columns + 1)
    change = np.bincount(cells + first, minlength=size) - np.bincount(cells + after, minlength=size)
    counts = np.cumsum(change.reshape(children.parents, columns + 1), axis=1)[:, :columns]
    return counts.astype(np.float64)
