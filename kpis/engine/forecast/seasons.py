"""How many periods make a season."""

from __future__ import annotations

from typing import Final

from kpis.engine.periods import Frequency

NO_SEASON: Final = 1
SEASON_LENGTHS: Final = {
    Frequency.DAILY: 7,
    Frequency.WEEKLY: 52,
    Frequency.MONTHLY: 12,
    Frequency.QUARTERLY: 4,
    Frequency.YEARLY: NO_SEASON,
}


def season_length(frequency: Frequency) -> int:
    """The periods after which a season repeats: a week of days, otherwise a year; 1 where none does."""
    return SEASON_LENGTHS[frequency]
