"""Formulas follow a KPI whose key changes."""

from __future__ import annotations

from kpis.engine.formula.parsing import parse
from kpis.engine.formula.syntax import Name, walk


def renamed(text: str, old: str, new: str) -> str:
    """The formula with `new` wherever it names the KPI `old`; spacing and all else stay as written.

    Raises FormulaError for a text that does not parse. A longer key may lengthen the formula beyond what is allowed;
    whoever stores the result parses it first.
    """
    used = [part.column - 1 for part in walk(parse(text)) if isinstance(part, Name) and part.key == old]
    for start in sorted(used, reverse=True):
        text = text[:start] + new + text[start + len(old) :]
    return text
