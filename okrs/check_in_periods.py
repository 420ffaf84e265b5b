"""Which value counts in which check-in period of a keep kind. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from kpis.engine.cadence import Cadence, Kept, outcomes
from okrs.spans import Span


def check_in_periods(
    cadence: Cadence, span: Span, values: Iterable[tuple[dt.date, float | None]], today: dt.date, grace_days: int = 0
) -> tuple[tuple[dt.date, float | None], ...]:
    """The check-in periods planned in a cycle as ``okrs.progress.Keep`` wants them: each due date with its value.

    ``values`` are (date, value); those without a value (words only) meet no period. A period's value is the last one of
    those that are on time up to its due date, else the first one after it, late or within the grace.
    """
    dated = {on: value for on, value in values if value is not None}
    kept = outcomes(cadence, dated, span.starts_on, today, grace_days)
    of_due = {outcome.due_on: _value(dated, outcome.due_on, outcome.done_on, outcome.kept) for outcome in kept}
    return tuple((due, of_due.get(due)) for due in cadence.due_dates(span.starts_on, span.ends_on))


def share_due(cadence: Cadence, span: Span, on: dt.date) -> float:
    """The check-in periods of a cycle that are due by a date as a share of those planned, 0 to 1; 0: none is planned.

    What ``okrs.progress`` expects of a keep kind, without a look at what was said.
    """
    planned = list(cadence.due_dates(span.starts_on, span.ends_on))
    return sum(due <= on for due in planned) / len(planned) if planned else 0.0


def _value(dated: dict[dt.date, float], due_on: dt.date, done_on: dt.date | None, kept: Kept) -> float | None:
    if done_on is None:
        return None
    if kept == "late" or done_on > due_on:
        return dated[done_on]
    return dated[max(on for on in dated if done_on <= on <= due_on)]
