"""What a formula is computed with: values, why some are missing, and how much of their data is there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from kpis.engine.definitions import Problem
from kpis.engine.values import Matrix

Problems: TypeAlias = NDArray[np.int32]

# A missing operand's problem carries which one it is: its slot in a formula, its row in a graph.
OPERAND = 8
NO_SLOT = -1


def missing(operand: int | NDArray[np.intp]) -> NDArray[np.int32]:
    """The problem of a missing operand, by its number (a slot or a row)."""
    return np.asarray((np.asarray(operand) + 1) * OPERAND + Problem.MISSING_OPERAND, dtype=np.int32)


@dataclass(slots=True)
class Cells:
    """(formulas or 1, periods or 1): a value, NaN exactly where there is a problem.

    `problem` None: none anywhere; `coverage` None: 1 wherever there is a value. `slot` is the first leaf they are
    computed from, NO_SLOT for constants.
    """

    value: Matrix
    problem: Problems | None = None
    coverage: Matrix | None = None
    slot: int = NO_SLOT


def leaf_cells(value: Matrix, coverage: Matrix, slot: int, problem: int | None = None) -> Cells:
    """An operand's values, NaN where missing; `problem` says so otherwise than by naming the operand."""
    absent = np.isnan(value)
    problems = None
    if absent.any():
        code = missing(slot) if problem is None else np.int32(problem)
        problems = np.where(absent, code, np.int32(Problem.NONE))
    partial = (coverage < 1) & ~absent
    return Cells(value, problems, np.where(absent, 1.0, coverage) if partial.any() else None, slot)


def settled(value: Matrix, inputs: tuple[Cells, ...], failure: int | NDArray[np.int32] = Problem.OVERFLOW) -> Cells:
    """The cells of an operation on `inputs`: a problem of the first input that has one, `failure` where the value is
    not finite though nothing was missing, the least coverage."""
    problem, code = merged(inputs), np.asarray(failure, dtype=np.int32)
    failed = ~np.isfinite(value)
    if problem is not None:
        failed &= problem == Problem.NONE
    if failed.any():
        problem = np.where(failed, code, np.int32(Problem.NONE) if problem is None else problem)
    return Cells(without(value, problem), problem, least_coverage(inputs), first_slot(inputs))


def without(value: Matrix, problem: Problems | None) -> Matrix:
    """The values, NaN where there is a problem."""
    return value if problem is None else np.where(problem == Problem.NONE, value, np.nan)


def merged(inputs: tuple[Cells, ...]) -> Problems | None:
    """For every cell the problem of the first input that has one there."""
    problems = [cells.problem for cells in inputs if cells.problem is not None]
    if not problems:
        return None
    return reduce(lambda first, second: np.where(first != Problem.NONE, first, second), problems)


def least_coverage(inputs: tuple[Cells, ...]) -> Matrix | None:
    coverages = [cells.coverage for cells in inputs if cells.coverage is not None]
    return reduce(np.minimum, coverages) if coverages else None


def first_slot(inputs: tuple[Cells, ...]) -> int:
    return next((cells.slot for cells in inputs if cells.slot != NO_SLOT), NO_SLOT)
