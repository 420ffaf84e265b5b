"""The complete periods of a KPI as one array, from which forecasts and process limits are computed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from kpis.engine.comparison import is_at_least
from kpis.engine.forecast import season_length
from kpis.engine.forecast.histories import RECENT, RECENT_SEASONS
from kpis.engine.periods import Calendar, Frequency
from kpis.engine.values import Matrix
from kpis.models import Score

NEVER: Final = np.array([np.nan])


@dataclass(frozen=True, slots=True)
class History:
    """``values`` of consecutive periods, the first of which is ``begins``; NaN where one is missing or partial."""

    calendar: Calendar
    frequency: Frequency
    begins: int
    values: Matrix

    @property
    def season_length(self) -> int:
        return season_length(self.frequency)

    @property
    def last(self) -> int:
        """The last period that has ended."""
        return self.begins + len(self.values) - 1


def looked_at(frequency: Frequency) -> int:
    """How many periods of history are looked at."""
    return max(RECENT, RECENT_SEASONS * season_length(frequency))


def history_of(scores: Iterable[Score], calendar: Calendar, frequency: Frequency, *, today: int) -> History:
    """The history that stored scores tell, up to the period before ``today``'s; partial values are left out, because
    they are low for a reason that says nothing about the next."""
    known = {
        calendar.ordinal(frequency, score.period): np.nan if _is_partial(score) else score.value
        for score in scores
        if score.complete and score.value is not None
    }
    if not known:
        return History(calendar, frequency, today - 1, NEVER)
    begins = min(known)
    values = np.full(max(today, max(known) + 1) - begins, np.nan)
    values[[ordinal - begins for ordinal in known]] = list(known.values())
    return History(calendar, frequency, begins, values)


def _is_partial(score: Score) -> bool:
    return score.coverage is not None and not is_at_least(score.coverage, 1.0)
