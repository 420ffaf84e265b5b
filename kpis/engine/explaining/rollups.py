"""Sums and means: each child's contribution, which is exact because they are linear in their children."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from kpis.engine.comparison import is_equal
from kpis.engine.definitions import Rollup
from kpis.engine.explaining.families import Family, Side, side
from kpis.engine.explaining.splits import REMAINDER, Comparison, Node, Reason, Share, Split, is_same, mark
from kpis.engine.values import Matrix

Vector = NDArray[np.float64]


def split_linear(comparison: Comparison, family: Family) -> Iterator[tuple[Node, Split]]:
    """The shares of the children of each sum and mean.

    Of a sum: a child's contribution times its change, absent being 0. Of a mean: w'(v - B) - w(b - B), w being the
    child's weight as a share of those present, B the parent's base value. Against the target both sides have the
    weights of now, and what the children's targets do not add up to is a share of its own.
    """
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        split = _against_target if comparison.is_against_target else _between_periods
        yield from zip(family.nodes, split(comparison, family), strict=True)


def _between_periods(comparison: Comparison, family: Family) -> Iterator[Split]:
    now, base = (side(comparison.graph, family, moment) for moment in (comparison.now, comparison.base))
    reference = _reference(family, now, base)
    value, value_is_stored = _terms(family, now, _factors(family, now), reference, family.value)
    before, base_is_stored = _terms(family, base, _factors(family, base), reference, family.base)
    shares = _shares(family, value - before, now, base)
    for each, is_stored in zip(shares, value_is_stored & base_is_stored, strict=True):
        yield Split(each) if is_stored else Split(reason=Reason.OUT_OF_DATE)


def _against_target(comparison: Comparison, family: Family) -> Iterator[Split]:
    now, target = (side(comparison.graph, family, moment) for moment in (comparison.now, comparison.base))
    nothing = np.zeros(len(family.nodes))
    counts = now.is_valid & (now.taken[family.number] > 0)
    lacking = np.asarray((counts & np.isnan(target.value)).any(axis=1))
    lacks = _added(family, lacking.astype(np.float64)) > 0
    factors = _factors(family, now)
    value, is_stored = _terms(family, now, factors, nothing, family.value)
    if family.method is Rollup.SUM:
        factors = np.where(counts, now.taken[family.number] * now.weight, 0.0)
    goal, _ = _terms(family, target, factors, nothing, family.base)
    shares = _shares(family, value - goal, now, now)
    remainder = _added(family, goal) - family.base
    for at, each in enumerate(shares):
        if lacks[at] or not is_stored[at]:
            yield Split(reason=Reason.CHILDREN_WITHOUT_TARGET if lacks[at] else Reason.OUT_OF_DATE)
        elif is_equal(remainder[at] + family.base[at], family.base[at]):
            yield Split(each)
        else:
            yield Split([*each, Share(REMAINDER, float(remainder[at]))])


def _factors(family: Family, one: Side) -> Matrix:
    """(links, periods) by what a present child's value is multiplied to add up to its parent's; 0 for absent ones."""
    factor = np.where(one.is_present, one.weight, 0.0)
    if family.method is not Rollup.SUM:
        total = np.zeros((len(family.nodes), factor.shape[1]))
        np.add.at(total, family.number, factor)
        factor = np.divide(factor, total[family.number], out=np.zeros_like(factor), where=factor > 0)
    return factor * one.taken[family.number]


def _terms(
    family: Family, one: Side, factors: Matrix, reference: Vector, stored: Vector
) -> tuple[Vector, NDArray[np.bool_]]:
    """(links,) what each link adds to its parent, and (parents,) whether that adds up to what is stored."""
    distance = np.where(np.isnan(one.value), 0.0, one.value - reference[family.number, None])
    terms = (factors * distance).sum(axis=1)
    moved = one.taken.sum(axis=1) * reference
    size = _added(family, np.abs(factors * distance).sum(axis=1)) + np.abs(moved)
    return np.asarray(terms), is_same(_added(family, terms) + moved, stored, size)


def _reference(family: Family, now: Side, base: Side) -> Vector:
    """(parents,) what children of a mean are measured against: the parent's base value.

    A finer mean that adds up over time counts its periods; where there are more of them now than then, nothing but 0
    lets the shares add up.
    """
    if family.method is Rollup.SUM:
        return np.zeros(len(family.nodes))
    taken = base.taken.sum(axis=1)
    is_alike = is_equal(now.taken.sum(axis=1), taken) & (taken > 0)
    return np.asarray(np.divide(family.base, taken, out=np.zeros(len(taken)), where=is_alike))


def _added(family: Family, terms: Vector) -> Vector:
    """(parents,) the sum over the links of each."""
    return np.bincount(family.number, weights=terms, minlength=len(family.nodes)).astype(np.float64, copy=False)


def _shares(family: Family, change: Vector, now: Side, base: Side) -> list[list[Share]]:
    """The shares of each parent; several links to one child, one after the other in time, are one share."""
    is_link = now.is_valid.any(axis=1) | base.is_valid.any(axis=1)
    links = np.flatnonzero(is_link)
    pairs = np.stack([family.number[links], family.inputs.child[links]])
    (number, child), of = np.unique(pairs, axis=1, return_inverse=True)
    added = np.bincount(of, weights=change[links], minlength=len(number))
    is_now, was_then = (_is_there(family, one, links, of, len(number)) for one in (now, base))
    shares: list[list[Share]] = [[] for _ in family.nodes]
    columns = (number.tolist(), child.tolist(), added.tolist(), is_now.tolist(), was_then.tolist())
    for parent, row, part, joined, left in zip(*columns, strict=True):
        shares[parent].append(Share(Node(row), part, mark(joined, left)))
    return shares


def _is_there(
    family: Family, one: Side, links: NDArray[np.intp], of: NDArray[np.intp], count: int
) -> NDArray[np.bool_]:
    is_counted = np.asarray((one.is_present & (one.taken[family.number] > 0)).any(axis=1))
    return np.bincount(of, weights=is_counted[links].astype(np.float64), minlength=count) > 0
