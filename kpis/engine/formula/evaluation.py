"""Running a formula's program over whole series: many formulas of one shape and all their periods at once.

Missing is never zero: what is computed from something missing is missing, with the problem of the first such operand,
unless `coalesce` or the branch that `if` did not choose says otherwise. Nothing raises, and nothing is `inf` or NaN by
accident: a division by zero, an overflow and a root of a negative number are missing with a problem of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from kpis.engine.comparison import Truths, is_at_least, is_at_most, is_equal
from kpis.engine.definitions import Problem
from kpis.engine.formula.cells import Cells, Problems, first_slot, least_coverage, merged, settled, without
from kpis.engine.formula.program import Step, taken
from kpis.engine.formula.syntax import Function
from kpis.engine.formula.times import TIMED, Times
from kpis.engine.values import Matrix


def run(steps: Sequence[Step], leaves: Sequence[Cells], times: Times) -> Cells:
    """The result of a program; `leaves` by slot, each (formulas, periods)."""
    stack: list[Cells] = []
    with np.errstate(all="ignore"):
        for step in steps:
            if step.does == "slot":
                stack.append(leaves[int(step.number)])
                continue
            count = taken(step)
            inputs = tuple(stack[len(stack) - count :])
            del stack[len(stack) - count :]
            stack.append(_do(step, inputs, times))
    return stack[-1]


def _do(step: Step, inputs: tuple[Cells, ...], times: Times) -> Cells:
    if step.does == "number":
        return Cells(np.array([[step.number]]))
    if step.does in TIMED:
        return TIMED[step.does](inputs[0], int(step.number), times)
    if step.does == Function.ROUND:
        return settled(_rounded(inputs[0].value, int(step.number)), inputs)
    return OPERATIONS[step.does](inputs)


def _arithmetic(compute: Callable[[Matrix, Matrix], Matrix]) -> Callable[[tuple[Cells, ...]], Cells]:
    return lambda inputs: settled(compute(inputs[0].value, inputs[1].value), inputs)


def _divided(compute: Callable[[Matrix, Matrix], Matrix]) -> Callable[[tuple[Cells, ...]], Cells]:
    def divide(inputs: tuple[Cells, ...]) -> Cells:
        left, right = inputs[0].value, inputs[1].value
        by_zero = np.where(right == 0, Problem.DIVISION_BY_ZERO, Problem.OVERFLOW)
        return settled(compute(left, right), inputs, by_zero)

    return divide


def _power(inputs: tuple[Cells, ...]) -> Cells:
    base, exponent = inputs[0].value, inputs[1].value
    of_zero = np.where((base == 0) & (exponent < 0), Problem.DIVISION_BY_ZERO, Problem.OVERFLOW)
    rooted = (base < 0) & (exponent != np.floor(exponent))
    return _true_to_missing(np.power(base, exponent), inputs, np.where(rooted, Problem.DOMAIN_ERROR, of_zero))


def _compared(compare: Callable[[Matrix, Matrix], Truths]) -> Callable[[tuple[Cells, ...]], Cells]:
    """1 or 0; two numbers within a billionth of each other are equal, as in every comparison with a target."""
    return lambda inputs: _true_to_missing(compare(inputs[0].value, inputs[1].value).astype(np.float64), inputs)


def _extreme(choose: Callable[[Matrix, Matrix], Matrix]) -> Callable[[tuple[Cells, ...]], Cells]:
    def extreme(inputs: tuple[Cells, ...]) -> Cells:
        value = inputs[0].value
        for cells in inputs[1:]:
            value = choose(value, cells.value)
        return settled(value, inputs)

    return extreme


def _function(compute: Callable[[Matrix], Matrix], failure: Problem) -> Callable[[tuple[Cells, ...]], Cells]:
    return lambda inputs: settled(compute(inputs[0].value), inputs, failure)


def _true_to_missing(value: Matrix, inputs: tuple[Cells, ...], failure: int | Problems = Problem.OVERFLOW) -> Cells:
    """For operations that make a number of NaN: `1 ^ missing` is missing, not 1."""
    absent = [np.isnan(cells.value) for cells in inputs if cells.problem is not None]
    for mask in absent:
        value = np.where(mask, np.nan, value)
    return settled(value, inputs, failure)


def _not(inputs: tuple[Cells, ...]) -> Cells:
    return _true_to_missing((inputs[0].value == 0).astype(np.float64), inputs)


def _if(inputs: tuple[Cells, ...]) -> Cells:
    """The chosen branch with its problem and coverage; a missing condition chooses nothing."""
    condition, then, otherwise = inputs
    holds = condition.value != 0
    value = np.where(holds, then.value, otherwise.value)
    problem = _chosen_problem(condition, holds, then, otherwise)
    coverage = _chosen_coverage(condition, holds, then, otherwise)
    return Cells(without(value, problem), problem, coverage, first_slot(inputs))


def _chosen_problem(condition: Cells, holds: Matrix, then: Cells, otherwise: Cells) -> Problems | None:
    if condition.problem is None and then.problem is None and otherwise.problem is None:
        return None
    none = np.int32(Problem.NONE)
    chosen = np.where(
        holds,
        none if then.problem is None else then.problem,
        none if otherwise.problem is None else otherwise.problem,
    )
    return chosen if condition.problem is None else np.where(condition.problem != none, condition.problem, chosen)


def _chosen_coverage(condition: Cells, holds: Matrix, then: Cells, otherwise: Cells) -> Matrix | None:
    if condition.coverage is None and then.coverage is None and otherwise.coverage is None:
        return None
    chosen = np.where(
        holds,
        1.0 if then.coverage is None else then.coverage,
        1.0 if otherwise.coverage is None else otherwise.coverage,
    )
    return chosen if condition.coverage is None else np.minimum(condition.coverage, chosen)


def _coalesce(inputs: tuple[Cells, ...]) -> Cells:
    """The first of them that is there, with its coverage; the first one's problem where none is."""
    result = inputs[0]
    for cells in inputs[1:]:
        if result.problem is None:
            break
        result = _filled(result, result.problem, cells)
    return Cells(result.value, result.problem, result.coverage, first_slot(inputs))


def _filled(cells: Cells, problems: Problems, filler: Cells) -> Cells:
    absent = problems != Problem.NONE
    value = np.where(absent, filler.value, cells.value)
    still = absent & np.isnan(filler.value)
    problem = np.where(still, problems, np.int32(Problem.NONE)) if still.any() else None
    coverage = None
    if cells.coverage is not None or filler.coverage is not None:
        own = 1.0 if cells.coverage is None else cells.coverage
        coverage = np.where(absent, 1.0 if filler.coverage is None else filler.coverage, own)
    return Cells(value, problem, coverage, cells.slot)


def _rounded(value: Matrix, digits: int) -> Matrix:
    """Half away from zero, the half being that of the number as written: 1.005 to two digits is 1.01."""
    scale = 10.0 ** abs(digits)
    scaled = np.abs(value * scale if digits >= 0 else value / scale)
    whole = np.floor(scaled)
    slack = 4 * np.finfo(np.float64).eps * np.maximum(scaled, 1)
    whole += scaled - whole >= 0.5 - slack
    rounded = np.copysign(whole / scale if digits >= 0 else whole * scale, value)
    is_whole_already = ~np.isfinite(scaled) | (scaled >= 2.0**52)
    return np.where(is_whole_already, value, rounded) + 0.0  # no -0


OPERATIONS: dict[str, Callable[[tuple[Cells, ...]], Cells]] = {
    "negate": lambda inputs: settled(-inputs[0].value, inputs),
    "+": _arithmetic(np.add),
    "-": _arithmetic(np.subtract),
    "*": _arithmetic(np.multiply),
    "/": _divided(np.divide),
    "%": _divided(np.mod),
    "^": _power,
    "==": _compared(is_equal),
    "!=": _compared(lambda a, b: ~is_equal(a, b)),
    "<": _compared(lambda a, b: ~is_at_least(a, b)),
    "<=": _compared(is_at_most),
    ">": _compared(lambda a, b: ~is_at_most(a, b)),
    ">=": _compared(is_at_least),
    "and": _compared(lambda a, b: (a != 0) & (b != 0)),
    "or": _compared(lambda a, b: (a != 0) | (b != 0)),
    "not": _not,
    Function.IF: _if,
    Function.COALESCE: _coalesce,
    Function.MIN: _extreme(np.minimum),
    Function.MAX: _extreme(np.maximum),
    Function.ABS: _function(np.abs, Problem.OVERFLOW),
    Function.SQRT: _function(np.sqrt, Problem.DOMAIN_ERROR),
    Function.LN: _function(lambda x: np.where(x > 0, np.log(x), np.nan), Problem.DOMAIN_ERROR),
    Function.LOG10: _function(lambda x: np.where(x > 0, np.log10(x), np.nan), Problem.DOMAIN_ERROR),
    Function.EXP: _function(np.exp, Problem.OVERFLOW),
}

__all__ = ["least_coverage", "merged", "run"]
