"""What pages say about KPIs, in words a shop manager would use. Pure: plain values in, text out."""

import datetime as dt
from collections.abc import Callable
from typing import Final

from kpis.drawing.numbers import SPACE
from kpis.engine.definitions import Aggregation, Direction, Rollup, Source
from kpis.engine.periods import Calendar, Frequency

Show = Callable[[float | None], str]

PERIOD: Final = {
    Frequency.DAILY: "day",
    Frequency.WEEKLY: "week",
    Frequency.MONTHLY: "month",
    Frequency.QUARTERLY: "quarter",
    Frequency.YEARLY: "year",
}
PROBLEMS: Final = {
    "no_data": "No value yet",
    "division_by_zero": "Its weights are all zero, so there is no mean",
    "overflow": "Too large to compute",
    "domain_error": "Its formula has no result there, such as the root of a negative number",
}
AGGREGATIONS: Final = {
    Aggregation.SUM: "they are added up",
    Aggregation.LAST: "the last one counts",
    Aggregation.MEAN: "their mean counts",
    Aggregation.MIN: "the lowest counts",
    Aggregation.MAX: "the highest counts",
}
ROLLUPS: Final = {
    Rollup.SUM: "The sum",
    Rollup.MEAN: "The mean",
    Rollup.WEIGHTED_MEAN: "The weighted mean",
    Rollup.MIN: "The lowest",
    Rollup.MAX: "The highest",
}


def day(date: dt.date) -> str:
    """A date within a sentence: 5 December 2026."""
    return f"{date.day} {date:%B} {date.year}"


def period_label(calendar: Calendar, frequency: Frequency, first: dt.date) -> str:
    """A period's name: October 2026, Q4 2026, Week of 16 November 2026."""
    return calendar.label(frequency, calendar.ordinal(frequency, first))


def in_sentence(label: str) -> str:
    """A period's name after a preposition: since October 2026, since the week of 16 November 2026."""
    return label.replace("Week of", "the week of")


def short_label(calendar: Calendar, frequency: Frequency, first: dt.date) -> str:
    """The same where room is scarce: Oct 26, Q4 26, 16 Nov."""
    match frequency:
        case Frequency.DAILY | Frequency.WEEKLY:
            return f"{first.day} {first:%b}"
        case Frequency.MONTHLY:
            return f"{first:%b} {first:%y}"
    return period_label(calendar, frequency, first).replace(str(first.year), f"{first:%y}")


def since_before(calendar: Calendar, frequency: Frequency, first: dt.date) -> str:
    """What a change is measured against: "on September", "on the week before"."""
    if frequency in (Frequency.DAILY, Frequency.WEEKLY):
        return f"on the {PERIOD[frequency]} before"
    before = calendar.first_date(frequency, calendar.ordinal(frequency, first) - 1)
    if frequency is Frequency.MONTHLY:
        return f"on {before:%B}"
    return f"on {period_label(calendar, frequency, before)}"


def problem_words(problem: str | None, coverage: float | None) -> str:
    """Why a period's value is missing or partial, empty where nothing is wrong."""
    if problem:
        return PROBLEMS.get(problem, problem.replace("_", " ").capitalize())
    if coverage is not None and 0 < coverage < 1:
        return f"Partial: {coverage:.0%} of what belongs to it is there".replace("%", f"{SPACE}%")
    return ""


def carried_words(age: int, frequency: Frequency) -> str:
    """That a value is an older one that still holds."""
    return f"Carried over from {age} {PERIOD[frequency]}{'s' if age > 1 else ''} before"


def goal_words(show: Show, *, target: float | None, low: float | None, high: float | None, direction: str) -> str:
    """What is to be reached: "at least 700", "at most 2", "between 5 and 7"; empty without a target."""
    if low is not None and high is not None:
        return f"between {show(low)} and {show(high)}"
    if target is None:
        return ""
    return f"{'at most' if direction == Direction.DECREASE else 'at least'} {show(target)}"


def trend_words(name: str, status: str | None, since: str, direction: str) -> str:
    """What a trend says, as the title of its chart: "Net sales: below target since August 2026"."""
    tail = f" since {since}" if since else ""
    match status:
        case "on_track":
            return f"{name}: on track{tail}"
        case "at_risk":
            return f"{name}: {_WRONG_SIDE[Direction(direction)]}{tail}"
        case "off_track":
            return f"{name}: {_FAR_ON_WRONG_SIDE[Direction(direction)]}{tail}"
        case "incomplete":
            return f"{name}: partial, some of what belongs to it is missing"
        case "no_target":
            return f"{name}, without a target so far"
    return f"{name}: no value yet"


_WRONG_SIDE: Final = {
    Direction.INCREASE: "below target",
    Direction.DECREASE: "above target",
    Direction.BETWEEN: "outside its range",
}
_FAR_ON_WRONG_SIDE: Final = {
    Direction.INCREASE: "below the red flag",
    Direction.DECREASE: "above the red flag",
    Direction.BETWEEN: "far outside its range",
}


def source_words(source: str, aggregation: str, rollup: str, frequency: str) -> str:
    """Where a period's value comes from, as a sentence."""
    period = PERIOD[Frequency(frequency)]
    if source == Source.FORMULA:
        return f"Computed by its formula from other KPIs, every {period}."
    if source == Source.ROLLUP:
        return f"{ROLLUPS[Rollup(rollup)]} of the KPIs that feed it, every {period}."
    return f"Values are entered or sent in; where a {period} has several, {AGGREGATIONS[Aggregation(aggregation)]}."


def weighed(weight: float, contribution: int) -> str:
    """How a child counts in its parent, empty for the plain case."""
    notes = [
        "subtracted" if contribution == -1 else "",
        f"weight {weight:g}" if weight != 1 else "",
    ]
    return ", ".join(note for note in notes if note)


def validity(valid_from: dt.date | None, valid_to: dt.date | None) -> str:
    """When a link holds: "since 1 January 2026", "until 31 October 2026", "always"."""
    if valid_from and valid_to:
        return f"from {day(valid_from)} to {day(valid_to)}"
    if valid_from:
        return f"since {day(valid_from)}"
    return f"until {day(valid_to)}" if valid_to else "always"


def expected_words(expected_on: dt.date | None, is_late: bool, today: dt.date) -> str:
    """When the next value is due, or since when it is missing."""
    if expected_on is None:
        return ""
    if is_late:
        days = (today - expected_on).days
        return f"{days} {'day' if days == 1 else 'days'} late" if days > 0 else "late"
    return f"{'next value due' if expected_on >= today else 'value was due on'} {day(expected_on)}"


def overdue_words(expected_on: dt.date, today: dt.date, last: str) -> str:
    """Since when a value is missing, and what came last: "expected yesterday, nothing since September 2026"."""
    days = (today - expected_on).days
    when = {0: "today", 1: "yesterday"}.get(days, f"on {day(expected_on)}, {days:,} days ago")
    return f"expected {when}; nothing since {last}"


def late_words(days: int) -> str:
    """By how much something is overdue: "1 day overdue"; empty where it is not."""
    return f"{days:,} {'day' if days == 1 else 'days'} overdue" if days > 0 else ""


def so_far_words(show: Show, value: float | None, label: str, share: float) -> str:
    """The open period beside the one that speaks: "€ 212 k so far in November, 60 % of it gone"."""
    if value is None:
        return ""
    return f"{show(value)} so far in {label}, {share:.0%} of it gone".replace("%", f"{SPACE}%")
