"""Formulas follow KPIs whose keys change."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.engine.formula.parsing import parse
from kpis.engine.formula.syntax import Name, walk


def renamed(text: str, old: str, new: str) -> str:
    """The formula with `new` wherever it names the KPI `old`; spacing and all else stay as written.

    Raises FormulaError for a text that does not parse. A longer key may lengthen the formula beyond what is allowed;
    whoever stores the result parses it first.
    """
    return with_keys(text, {old: new})


def with_keys(text: str, keys: Mapping[str, str]) -> str:
    """The formula with other keys for some of the KPIs it names, all at once, so that two may change places."""
    used = [part for part in walk(parse(text)) if isinstance(part, Name) and part.key in keys]
    for name in sorted(used, key=lambda name: name.column, reverse=True):
        start = name.column - 1
        text = text[:start] + keys[name.key] + text[start + len(name.key) :]
    return text
