"""How much each part counts in its objective, aligned children of shorter cycles among them. Pure.

Key results, and children whose cycle is as long as the objective's, count by their weight. A child of a shorter cycle
counts by its cycle's share of the objective's, so all such children together are read as one part that is handed on
from day to day: on each day the children whose cycle holds it speak, with their weighted mean; a day that no child
holds counts 0; and the part is the mean over the days. Of a year's objective with

- one child, in the first quarter, at 100 %, the progress is 25 % (90 of 365 days, to be exact);
- two children in the first quarter, at 100 % and 0 %, it is half of that: they share their quarter;
- a child in each quarter, all at 100 %, it is 100 %, whatever their weights: these weigh only against others at work at
  the same time.

Beside key results that part weighs what its children weigh together on the days that have any, on average: one child
a quarter, each of weight 1, weighs like one key result of weight 1, and so does a child in the first quarter alone.
A child whose cycle has no day in common with the objective's does not count.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from okrs.spans import DAY, Span


class Staking(Protocol):
    """What a part brings: its relative ``weight`` (0 or more) and its own cycle; None is the objective's."""

    @property
    def weight(self) -> float: ...

    @property
    def span(self) -> Span | None: ...


@dataclass(frozen=True, slots=True)
class Stake:
    """The same and nothing else."""

    weight: float = 1.0
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Shares:
    """How parts count. ``weights`` are in their order, and come to less than ``total`` where days are without a child:
    these are the ``gaps``, each with the weight that it would have had. ``total`` 0: there is nothing to average."""

    weights: tuple[float, ...]
    total: float
    gaps: tuple[tuple[Span, float], ...] = ()

    def mean(self, values: Sequence[float]) -> float:
        """The weighted mean of the parts' values, gaps counting 0; 0 if there is nothing to average."""
        if self.total <= 0:
            return 0.0
        return sum(weight * value for weight, value in zip(self.weights, values, strict=True)) / self.total

    def of(self, index: int) -> float:
        """The share of one part, 0 to 1."""
        return self.weights[index] / self.total if self.total > 0 else 0.0

    @property
    def uncovered(self) -> float:
        """The share with no child, 0 to 1."""
        return sum(weight for _, weight in self.gaps) / self.total if self.total > 0 else 0.0

    def uncovered_elapsed(self, on: dt.date) -> float:
        """The part of it that has passed on a date: what was to be reached then, and no child is there to reach it."""
        passed = sum(weight * gap.elapsed(on) for gap, weight in self.gaps)
        return passed / self.total if self.total > 0 else 0.0


def shares(stakes: Sequence[Staking], span: Span) -> Shares:
    """How the parts of an objective whose cycle is ``span`` count. Raises ValueError for a negative weight."""
    if any(stake.weight < 0 for stake in stakes):
        raise ValueError("A weight says how much something counts, so it is 0 or more.")
    if all(stake.span is None for stake in stakes):  # the same, without a look at any day
        alike = tuple(stake.weight for stake in stakes)
        return Shares(alike, sum(alike))
    weights = [stake.weight if _lasts(stake, span) else 0.0 for stake in stakes]
    slices = list(_slices([stake for stake in stakes if stake.weight > 0 and not _lasts(stake, span)], span))
    handed_on = _mean_weight(slices)
    gaps = tuple((days, handed_on * days.share_of(span)) for days, at_work in slices if not at_work)
    for days, at_work in slices:
        of_all = sum(stake.weight for stake in at_work)
        for index, stake in enumerate(stakes):
            if stake in at_work:
                weights[index] += handed_on * days.share_of(span) * stake.weight / of_all
    total = sum(stake.weight for stake in stakes if _lasts(stake, span)) + handed_on
    return Shares(tuple(weights), total, gaps if handed_on else ())


def _lasts(stake: Staking, span: Span) -> bool:
    return stake.span is None or stake.span.covers(span)


def _slices(short: Sequence[Staking], span: Span) -> Iterator[tuple[Span, list[Staking]]]:
    """The cycle cut wherever a child's begins or ends, each slice with those at work in it."""
    inside = [(stake, days) for stake in short if stake.span and (days := stake.span.within(span))]
    if not inside:
        return
    cuts = {span.starts_on, span.ends_on + DAY}
    cuts.update(cut for _, days in inside for cut in (days.starts_on, days.ends_on + DAY))
    ordered = sorted(cuts)
    for first, following in pairwise(ordered):
        days = Span(first, following - DAY)
        yield days, [stake for stake, its_days in inside if its_days.covers(days)]


def _mean_weight(slices: Sequence[tuple[Span, list[Staking]]]) -> float:
    """What the children of shorter cycles weigh together, on average over the days that have any."""
    covered = [(days.days, sum(stake.weight for stake in at_work)) for days, at_work in slices if at_work]
    return sum(days * weight for days, weight in covered) / sum(days for days, _ in covered) if covered else 0.0
