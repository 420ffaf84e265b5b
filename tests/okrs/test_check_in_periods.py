import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from kpis.engine.cadence import Cadence
from okrs.check_in_periods import check_in_periods, share_due
from okrs.progress import Keep, expected, progress
from okrs.spans import Span

JANUARY = Span(dt.date(2026, 1, 1), dt.date(2026, 1, 31))
FRIDAYS = Cadence("weekly", weekday=4)


def on(day):
    return dt.date(2026, 1, day)


def values(*dated):
    return [value for _, value in check_in_periods(FRIDAYS, JANUARY, dated, on(31))]


def test_all_periods_of_the_cycle_are_planned():
    assert [due.day for due, _ in check_in_periods(FRIDAYS, JANUARY, [], on(1))] == [2, 9, 16, 23, 30]


def test_the_last_value_up_to_the_due_date_counts():
    assert values((on(1), 1.0), (on(5), 2.0), (on(8), 3.0)) == [1, 3, None, None, None]


def test_a_late_value_counts_for_the_period_it_makes_up_for_alone():
    assert values((on(5), 1.0)) == [1, None, None, None, None]


def test_words_without_a_value_leave_a_period_without_one():
    assert values((on(2), None), (on(9), 4.0)) == [None, 4, None, None, None]


def test_a_missed_period_is_not_held():
    keep = Keep(low=1.0, periods=check_in_periods(FRIDAYS, JANUARY, [(on(2), 1.0), (on(9), 0.5)], on(20)))
    assert progress(keep, on(20)) == 0.2


@given(st.sampled_from(["weekly", "biweekly", "monthly", "quarterly"]), st.integers(1, 6), st.integers(-40, 200))
def test_the_share_that_is_due_is_what_is_expected_of_a_keep_kind(rhythm, day, elapsed):
    quarter, cadence = Span(dt.date(2026, 1, 1), dt.date(2026, 3, 31)), Cadence(rhythm, weekday=day, day=day)
    today = quarter.starts_on + dt.timedelta(elapsed)
    keep = Keep(low=1.0, periods=check_in_periods(cadence, quarter, [(on(9), 2.0)], today))
    assert share_due(cadence, quarter, today) == expected(keep, quarter, today)


def test_nothing_is_due_where_no_period_ends_within_the_cycle():
    assert share_due(Cadence("quarterly"), JANUARY, on(31)) == 0.0
