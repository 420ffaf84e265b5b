"""What pages say about progress, in words a shop manager would use. Pure: plain values in, text out."""

import datetime as dt
from typing import Final

from kpis.drawing.numbers import SPACE, show
from kpis.drawing.status import STATUSES
from kpis.engine.comparison import is_equal
from kpis.words import day

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NEAR: Final = 0.005  # of a progress: less shows as no point at all


def days_left_words(days: int, starts_on: dt.date, today: dt.date) -> str:
    """How long a cycle goes on: "43 days left", "begins in 12 days", "over"."""
    if today < starts_on:
        ahead = (starts_on - today).days
        return f"begins in {counted(ahead, 'day')}"
    return f"{counted(days, 'day')} left" if days else "over"


def pace_words(progress: float, expected: float, status: str) -> str:
    """How progress compares with what is expected by now: "12 points behind its time of the cycle"."""
    if status == "not_started":
        return "The cycle has not begun"
    if status == "achieved":
        return "Reached"
    gap = progress - expected
    if abs(gap) < NEAR:
        return "Where it should be by now"
    ahead_or_behind = "ahead of" if gap > 0 else "behind"
    return f"{_points(gap)} {ahead_or_behind} its time of the cycle"


def short_pace_words(progress: float, expected: float, status: str) -> str:
    """The same where room is scarce: "12 points behind"; empty where there is nothing to compare."""
    if status in ("not_started", "achieved", "no_data") or abs(progress - expected) < NEAR:
        return ""
    gap = progress - expected
    return f"{_points(gap)} {'ahead' if gap > 0 else 'behind'}"


def progress_words(progress: float, expected: float, status: str) -> str:
    """The same with its numbers, for those who cannot see the bar: "37 % done, 50 % expected by now, at risk"."""
    word = STATUSES[status].word.lower() if status in STATUSES else status
    return f"{_percent(progress)} done, {_percent(expected)} expected by now, {word}"


def contradiction_words(owner: str, confidence: str, status: str) -> str:
    """That what was said and what is computed are far apart."""
    said, computed = (STATUSES[key].word.lower() for key in (confidence, status))
    return f"{owner or 'The owner'} says {said}, the numbers say {computed}"


def confidence_words(confidence: str) -> str:
    """What was said, within a sentence."""
    return STATUSES[confidence].word.lower()


def cadence_words(cadence: str, on: int) -> str:
    """When check-ins are due: "every Friday", "on the last day of every month"."""
    match cadence:
        case "weekly":
            return f"every {WEEKDAYS[on]}"
        case "biweekly":
            return f"every second {WEEKDAYS[on]}"
    whole = "month" if cadence == "monthly" else "quarter"
    place = "the last day" if on == 31 else f"day {on}"
    return f"on {place} of every {whole}"


def due_words(next_due: dt.date | None, owed_since: dt.date | None, today: dt.date) -> str:
    """When somebody is to check in: "check-in due Friday, 20 November 2026"; empty where nobody is."""
    if owed_since is not None and owed_since < today:
        return f"check-in due since {day(owed_since)}"
    if owed_since == today:
        return "check-in due today"
    return f"next check-in {WEEKDAYS[next_due.weekday()]}, {day(next_due)}" if next_due else ""


def ago_words(on: dt.date, today: dt.date) -> str:
    """How long ago a day was: "today", "3 days ago", else the date."""
    days = (today - on).days
    recent = {0: "today", 1: "yesterday"}.get(days)
    return recent or (f"{days} days ago" if 1 < days < 14 else f"on {day(on)}")


def counted(number: int, noun: str, plural: str = "") -> str:
    """ "1 day", "3 days"."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def _percent(share: float) -> str:
    return str(show(share, "percent", 0))


def _points(gap: float) -> str:
    size = show(abs(gap) * 100, "number", 0)
    return f"{size}{SPACE}{'point' if bool(is_equal(float(str(size).replace(',', '')), 1.0)) else 'points'}"
