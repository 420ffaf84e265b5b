"""The formulas of a graph, compiled: those of one shape together, their operands as rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpis.engine.definitions import Kpi
from kpis.engine.formula.program import LeafKind, Program, Step, compiled


@dataclass(frozen=True, slots=True)
class Formulas:
    """Formulas of one shape: `rows` (n,) of the KPIs they compute, and `operands` (n, leaves), the rows of what they
    are computed from; `kinds` (leaves,) says what is taken of each, `program` how."""

    program: Program
    rows: NDArray[np.intp]
    operands: NDArray[np.intp]

    @property
    def steps(self) -> Sequence[Step]:
        return self.program.steps

    @property
    def kinds(self) -> Sequence[LeafKind]:
        return [leaf.kind for leaf in self.program.leaves]

    def take(self, which: NDArray[np.intp] | NDArray[np.bool_]) -> Formulas:
        """The formulas selected by an index or a mask."""
        return Formulas(self.program, self.rows[which], self.operands[which])


def programs_of(kpis: Sequence[Kpi], row_by_key: Mapping[str, int]) -> dict[int, Program]:
    """The programs of those formulas whose operands are all among `kpis`, by row.

    In a part of an organization's graph the operands of a formula that is not computed there may be left out.
    """
    programs: dict[int, Program] = {}
    for row, kpi in enumerate(kpis):
        if kpi.formula is not None:
            program = compiled(kpi.formula)
            if all(leaf.key is None or leaf.key in row_by_key for leaf in program.leaves):
                programs[row] = program
    return programs


def grouped(programs: Mapping[int, Program], rows: Iterable[int], row_by_key: Mapping[str, int]) -> Iterator[Formulas]:
    """The formulas of `rows`, those of one shape together."""
    shapes: dict[object, list[int]] = {}
    for row in rows:
        shapes.setdefault(programs[row].shape, []).append(row)
    for alike in shapes.values():
        program = programs[alike[0]]
        operands = [operand_rows(programs[row], row, row_by_key) for row in alike]
        shape = (len(alike), len(program.leaves))
        yield Formulas(program, np.array(alike, np.intp), np.array(operands, np.intp).reshape(shape))


def operand_rows(program: Program, row: int, row_by_key: Mapping[str, int]) -> list[int]:
    """The rows that a program's leaves name, in their order; `row` itself where its own children are meant."""
    return [row if leaf.key is None else row_by_key[leaf.key] for leaf in program.leaves]
