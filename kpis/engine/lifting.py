"""Lifting: a finer KPI's period values as values of a coarser frequency."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpis.engine.definitions import Aggregation
from kpis.engine.periods import Calendar, Frequency
from kpis.engine.values import Matrix

WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Lifting:
    """Which finer periods make up each coarser one: parallel arrays, by coarser period, then finer, ascending.

    `finer` and `coarser` are columns; `share` is the part of the finer period that lies in the coarser one (1, or n / 7
    of a week that straddles a boundary); `ends_inside` says whether its last day does; `place` is the finer period's
    place within the coarser one, from 0; `columns` the number of coarser periods.
    """

    finer: NDArray[np.intp]
    coarser: NDArray[np.intp]
    share: NDArray[np.float64]
    ends_inside: NDArray[np.bool_]
    place: NDArray[np.intp]
    columns: int

    @classmethod
    def between(cls, calendar: Calendar, finer: Frequency, coarser: Frequency, source: range, into: range) -> Lifting:
        """From the finer periods `source` to the coarser periods `into` (ordinals); what lies outside is left out.

        Only weeks can straddle a boundary, and then exactly one.
        """
        ordinals = np.arange(source.start, source.stop, dtype=np.int64)
        last_dates = calendar.last_dates(finer, ordinals)
        begins = calendar.ordinals(coarser, calendar.first_dates(finer, ordinals))
        ends = calendar.ordinals(coarser, last_dates)
        straddling = np.flatnonzero(begins != ends)
        boundaries = calendar.first_dates(coarser, ends[straddling])
        days_after = (last_dates[straddling] - boundaries).astype(np.int64) + 1
        share = np.ones(len(ordinals))
        share[straddling] = (WEEK_DAYS - days_after) / WEEK_DAYS
        return cls._sorted(
            finer=np.concatenate([np.arange(len(ordinals)), straddling]),
            coarser=np.concatenate([begins, ends[straddling]]) - into.start,
            share=np.concatenate([share, days_after / WEEK_DAYS]),
            ends_inside=np.concatenate([begins == ends, np.ones(len(straddling), dtype=bool)]),
            columns=len(into),
        )

    @classmethod
    def _sorted(
        cls,
        finer: NDArray[np.intp],
        coarser: NDArray[np.int64],
        share: NDArray[np.float64],
        ends_inside: NDArray[np.bool_],
        columns: int,
    ) -> Lifting:
        inside = np.flatnonzero((coarser >= 0) & (coarser < columns))
        order = inside[np.lexsort((finer[inside], coarser[inside]))]
        targets = coarser[order]
        place = np.arange(len(order)) - np.searchsorted(targets, targets)
        return cls(finer[order], targets, share[order], ends_inside[order], place, columns)

    def steps(self) -> Iterator[Lifting]:
        """The lifting split into the first finer period of every coarser one, the second of every one, and so on.

        Adding step after step sums every coarser period in ascending order of dates.
        """
        for place in range(int(self.place.max(initial=-1)) + 1):
            at = np.flatnonzero(self.place == place)
            yield Lifting(
                self.finer[at], self.coarser[at], self.share[at], self.ends_inside[at], self.place[at], self.columns
            )


def lift(values: Matrix, coverage: Matrix, aggregation: Aggregation, lifting: Lifting) -> tuple[Matrix, Matrix]:
    """Lifts (rows, finer columns) to (rows, coarser columns): the values and their coverage.

    A straddling week's sum is spread over its seven days and its mean weighs by days; as `last` it belongs to the
    period that holds its last day; `min` and `max` take it on both sides. The coverage is the mean of that of the finer
    periods that have a value, a straddling week weighing by its days; of `last` that of the period whose value it is.
    A sum too large for a double is `inf`.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        if aggregation is Aggregation.LAST:
            return _lift_last(values, coverage, lifting)
        lifted = np.full((len(values), lifting.columns), 0.0 if aggregation in SUMMED else np.nan)
        weight, covered = np.zeros_like(lifted), np.zeros_like(lifted)
        for step in lifting.steps():
            value = values[:, step.finer]
            share = np.where(np.isnan(value), 0.0, step.share)
            weight[:, step.coarser] += share
            covered[:, step.coarser] += share * coverage[:, step.finer]
            lifted[:, step.coarser] = _add(aggregation, lifted[:, step.coarser], value, share)
        return _finish(aggregation, lifted, weight), _ratio(covered, weight, missing=0.0)


SUMMED = (Aggregation.SUM, Aggregation.MEAN)


def _add(aggregation: Aggregation, lifted: Matrix, value: Matrix, share: Matrix) -> Matrix:
    if aggregation is Aggregation.MIN:
        return np.fmin(lifted, value)
    if aggregation is Aggregation.MAX:
        return np.fmax(lifted, value)
    return lifted + np.where(share > 0, value * share, 0.0)


def _finish(aggregation: Aggregation, lifted: Matrix, weight: Matrix) -> Matrix:
    if aggregation is Aggregation.MEAN:
        return _ratio(lifted, weight, missing=np.nan)
    return np.where(weight > 0, lifted, np.nan)


def _ratio(total: Matrix, weight: Matrix, missing: float) -> Matrix:
    return np.divide(total, weight, out=np.full_like(total, missing), where=weight > 0)


def _lift_last(values: Matrix, coverage: Matrix, lifting: Lifting) -> tuple[Matrix, Matrix]:
    lifted = np.full((len(values), lifting.columns), np.nan)
    covered = np.zeros_like(lifted)
    for step in lifting.steps():
        value = values[:, step.finer]
        known = ~np.isnan(value) & step.ends_inside
        lifted[:, step.coarser] = np.where(known, value, lifted[:, step.coarser])
        covered[:, step.coarser] = np.where(known, coverage[:, step.finer], covered[:, step.coarser])
    return lifted, covered
