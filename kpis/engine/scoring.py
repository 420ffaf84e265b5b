"""One scale for every KPI: 0 at the floor, 1 at the target; and the status that follows from it.

All arguments are scalars or arrays that broadcast; NaN stands for what is not there.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kpis.engine.comparison import is_at_least, is_at_most, is_equal
from kpis.engine.targets import Bounds


class Status(IntEnum):
    """How a period stands; arrays hold the number, the API shows `code`. NONE: a period that is not judged (yet)."""

    NONE = 0
    ON_TRACK = 1
    AT_RISK = 2
    OFF_TRACK = 3
    NO_DATA = 4
    NO_TARGET = 5
    INCOMPLETE = 6
    LATE = 7

    @property
    def code(self) -> str | None:
        """The status's name in lower case, None for NONE."""
        return self.name.lower() if self else None


JUDGED = (Status.ON_TRACK, Status.AT_RISK, Status.OFF_TRACK)


def raw_scores(values: ArrayLike, bounds: Bounds, between: ArrayLike) -> NDArray[np.float64]:
    """(v - floor) / (target - floor), or for `between` 1 inside low..high and 1 - distance / (high - low) outside.

    NaN without a value or target, and where floor and target (low and high) coincide or overflow.
    """
    v = np.asarray(values, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        scores = _one_sided_scores(v, bounds)
        if np.any(between):
            scores = np.where(between, _between_scores(v, bounds), scores)
    return np.where(np.isfinite(scores), scores, np.nan)


def _one_sided_scores(v: NDArray[np.float64], bounds: Bounds) -> NDArray[np.float64]:
    scores = (v - bounds.floor) / (bounds.target - bounds.floor)
    scores = np.where(is_equal(v, bounds.floor), 0.0, scores)
    scores = np.where(is_equal(v, bounds.target), 1.0, scores)
    return np.where(is_equal(bounds.floor, bounds.target), np.nan, scores)


def _between_scores(v: NDArray[np.float64], bounds: Bounds) -> NDArray[np.float64]:
    width = bounds.high - bounds.low
    distance = np.maximum(bounds.low - v, v - bounds.high)
    scores = np.where(is_equal(distance, width), 0.0, 1 - distance / width)
    scores = np.where(is_at_least(v, bounds.low) & is_at_most(v, bounds.high), 1.0, scores)
    return np.where(width > 0, scores, np.nan)


def clamped(raw: ArrayLike) -> NDArray[np.float64]:
    """`score`: the raw score within 0..1, NaN where that is NaN."""
    return np.clip(np.asarray(raw, dtype=np.float64), 0.0, 1.0)


def attainments(values: ArrayLike, targets: ArrayLike, increase: ArrayLike) -> NDArray[np.float64]:
    """v / target ("% of target") where both are positive and more is better, else NaN."""
    v, target = np.asarray(values, dtype=np.float64), np.asarray(targets, dtype=np.float64)
    shown = (v > 0) & (target > 0) & np.asarray(increase, dtype=bool)
    with np.errstate(over="ignore"):
        ratio = np.divide(v, target, out=np.full(np.broadcast(v, target).shape, np.nan), where=shown)
    return np.where(np.isfinite(ratio), ratio, np.nan)


def judged(
    values: ArrayLike, raw: ArrayLike, bounds: Bounds, on_track_at: ArrayLike, at_risk_at: ArrayLike
) -> NDArray[np.uint8]:
    """ON_TRACK, AT_RISK or OFF_TRACK of raw scores; NO_TARGET where the score is NaN.

    A value equal to the one that a threshold stands for has reached it.
    """
    on_track = _reaches(values, raw, bounds, on_track_at)
    at_risk = _reaches(values, raw, bounds, at_risk_at)
    statuses = np.where(on_track, Status.ON_TRACK, np.where(at_risk, Status.AT_RISK, Status.OFF_TRACK))
    return np.where(np.isnan(raw), Status.NO_TARGET, statuses).astype(np.uint8)


def _reaches(values: ArrayLike, raw: ArrayLike, bounds: Bounds, threshold: ArrayLike) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore", over="ignore"):
        bar = bounds.floor + np.asarray(threshold) * (bounds.target - bounds.floor)
    return is_at_least(raw, threshold) | is_equal(values, bar)
