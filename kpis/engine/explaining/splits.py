"""A change split into shares: what the splitting of roll-ups and of formulas has in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kpis.engine.explaining.moments import Moment
from kpis.engine.explaining.wanted import Question
from kpis.engine.graph import NO_ROW, Graph

# Stored values that differ by more than this, relative to what they are made of, come from other definitions or data.
SAME = 1e-6


class Of(StrEnum):
    """What a part is: a KPI's value, what ladders up to it (`children_sum` in a formula), or what a roll-up's target
    exceeds its children's by."""

    VALUE = "value"
    CHILDREN_SUM = "children_sum"
    CHILDREN_MEAN = "children_mean"
    REMAINDER = "remainder"


class Mark(StrEnum):
    """That a part is there only now, or was there only in the base period."""

    JOINED = "joined"
    LEFT = "left"


class Reason(StrEnum):
    """Why a change, or its parts, cannot be given."""

    VALUE_MISSING = "value_missing"
    BASE_VALUE_MISSING = "base_value_missing"
    NO_TARGET = "no_target"
    OVERFLOW = "overflow"
    TOO_MANY_OPERANDS = "too_many_operands"
    MIXED_COMBINATION_MISSING = "mixed_combination_missing"
    CHILDREN_WITHOUT_TARGET = "children_without_target"
    NOT_SPLIT_AGAINST_TARGET = "not_split_against_target"
    COARSER_OPERAND = "coarser_operand"
    OUT_OF_DATE = "out_of_date"


class Node(NamedTuple):
    """Something that can be a part and have parts: a KPI by its row, and what of it is meant."""

    row: int
    of: Of = Of.VALUE


REMAINDER = Node(NO_ROW, Of.REMAINDER)


class Share(NamedTuple):
    """What a part contributes to its parent's change, in the parent's unit."""

    node: Node
    change: float
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """The shares of one change, or the reason why there are none."""

    shares: Sequence[Share] = ()
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared: `now` with `base`, which against the target holds targets, of the same period."""

    graph: Graph
    asked: Question
    now: Moment
    base: Moment
    is_against_target: bool = False


def mark(is_now: bool, was_then: bool) -> Mark | None:
    """How a part is marked that is there now, was there then, or both."""
    if is_now == was_then:
        return None
    return Mark.JOINED if is_now else Mark.LEFT


def is_same(one: NDArray[np.float64], other: NDArray[np.float64], scale: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether two numbers are the same up to rounding, made of numbers as large as `scale`."""
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(np.abs(one - other) <= SAME * np.maximum(scale, np.abs(other)))
