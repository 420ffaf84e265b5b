"""Where two target courses differ."""

from hypothesis import given
from hypothesis import strategies as st

from kpis.engine.definitions import Direction
from kpis.target_changes import Course, Goal, changed_steps, course

RUNNING = 10
STARTS = st.dictionaries(st.integers(0, 20), st.sampled_from([100.0, 130.0, 160.0]), max_size=4)
COURSES = st.builds(
    lambda goals, is_linear: course(
        ((start, Goal(target)) for start, target in goals.items()), direction=Direction.INCREASE, is_linear=is_linear
    ),
    STARTS,
    st.booleans(),
)


@given(COURSES, COURSES)
def test_steps_cover_every_period_that_differs_and_begin_with_one(before: Course, after: Course) -> None:
    steps = list(changed_steps(before, after, running=RUNNING))
    differing = {period for period in range(30) if _numbers(before.at(period)) != _numbers(after.at(period))}
    covered = {period for step in steps for period in range(step.first, 30 if step.stop is None else step.stop)}
    assert differing <= covered
    assert {step.first for step in steps} <= differing
    assert all(step.first > RUNNING or (step.stop is not None and step.stop <= RUNNING + 1) for step in steps)


def _numbers(goal: Goal | None) -> tuple[float, ...] | None:
    if goal is None or goal.target is None or goal.floor is None:
        return None
    return round(goal.target, 6), round(goal.floor, 6)


def test_a_red_flag_that_is_the_usual_one_changes_nothing() -> None:
    given, left_out = (
        course([(1, Goal(100, floor))], direction=Direction.INCREASE, is_linear=False) for floor in (80, None)
    )
    assert list(changed_steps(given, left_out, running=RUNNING)) == []
