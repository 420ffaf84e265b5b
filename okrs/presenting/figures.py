"""A key result's numbers as text: every page shows them alike."""

from collections.abc import Sequence

from django.utils.safestring import SafeString, mark_safe

from kpis.drawing import numbers, status
from okrs.drawing.progress_bar import progress_bar
from okrs.models import KeyResult
from okrs.models.choices import KeyResultKind


class Figures:
    """Writes the numbers of one key result with its unit, those of a linked one as its KPI's are written."""

    def __init__(self, key_result: KeyResult) -> None:
        self.key_result = key_result
        self.unit = key_result.shown_unit
        self.decimals = key_result.kpi.decimals if key_result.kpi else None

    def text(self, number: float | None) -> str:
        """In full, as plain text; decimals that were typed are shown."""
        return str(numbers.show(number, self.unit, self._places(number)))

    def short(self, number: float | None) -> str:
        """Two or three figures, as plain text."""
        return str(numbers.show(number, self.unit, self._places(number), short=True))

    def apart(self, before: float, after: float) -> list[str]:
        """Two values that differ: short where that tells them apart, otherwise in full."""
        short = [self.short(before), self.short(after)]
        return short if short[0] != short[1] else [self.text(before), self.text(after)]

    def axis(self, ticks: Sequence[float]) -> list[str]:
        """All values beside an axis, with as many digits as tell them apart."""
        return numbers.show_axis(ticks, self.unit, self.decimals)

    def html(self, number: float | None) -> SafeString:
        """With the unit quieter than the figure."""
        shown = numbers.show(number, self.unit, self._places(number), short=True)
        return mark_safe(shown.as_html())  # noqa: S308 - escaped there

    def goal(self) -> str:
        """What it is about, in words: "from 12 to 20", "keep at or above 95 %"."""
        own = self.key_result
        match own.kind:
            case KeyResultKind.AT_LEAST:
                return f"keep at or above {self.short(own.low)}"
            case KeyResultKind.AT_MOST:
                return f"keep at or below {self.short(own.high)}"
            case KeyResultKind.BETWEEN:
                return f"keep between {self.short(own.low)} and {self.short(own.high)}"
            case KeyResultKind.MILESTONES:
                return "reach its milestones"
        if own.start is None:
            return f"reach {self.short(own.target)}"
        return f"from {self.short(own.start)} to {self.short(own.target)}"

    def _places(self, number: float | None) -> int | None:
        """Without a KPI a number has as many decimals as it was given with, two at most."""
        kind = self.unit.partition(":")[0]
        if self.decimals is not None or number is None or kind not in ("number", "custom", "percent"):
            return self.decimals
        shown = abs(number) * (100 if kind == "percent" else 1)
        exact = f"{shown:.2f}".rstrip("0").rstrip(".") if shown < 1e15 else ""
        return len(exact.partition(".")[2])


def percent(share: float) -> str:
    """Progress as people read it: 37 %."""
    return str(numbers.show(share, "percent", 0))


def points(share: float) -> str:
    """A difference of two percentages, without its sign: "12 points"."""
    count = numbers.show(abs(share) * 100, "number", 0)
    return f"{count} point" if str(count) == "1" else f"{count} points"


def mark(key: str, *, badge: bool = False) -> SafeString:
    """A status as shape, word and colour."""
    return mark_safe(status.status_mark(key, badge=badge))  # noqa: S308 - our own words


def bar(progress: float, expected: float | None, key: str, label: str = "") -> SafeString:
    """How far something is, with a tick where it should be by now."""
    return mark_safe(progress_bar(progress, expected, key, label=label))  # noqa: S308 - escaped there
