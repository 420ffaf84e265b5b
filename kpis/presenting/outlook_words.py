"""What forecasts say, in sentences."""

from collections.abc import Callable
from typing import Final

from kpis import words
from kpis.drawing.numbers import SPACE
from kpis.engine.forecast import Model, Refused
from kpis.engine.periods import Frequency
from kpis.outlook import Ahead, Outlook

Show = Callable[[float | None], str]

METHODS: Final = {
    Model.DRIFT: "going on in a straight line",
    Model.SEASONAL_NAIVE: "repeating the season before",
    Model.SEASONAL_DRIFT: "the season before and the change since",
    Model.DAMPED_HOLT: "the trend flattening out",
    Model.HOLT: "the trend going on",
    Model.HOLT_WINTERS_ADDITIVE: "trend and season going on",
    Model.HOLT_WINTERS_MULTIPLICATIVE: "trend and season going on",
}


def next_words(ahead: Ahead, label: str, show: Show) -> str:
    """ "€ 412 k is expected in November 2026, four times out of five between € 390 k and € 434 k." """
    return (
        f"{show(ahead.mean)} is expected for {words.in_sentence(label)}, four times out of five between "
        f"{show(ahead.low)} and {show(ahead.high)}."
    )


def backtest_words(outlook: Outlook, frequency: Frequency, show: Show) -> str:
    """How far off the forecast would have been, beside the simplest one there is."""
    method, period = METHODS[outlook.model], words.PERIOD[frequency]
    return (
        f"Computed as {method}. In the past this was off by {show(outlook.error)} a {period}; taking the last value "
        f"by {show(outlook.naive_error)}."
    )


def chance_words(chance: float, goal: str, label: str) -> str:
    """ "The chance of at least € 420 k in December 2026 is 35 %." """
    percent = round(chance * 100)
    said = f"below 1{SPACE}%" if percent < 1 else f"above 99{SPACE}%" if percent > 99 else f"{percent}{SPACE}%"
    return f"The chance of {goal} in {words.in_sentence(label)} is {said}, if things go on as they are."


def refused_words(outlook: Outlook, show: Show) -> str:
    """Why no forecast is offered."""
    match outlook.refused:
        case Refused.TOO_SHORT:
            return "There is no forecast yet: it takes at least twelve values."
        case Refused.TOO_SPARSE:
            return "There is no forecast: too many periods are missing to tell how good one would be."
        case Refused.OUTDATED:
            return "There is no forecast: the last value is more than six periods old."
        case Refused.WORSE_THAN_NAIVE:
            return (
                "No forecast is offered: in the past the best method was off by "
                f"{show(outlook.error)}, more than taking the last value ({show(outlook.naive_error)})."
            )
    return "There is no forecast: too little is known to look ahead."
