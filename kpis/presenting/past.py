"""What the last periods suggest for a target."""

from dataclasses import dataclass
from statistics import median

from kpis import words
from kpis.engine.periods import Frequency
from kpis.models import Kpi, Score
from kpis.models.choices import Direction
from kpis.presenting.figures import Figures

ENOUGH = 3
LOOKED_AT = 12


@dataclass(frozen=True, slots=True)
class Past:
    """The last complete periods in numbers: how many, their middle, best and latest, ready to show."""

    count: int
    period: str
    middle: str
    best: str
    latest: str


def past_of(kpi: Kpi) -> Past | None:
    """A hint from history; None where there is too little of it to say anything."""
    complete = Score.objects.filter(kpi_id=kpi.pk, complete=True, value__isnull=False).order_by("-period")
    values = [value for value in complete.values_list("value", flat=True)[:LOOKED_AT] if value is not None]
    if len(values) < ENOUGH:
        return None
    figures = Figures(kpi)
    best = min(values) if kpi.direction == Direction.DECREASE else max(values)
    return Past(
        count=len(values),
        period=words.PERIOD[Frequency(kpi.frequency)],
        middle=figures.text(median(values)),
        best=f"{figures.text(min(values))} to {figures.text(max(values))}"
        if kpi.direction == Direction.BETWEEN
        else figures.text(best),
        latest=figures.text(values[0]),
    )
