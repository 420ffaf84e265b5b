import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrs.progress import Part, objective_standing
from okrs.series import days, filled, objective_expected_series, objective_series
from okrs.shares import Stake
from okrs.spans import Span

WEEK = Span(dt.date(2026, 4, 6), dt.date(2026, 4, 12))
FORTNIGHT = Span(dt.date(2026, 4, 6), dt.date(2026, 4, 19))


def day(number):
    return dt.date(2026, 4, number)


def test_a_series_is_null_before_the_first_record_and_carried_forward_after():
    assert filled([(day(10), 4.0), (day(8), 2.0)], WEEK, day(11)) == [None, None, 2, 2, 4, 4]


def test_a_record_from_before_the_cycle_holds_from_its_first_day():
    assert filled([(day(1), 1.0), (day(7), None)], WEEK, day(8)) == [1, 1, 1]


def test_the_last_record_of_a_date_counts():
    assert filled([(day(6), 1.0), (day(6), 2.0)], WEEK, day(6)) == [2]


def test_a_series_ends_with_the_cycle_and_is_empty_before_it():
    assert len(filled([], WEEK, day(30))) == 7
    assert filled([(day(1), 1.0)], WEEK, day(5)) == []


def test_an_objectives_series_is_null_until_a_part_has_a_record():
    parts = [(Stake(), [None, 0.5, -0.5]), (Stake(3.0), [None, None, 2.0])]
    assert objective_series(parts, WEEK, day(8)) == [None, 0.125, 0.75]


def test_without_parts_an_objective_has_no_line_but_days():
    assert objective_series([], WEEK, day(7)) == [None, None]
    assert objective_expected_series([], WEEK, day(7)) == [1 / 7, 2 / 7]


def test_a_child_of_a_shorter_cycle_counts_by_its_share_and_is_carried_on():
    series = filled([(day(6), 0.5), (day(8), 1.0)], FORTNIGHT, day(15))
    assert objective_series([(Stake(1.0, WEEK), series)], FORTNIGHT, day(15))[-1] == 0.5


@given(st.lists(st.tuples(st.floats(-2, 2), st.floats(0.1, 5), st.sampled_from([None, WEEK])), min_size=1))
def test_the_last_day_of_an_objectives_series_is_its_progress(parts):
    series = objective_series(
        [(Stake(weight, span), [reached] * 14) for reached, weight, span in parts], FORTNIGHT, day(30)
    )
    now = objective_standing([Part(reached, 0.0, weight, span) for reached, weight, span in parts], FORTNIGHT, day(19))
    assert series[-1] == pytest.approx(now.progress)


def test_expected_of_an_objective_day_by_day_counts_days_without_a_child_as_passed():
    of_child = filled([(on, WEEK.elapsed(on)) for on in days(WEEK, day(19))], FORTNIGHT, day(19))
    wanted = objective_expected_series([(Stake(1.0, WEEK), of_child)], FORTNIGHT, day(19))
    assert wanted == pytest.approx([number / 14 for number in range(1, 15)])
