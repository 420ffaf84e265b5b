"""Rolled up together objectives stand as each does by itself."""

import datetime as dt
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Organization
from okrs.models import Cycle, Objective
from okrs.progress import clamped
from okrs.reading.rollup import RollUp
from okrs.reading.summaries import Frame, SummarizedKeyResult, Summary
from okrs.reading.views import ObjectiveView

TODAY = dt.date(2026, 8, 20)
DAYS = [dt.date(2026, 1, 1), dt.date(2026, 5, 1), TODAY]
QUARTERS = [(1, 3, 31), (4, 6, 30), (7, 9, 30), (10, 12, 31)]
CYCLES = [
    Cycle(starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 12, 31)),
    *(Cycle(starts_on=dt.date(2026, first, 1), ends_on=dt.date(2026, last, day)) for first, last, day in QUARTERS),
    Cycle(starts_on=dt.date(2025, 1, 1), ends_on=dt.date(2025, 3, 31)),
]
FRAMES = [Frame(Organization(time_zone="Europe/Berlin"), cycle, TODAY) for cycle in CYCLES]
WEIGHTS = st.sampled_from([0.5, 1.0, 3.0])
PROGRESS = st.floats(-0.5, 1.5)
COURSES = st.lists(st.none() | PROGRESS, min_size=len(DAYS), max_size=len(DAYS))
OBJECTIVES = st.lists(
    st.tuples(
        st.integers(0, 30),  # the objective above it, by its place; its own, or a later one: none
        st.integers(0, len(CYCLES) - 1),
        st.sampled_from(["key_results", "children", "both"]),
        WEIGHTS,
        st.lists(st.tuples(PROGRESS, WEIGHTS, COURSES), max_size=3),
    ),
    max_size=9,
)


def build(objectives: list[tuple[Any, ...]]) -> list[ObjectiveView]:
    views: list[ObjectiveView] = []
    for place, (above, cycle, source, weight, key_results) in enumerate(objectives):
        row = Objective(id=UUID(int=place), cycle=CYCLES[cycle], progress_from=source, weight=weight)
        views.append(ObjectiveView(TODAY, row))
        for number, told in enumerate(key_results):
            views[place].key_results.append(key_result(UUID(int=1000 + 10 * place + number), FRAMES[cycle], *told))
        if above < place:
            views[above].children.append(views[place])
    return views


def key_result(
    id: UUID, frame: Frame, progress: float, weight: float, course: list[float | None]
) -> SummarizedKeyResult:
    row = Summary(id, id, "", None, weight, False, "days", "weekly", 4, 0.0, progress, progress, None, None)
    unread: Any = SimpleNamespace(courses=lambda _: {id: course})
    return SummarizedKeyResult(TODAY, frame, row, unread)


@given(OBJECTIVES)
def test_together_they_stand_as_each_by_itself(objectives: list[tuple[Any, ...]]) -> None:
    together, alone = build(objectives), build(objectives)
    RollUp(together).settle()
    for one, other in zip(together, alone, strict=True):
        assert one.standing.progress == pytest.approx(other.standing.progress, abs=1e-12)
        assert one.standing.expected == pytest.approx(other.standing.expected, abs=1e-12)
        assert one.status == other.status


@given(OBJECTIVES)
def test_so_they_did_on_every_day(objectives: list[tuple[Any, ...]]) -> None:
    courses = RollUp(build(objectives)).courses(DAYS)
    for view in build(objectives):
        for place in range(len(DAYS)):
            expected = by_itself(view, place)
            assert courses[view.id][place] == (None if expected is None else pytest.approx(expected, abs=1e-12))


def by_itself(view: ObjectiveView, place: int) -> float | None:
    """The weighted mean of what is known of its parts on one of the days, what is not counting 0."""
    parts = [
        by_itself(one, place) if isinstance(one, ObjectiveView) else one.progress_on(DAYS)[place]
        for one in view.counting
    ]
    if view.shares.total <= 0 or all(part is None for part in parts):
        return None
    return clamped(view.shares.mean([clamped(part or 0.0) for part in parts]))


def test_before_the_first_day_there_is_nothing_to_tell() -> None:
    assert RollUp(build([(0, 0, "both", 1.0, [])])).courses([]) == {UUID(int=0): []}
