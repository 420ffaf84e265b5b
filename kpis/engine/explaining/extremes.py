"""The smallest or greatest child: what each of them contributes by the Shapley value, all combinations being tried."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpis.engine.definitions import Aggregation, Rollup
from kpis.engine.explaining.families import Family, Side, lifting_of, side
from kpis.engine.explaining.moments import Moment
from kpis.engine.explaining.shapley import MOST_PLAYERS, coalitions, shapley
from kpis.engine.explaining.splits import Comparison, Node, Reason, Share, Split, is_same, mark
from kpis.engine.graph import AGGREGATIONS
from kpis.engine.rollup import EXTREMES


@dataclass(frozen=True, slots=True)
class _Window:
    """The children of one parent in the periods that make up that of the question: `value` (children, periods), NaN
    where the child is absent; `share` (periods,) and `ends_inside` (periods,) as in `Lifting`."""

    value: NDArray[np.float64]
    share: NDArray[np.float64]
    ends_inside: NDArray[np.bool_]

    def padded(self, periods: int) -> _Window:
        """With absent periods before, so that windows end together."""
        before = periods - len(self.share)
        value = np.pad(self.value, ((0, 0), (before, 0)), constant_values=np.nan)
        return _Window(value, np.pad(self.share, (before, 0)), np.pad(self.ends_inside, (before, 0)))


def split_extreme(comparison: Comparison, family: Family) -> Iterator[tuple[Node, Split]]:
    """The shares of the children of each smallest and greatest value."""
    if comparison.is_against_target:
        yield from ((node, Split(reason=Reason.NOT_SPLIT_AGAINST_TARGET)) for node in family.nodes)
        return
    moments = comparison.now, comparison.base
    sides = [side(comparison.graph, family, moment) for moment in moments]
    for at, node in enumerate(family.nodes):
        links = np.flatnonzero(family.number == at)
        is_link = sides[0].is_valid[links].any(axis=1) | sides[1].is_valid[links].any(axis=1)
        children = np.unique(family.inputs.child[links[is_link]])
        if len(children) > MOST_PLAYERS:
            yield node, Split(reason=Reason.TOO_MANY_OPERANDS)
        elif len(children):
            windows = [_window(comparison, family, *pair, children, links) for pair in zip(moments, sides, strict=True)]
            yield node, _split(comparison, family, at, children, *windows)


def _window(
    comparison: Comparison,
    family: Family,
    moment: Moment,
    one: Side,
    children: NDArray[np.intp],
    links: NDArray[np.intp],
) -> _Window:
    periods = moment.wanted.fine(comparison.graph, family.rank)
    lifting = lifting_of(comparison.graph, family, moment, periods)
    value = np.full((len(children), len(periods)), np.nan)
    for link in links:
        at = np.searchsorted(children, family.inputs.child[link])
        if one.is_present[link].any():
            value[at] = np.where(one.is_present[link], one.value[link], value[at])
    return _Window(value, lifting.share, lifting.ends_inside)


def _split(
    comparison: Comparison, family: Family, at: int, children: NDArray[np.intp], now: _Window, base: _Window
) -> Split:
    periods = max(len(now.share), len(base.share))
    worth = _worth(comparison, family, family.nodes[at].row, now.padded(periods), base.padded(periods))
    ends = np.array([family.base[at], family.value[at]])
    if not is_same(worth[[0, -1]], ends, np.abs(ends)).all():
        return Split(reason=Reason.OUT_OF_DATE)
    changes = shapley(worth[None])[0]
    if not np.isfinite(changes).all():
        return Split(reason=Reason.MIXED_COMBINATION_MISSING)
    is_now, was_then = (np.asarray(~np.isnan(window.value).all(axis=1)) for window in (now, base))
    parts = zip(children.tolist(), changes.tolist(), is_now.tolist(), was_then.tolist(), strict=True)
    return Split([Share(Node(row), change, mark(here, there)) for row, change, here, there in parts])


def _worth(comparison: Comparison, family: Family, row: int, now: _Window, base: _Window) -> NDArray[np.float64]:
    """(2^n,) the parent's value with each set of children as they are now and the others as they were then."""
    members = coalitions(len(now.value))[:, :, None]
    value = np.where(members, now.value, base.value)
    choose = EXTREMES[family.method]
    if family.rank == comparison.asked.rank:
        return np.asarray(choose.reduce(value[:, :, 0], axis=1, initial=np.nan))
    share = np.where(members, now.share, base.share)
    ends_inside = np.where(members, now.ends_inside, base.ends_inside)
    return _lifted(value, share, ends_inside, choose, AGGREGATIONS[comparison.graph.aggregation[row]])


def _lifted(
    value: NDArray[np.float64],
    share: NDArray[np.float64],
    ends_inside: NDArray[np.bool_],
    choose: np.ufunc,
    aggregation: Aggregation,
) -> NDArray[np.float64]:
    """(n,) the lifted extremes of (n, children, periods)."""
    if aggregation in (Aggregation.MIN, Aggregation.MAX):
        over_time = EXTREMES[Rollup(aggregation.value)]
        return np.asarray(over_time.reduce(choose.reduce(value, axis=1, initial=np.nan), axis=1))
    if aggregation is Aggregation.LAST:
        best = choose.reduce(np.where(ends_inside, value, np.nan), axis=1, initial=np.nan)
        latest = best.shape[1] - 1 - np.argmax(~np.isnan(best[:, ::-1]), axis=1)
        return np.asarray(best[np.arange(len(best)), latest])
    best = choose.reduce(value * share, axis=1, initial=np.nan)
    total = np.nansum(best, axis=1)
    known = ~np.isnan(best).all(axis=1)
    if aggregation is Aggregation.MEAN:
        weight = np.where(np.isnan(value), 0.0, share).max(axis=1).sum(axis=1)
        total = np.divide(total, weight, out=total, where=known)
    return np.where(known, total, np.nan)
