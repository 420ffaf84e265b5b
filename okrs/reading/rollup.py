"""The progress of many objectives at once, now and on the days of their sparklines.

By the rules of ``okrs.progress`` and ``okrs.shares``, in columns: one by one hundreds of objectives take several times
as long. What an objective counts is rolled up before itself, so it goes up the tree level by level.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from okrs.progress import Standing, status
from okrs.reading.courses import Course
from okrs.reading.views import KeyResultView, ObjectiveView

View: TypeAlias = KeyResultView | ObjectiveView
Columns: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class _Level:
    """Objectives of one height: their rows, and of one after the other the rows and shares of what it counts, which
    begin at ``starts``."""

    rows: NDArray[np.intp]
    counted: NDArray[np.intp]
    shares: Columns
    starts: NDArray[np.intp]

    @classmethod
    def of(cls, objectives: Sequence[ObjectiveView], row_of: Mapping[View, int]) -> "_Level":
        sizes = [len(view.counting) for view in objectives]
        return cls(
            np.array([row_of[view] for view in objectives]),
            np.array([row_of[one] for view in objectives for one in view.counting]),
            np.array([weight / view.shares.total for view in objectives for weight in view.shares.weights])[:, None],
            np.cumsum([0, *sizes[:-1]]),
        )

    def mean(self, values: Columns) -> Columns:
        return np.add.reduceat(self.shares * values[self.counted], self.starts, axis=0)

    def any(self, known: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.logical_or.reduceat(known[self.counted], self.starts, axis=0)


class RollUp:
    """Of objectives that come with all they count."""

    def __init__(self, objectives: Iterable[ObjectiveView]) -> None:
        self.objectives = list(objectives)
        self.key_results = [one for view in self.objectives for one in view.key_results]
        everything: list[View] = [*self.key_results, *self.objectives]
        row_of = {view: row for row, view in enumerate(everything)}
        self._levels = [_Level.of(views, row_of) for views in _by_height(self.objectives)]

    def settle(self) -> None:
        """Tell each objective how it stands, which it would work out for itself when it is asked."""
        for view, standing in self._standings():
            vars(view)["standing"] = standing

    def courses(self, days: Sequence[dt.date]) -> dict[UUID, Course]:
        """The progress of each objective on some days; None while nothing was known of any of its parts."""
        if not days:
            return {view.id: [] for view in self.objectives}
        size = len(self.objectives), len(days)
        known = np.array([one.progress_on(days) for one in self.key_results], dtype=np.float64).reshape(-1, len(days))
        is_known = np.vstack([~np.isnan(known), np.zeros(size, dtype=np.bool_)])
        for level in self._levels:
            is_known[level.rows] = level.any(is_known)
        reached = self._mean(np.nan_to_num(known), np.zeros(size)).astype(object)
        reached[~is_known[len(self.key_results) :]] = None
        return dict(zip((view.id for view in self.objectives), reached.tolist(), strict=True))

    def _standings(self) -> Iterator[tuple[ObjectiveView, Standing]]:
        nothing = np.zeros((len(self.objectives), 1))
        progress = self._mean(_column(one.progress_raw for one in self.key_results), nothing)
        expected = self._mean(
            _column(one.expected for one in self.key_results), _column(map(_by_days_alone, self.objectives))
        )
        for view, reached, wanted in zip(
            self.objectives, progress[:, 0].tolist(), expected[:, 0].tolist(), strict=True
        ):
            has_parts = view.shares.total > 0
            judged = status(reached, wanted, view.span, view.on) if has_parts else "no_data"
            yield view, Standing(reached, wanted, judged)

    def _mean(self, of_key_results: Columns, beside: Columns) -> Columns:
        """For each objective the mean of what it counts, each within 0 to 1, and what is ``beside`` that."""
        values = np.vstack([of_key_results.clip(0, 1), beside])
        for level in self._levels:
            values[level.rows] = (level.mean(values) + values[level.rows]).clip(0, 1)
        return values[len(of_key_results) :]


def _by_height(objectives: Iterable[ObjectiveView]) -> list[list[ObjectiveView]]:
    """Those that count anything, by how many levels of objectives they count."""
    heights: dict[ObjectiveView, int] = {}

    def height(view: ObjectiveView) -> int:
        if view not in heights:
            below = [height(one) + 1 for one in view.counting if isinstance(one, ObjectiveView)]
            heights[view] = max(below, default=0)
        return heights[view]

    found: dict[int, list[ObjectiveView]] = defaultdict(list)
    for view in objectives:
        if view.shares.total > 0:
            found[height(view)].append(view)
    return [found[height] for height in sorted(found)]


def _by_days_alone(view: ObjectiveView) -> float:
    """What is expected of an objective for the days on which nothing counts in it."""
    return view.shares.uncovered_elapsed(view.on) if view.shares.total > 0 else view.span.elapsed(view.on)


def _column(values: Iterable[float]) -> Columns:
    return np.array(list(values), dtype=np.float64).reshape(-1, 1)
