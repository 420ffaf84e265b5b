"""How a KPI is defined, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from kpis import words
from kpis.engine.formula.syntax import Name, walk
from kpis.models import Target
from kpis.models.choices import TargetPath
from kpis.plain import stored_formula
from kpis.presenting.rail import Rail
from kpis.presenting.target_history import row_words
from kpis.standpoint import Standpoint


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a formula: plain text, or the name of a KPI with the key of its address."""

    text: str
    key: str = ""
    written: str = ""


class Definition:
    """The definition that holds at a standpoint."""

    def __init__(self, standpoint: Standpoint, rail: Rail) -> None:
        self.standpoint, self.kpi, self.rail = standpoint, standpoint.kpi, rail

    @cached_property
    def targets(self) -> list[Target]:
        return self.standpoint.targets()

    @property
    def target_rows(self) -> list[tuple[str, str, str]]:
        """(since when, what, why), newest first."""
        newest_first = sorted(self.targets, key=lambda row: row.effective_from, reverse=True)
        return [(self._since(row), self._goal(row), row.reason) for row in newest_first]

    @property
    def source(self) -> str:
        return words.source_words(self.kpi.source, self.kpi.aggregation, self.kpi.rollup, self.kpi.frequency)

    @property
    def due(self) -> str:
        days, frequency = self.kpi.due_after_days, self.standpoint.frequency
        days = frequency.default_due_after_days if days is None else days
        return f"{days} {'day' if days == 1 else 'days'} after a {words.PERIOD[frequency]} ends"

    @property
    def is_linear(self) -> bool:
        """Whether the target moves in a straight line from row to row."""
        return self.kpi.target_path == TargetPath.LINEAR

    @cached_property
    def formula(self) -> list[Piece]:
        """The formula with the names of its KPIs in place of their keys, each leading to its page."""
        return list(self._pieces()) if self.kpi.formula else []

    def _pieces(self) -> Iterator[Piece]:
        text, end, forest = self.kpi.formula, 0, self.rail.forest
        named = [part for part in walk(stored_formula(text)) if isinstance(part, Name)]
        for part in sorted(named, key=lambda part: part.column):
            start, node = part.column - 1, forest.by_key(part.key)
            if start > end:
                yield Piece(text[end:start])
            address = self.rail.address_key(node.id, node.key) if node else ""
            yield Piece(node.name if node else part.key, address, part.key)
            end = start + len(part.key)
        if end < len(text):
            yield Piece(text[end:])

    def _since(self, row: Target) -> str:
        label = words.period_label(self.standpoint.calendar, self.standpoint.frequency, row.effective_from)
        return words.in_sentence(label)

    def _goal(self, row: Target) -> str:
        return row_words(self.kpi, row)
