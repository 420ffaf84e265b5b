"""Random organizations for property tests."""

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from kpis.engine.definitions import Aggregation, Kpi, Link, Rollup, Source, Target
from kpis.engine.periods import FREQUENCIES, Calendar

TODAY = dt.date(2026, 11, 23)
DATES = st.dates(dt.date(2025, 10, 1), dt.date(2026, 12, 15))
VALUES = st.floats(-1e9, 1e9).map(lambda value: value + 0.1)
CALENDARS = st.builds(Calendar, st.sampled_from([1, 2, 4]), st.sampled_from([0, 6]))
SERIES = st.dictionaries(DATES, VALUES, max_size=12)


@st.composite
def kpis(draw: Any) -> list[Kpi]:
    """Measured KPIs first, then roll-ups; every KPI's id is its place in the list."""
    leaves, roll_ups = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    return [_kpi(draw, id, id >= leaves) for id in range(leaves + roll_ups)]


def _kpi(draw: Any, id: int, is_roll_up: bool) -> Kpi:
    archived_on = draw(st.one_of(st.none(), st.none(), st.none(), DATES))
    return Kpi(
        id=id,
        key=f"kpi{id}",
        frequency=draw(st.sampled_from(FREQUENCIES)),
        source=Source.ROLLUP if is_roll_up else Source.MEASURED,
        rollup=draw(st.sampled_from(list(Rollup))) if is_roll_up else None,
        aggregation=draw(st.sampled_from(list(Aggregation))),
        carry_forward=draw(st.sampled_from([0, 0, 2])),
        archived_on=archived_on,
        targets=tuple(Target(date, 100.0) for date in draw(st.lists(DATES, max_size=2))),
    )


@st.composite
def links(draw: Any, kpis: list[Kpi]) -> list[Link]:
    """Links from roll-ups to KPIs before them in the list that are no coarser, some limited in time, some weighted."""
    drawn = []
    for parent in kpis:
        if parent.source is Source.ROLLUP:
            finer = [kpi for kpi in kpis[: parent.id] if not kpi.frequency.is_coarser_than(parent.frequency)]
            children = draw(st.lists(st.sampled_from(finer), max_size=4, unique_by=lambda kpi: kpi.id)) if finer else []
            drawn += [_link(draw, parent, child, finer) for child in children]
    return drawn


def _link(draw: Any, parent: Kpi, child: Kpi, finer: list[Kpi]) -> Link:
    weighted = parent.rollup is Rollup.WEIGHTED_MEAN and draw(st.booleans())
    return Link(
        parent=parent.id,
        child=child.id,
        weight=draw(st.floats(0.1, 10)),
        contribution=draw(st.sampled_from([1, -1])) if parent.rollup is Rollup.SUM else 1,
        valid_from=draw(st.one_of(st.none(), st.none(), DATES)),
        valid_to=draw(st.one_of(st.none(), st.none(), DATES)),
        weight_by=draw(st.sampled_from(finer)).id if weighted else None,
    )


@st.composite
def organizations(draw: Any) -> tuple[Calendar, list[Kpi], list[Link], dict[int, dict[dt.date, float]]]:
    """Calendar, KPIs, links, and each measured KPI's values by date."""
    drawn = draw(kpis())
    series = {kpi.id: draw(SERIES) for kpi in drawn if kpi.source is Source.MEASURED}
    return draw(CALENDARS), drawn, draw(links(drawn)), series
