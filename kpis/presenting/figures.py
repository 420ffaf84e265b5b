"""A KPI's numbers as text: every page shows them alike."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from kpis import words
from kpis.drawing import numbers, status
from kpis.models import Kpi

CHANGE_CLASSES = {True: "good", False: "bad", None: "quiet"}


class Figures:
    """Writes the numbers of one KPI with its unit and decimals."""

    def __init__(self, kpi: Kpi) -> None:
        self.kpi = kpi

    def text(self, number: float | None) -> str:
        """In full, as plain text."""
        return str(numbers.show(number, self.kpi.unit, self.kpi.decimals))

    def short(self, number: float | None) -> str:
        """Two or three figures, as plain text."""
        return str(numbers.show(number, self.kpi.unit, self.kpi.decimals, short=True))

    def axis(self, ticks: Sequence[float]) -> list[str]:
        """All values beside an axis, with as many digits as tell them apart."""
        return numbers.show_axis(ticks, self.kpi.unit, self.kpi.decimals)

    def html(self, number: float | None, *, short: bool = False) -> SafeString:
        """With the unit quieter than the figure."""
        shown = numbers.show(number, self.kpi.unit, self.kpi.decimals, short=short)
        return mark_safe(shown.as_html())  # noqa: S308 - escaped there

    def change(self, number: float | None, base: float | None) -> SafeString:
        """Signed, coloured by whether that is good for the KPI; empty where there is nothing to compare."""
        said = numbers.show_change(number, base, self.kpi.unit, self.kpi.decimals)
        if not said or number is None or base is None:
            return mark_safe("")
        css = CHANGE_CLASSES[numbers.is_improvement(number, base, self.kpi.direction)]
        return format_html('<span class="{} nowrap">{}</span>', css, said)

    def goal(self, target: float | None, low: float | None, high: float | None) -> str:
        """ "at least € 700 k"."""
        return words.goal_words(self.short, target=target, low=low, high=high, direction=self.kpi.direction)

    def goal_html(self, target: float | None, low: float | None, high: float | None) -> SafeString:
        """The target for a column of targets: the number, or the two ends of the range."""
        if low is not None and high is not None:
            return format_html('<span class="nowrap">{}\u2013{}</span>', self.html(low), self.html(high))
        return self.html(target) if target is not None else mark_safe("")


def mark(key: str, *, badge: bool = False) -> SafeString:
    """A status as shape, word and colour."""
    return mark_safe(status.status_mark(key, badge=badge))  # noqa: S308 - our own words


def share(attainment: float | None) -> str:
    """How much of its target a value reached, as in "96 %"; empty where a share means nothing."""
    return str(numbers.show(attainment, "percent", 0)) if attainment is not None else ""
