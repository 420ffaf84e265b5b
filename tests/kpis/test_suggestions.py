"""Targets from history."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.engine.definitions import Direction, Target
from kpis.engine.periods import Calendar, Frequency
from kpis.engine.targets import target_refusals
from kpis.engine.units import Unit
from kpis.suggestions import Suggestion, suggest

UP, DOWN = Direction.INCREASE, Direction.DECREASE
MONEY, PERCENT = Unit.parse("currency:EUR"), Unit.parse("percent")


def test_the_target_is_a_step_above_the_usual_month_and_the_floor_a_fifth_below_it() -> None:
    assert suggest([100, 300, 200, None], direction=UP, unit=MONEY) == Suggestion(210, 168, 200, 3)


def test_less_is_better_steps_down() -> None:
    assert suggest([100, 300, 200], direction=DOWN, unit=MONEY) == Suggestion(190, 228, 200, 3)


def test_a_percentage_goes_half_of_the_way_to_a_hundred_at_most() -> None:
    assert suggest([0.98, 0.97, 0.99], direction=UP, unit=PERCENT) == Suggestion(
        0.99, 0.97, 0.98, 3, is_halfway=True, is_worst=True
    )


def test_only_the_last_twelve_count() -> None:
    found = suggest([9999.0] * 5 + [100.0] * 12, direction=UP, unit=MONEY)

    assert found is not None
    assert found.usual == 100


@pytest.mark.parametrize("values", [[], [1, 2], [1, None, 2]])
def test_two_values_are_no_history(values: list[float | None]) -> None:
    assert suggest(values, direction=UP, unit=MONEY) is None


@given(
    values=st.lists(st.none() | st.floats(allow_nan=True, allow_infinity=True), max_size=20),
    direction=st.sampled_from([UP, DOWN]),
    unit=st.sampled_from([MONEY, PERCENT, Unit.parse("ratio"), Unit.parse("number")]),
)
def test_what_is_suggested_can_be_stored(values: list[float | None], direction: Direction, unit: Unit) -> None:
    found = suggest(values, direction=direction, unit=unit)
    if found is None:
        return
    target = Target(Calendar().first_date(Frequency.MONTHLY, 670), found.target, found.floor)

    assert (
        target_refusals([target], direction=direction, unit=unit, frequency=Frequency.MONTHLY, calendar=Calendar())
        == []
    )
