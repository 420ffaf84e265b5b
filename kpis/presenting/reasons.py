"""Why a period has no value, or only a part of one, in words."""

from collections.abc import Mapping
from functools import cached_property
from typing import Final

from kpis import words
from kpis.engine.formula.syntax import Binary, Name, walk
from kpis.models import Kpi
from kpis.models.choices import Source
from kpis.plain import stored_formula

MISSING_OPERAND: Final = "missing_operand: "


class Reasons:
    """Puts the problems of one KPI into words, with ``names`` of KPIs by their keys."""

    def __init__(self, kpi: Kpi, names: Mapping[str, str]) -> None:
        self.kpi, self.names = kpi, names

    def why(self, problem: str | None, coverage: float | None, label: str) -> str:
        """ "No value: Net sales is missing for October 2026"; empty where nothing is wrong. ``label`` is the period
        within a sentence.
        """
        if problem and problem.startswith(MISSING_OPERAND):
            key = problem.removeprefix(MISSING_OPERAND)
            return f"No value: {self.names.get(key, key)} is missing for {label}"
        if problem == "division_by_zero" and self.kpi.source == Source.FORMULA:
            return f"No value: {self._divisor} was 0 in {label}"
        return words.problem_words(problem, coverage)

    @cached_property
    def _divisor(self) -> str:
        """The KPI that its formula divides by, if it is one."""
        parts = walk(stored_formula(self.kpi.formula))
        divisors = {part.right for part in parts if isinstance(part, Binary) and part.operator in "/%"}
        only = divisors.pop() if len(divisors) == 1 else None
        return self.names.get(only.key, only.key) if isinstance(only, Name) else "what it is divided by"
