"""Check-ins and reviews, sentence by sentence. 2026: 1 January is a Thursday, 1 February a Sunday."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.engine.cadence import Cadence, WorkingDays, lead_told_on, next_due, outcomes, owed, reminded_of, reminder_on

FIRST = Cadence("monthly", day=1)
FRIDAYS = Cadence("weekly", weekday=4)


def on(month, day):
    return dt.date(2026, month, day)


NEW_YEAR = on(1, 1)


def due_in(cadence, first, last):
    return [(date.month, date.day) for date in cadence.due_dates(first, last)]


def test_weekly_is_due_on_its_weekday():
    assert due_in(FRIDAYS, NEW_YEAR, on(1, 23)) == [(1, 2), (1, 9), (1, 16), (1, 23)]


def test_every_two_weeks_counts_from_the_anchors_week():
    tuesdays = Cadence("biweekly", weekday=1, anchor=on(1, 11))
    assert due_in(tuesdays, NEW_YEAR, on(2, 5)) == [(1, 6), (1, 20), (2, 3)]


def test_monthly_day_31_means_the_last_day():
    assert due_in(Cadence("monthly", day=31), NEW_YEAR, on(4, 30)) == [(1, 31), (2, 28), (3, 31), (4, 30)]
    assert Cadence("monthly", day=30).due_from(dt.date(2028, 2, 1)) == dt.date(2028, 2, 29)


def test_quarterly_is_due_at_the_end_of_a_quarter():
    assert due_in(Cadence("quarterly"), NEW_YEAR, on(12, 31)) == [(3, 31), (6, 30), (9, 30), (12, 31)]


def test_quarters_follow_the_fiscal_year():
    tenth = Cadence("quarterly", day=10, month_of_quarter=1, fiscal_year_start=2)
    assert due_in(tenth, NEW_YEAR, on(12, 31)) == [(2, 10), (5, 10), (8, 10), (11, 10)]


@pytest.mark.parametrize("wrong", [{"weekday": 7}, {"day": 0}, {"month_of_quarter": 4}, {"fiscal_year_start": 13}])
def test_what_no_calendar_has_is_refused(wrong):
    with pytest.raises(ValueError, match="a number from"):
        Cadence("monthly", **wrong)


def test_due_1_february_done_31_january_the_next_is_1_march():
    assert FIRST.next_due(on(1, 31)) == on(3, 1)


def test_due_1_february_done_15_january_it_is_still_1_february():
    assert FIRST.next_due(on(1, 15)) == on(2, 1)


@pytest.mark.parametrize(
    ("cadence", "due", "days"),
    [
        (FRIDAYS, on(1, 9), 1),
        (Cadence("biweekly", weekday=4), on(1, 9), 3),
        (FIRST, on(2, 1), 7),
        (Cadence("quarterly"), on(3, 31), 7),
    ],
)
def test_early_days_of_each_cadence(cadence, due, days):
    assert cadence.next_due(due - dt.timedelta(days)) == cadence.due_after(due)
    assert cadence.next_due(due - dt.timedelta(days + 1)) == due


def test_what_is_done_from_the_reminder_on_satisfies_what_it_reminds_of():
    sundays = Cadence("weekly", weekday=6)
    assert reminder_on(on(1, 11), WorkingDays()) == on(1, 9)
    assert sundays.next_due(on(1, 9)) == on(1, 18)
    assert sundays.next_due(on(1, 8)) == on(1, 11)
    closed = WorkingDays(holidays=frozenset([on(1, 8), on(1, 9)]))
    assert Cadence("weekly", weekday=6, working=closed).next_due(on(1, 7)) == on(1, 18)


def test_late_for_one_and_early_for_the_next_satisfies_both():
    assert owed(FIRST, [on(1, 27)], NEW_YEAR, on(2, 20)) == []
    kept = outcomes(FIRST, [on(1, 27)], NEW_YEAR, on(2, 2))
    assert [(each.due_on, each.kept) for each in kept] == [(NEW_YEAR, "late"), (on(2, 1), "on_time")]


def test_late_for_one_and_not_early_for_the_next_satisfies_one():
    kept = outcomes(FIRST, [on(1, 15)], NEW_YEAR, on(3, 1))
    assert [each.kept for each in kept] == ["late", "missed"]


def test_always_two_weeks_late_is_always_late():
    kept = outcomes(FIRST, [on(1, 15), on(2, 15), on(3, 15)], NEW_YEAR, on(3, 20))
    assert [each.kept for each in kept] == ["late", "late", "late"]


def test_on_time_is_from_the_day_after_the_previous_due_date():
    kept = outcomes(FIRST, [NEW_YEAR, on(1, 2)], NEW_YEAR, on(3, 1))
    assert [(each.done_on, each.kept) for each in kept] == [(NEW_YEAR, "on_time"), (on(1, 2), "on_time")]


@pytest.mark.parametrize(
    ("done", "kept"), [(1, "on_time"), (3, "on_time"), (4, "late"), (28, "late"), (None, "missed")]
)
def test_on_time_with_two_days_of_grace_then_late_then_missed(done, kept):
    dates = [NEW_YEAR, *([on(2, done)] if done else [])]
    assert outcomes(FIRST, dates, NEW_YEAR, on(3, 1), grace_days=2)[1].kept == kept


def test_grace_ends_before_the_next_due_date():
    kept = outcomes(FRIDAYS, [on(1, 9)], on(1, 2), on(1, 9), grace_days=30)
    assert [each.kept for each in kept] == ["missed", "on_time"]


def test_what_made_up_within_grace_is_not_on_time_for_the_next_date_too():
    kept = outcomes(FRIDAYS, [on(1, 3)], on(1, 2), on(1, 16), grace_days=2)
    assert [(each.done_on, each.kept) for each in kept] == [(on(1, 3), "on_time"), (None, "missed")]


def test_nothing_is_said_of_a_due_date_until_it_is_decided():
    assert outcomes(FIRST, [], on(2, 1), on(2, 20)) == []
    assert outcomes(FIRST, [NEW_YEAR, on(1, 15)], on(2, 1), on(1, 20)) == []
    assert [each.kept for each in outcomes(FIRST, [on(1, 26)], on(2, 1), on(1, 28))] == ["on_time"]


def test_owed_since_the_first_that_nothing_satisfies():
    assert owed(FRIDAYS, [on(1, 8)], NEW_YEAR, on(1, 24)) == [on(1, 16), on(1, 23)]
    assert owed(FRIDAYS, [on(1, 24)], NEW_YEAR, on(1, 24)) == []
    assert owed(FRIDAYS, [on(1, 30)], NEW_YEAR, on(1, 9)) == [on(1, 2), on(1, 9)]


def test_next_due_is_what_is_owed_else_what_lies_ahead():
    assert next_due(FRIDAYS, [], on(1, 2), on(1, 11)) == on(1, 9)
    assert next_due(FRIDAYS, [on(1, 8)], on(1, 2), on(1, 9)) == on(1, 16)
    assert next_due(FRIDAYS, [on(1, 8)], on(1, 2), on(1, 8)) == on(1, 16)
    assert next_due(FRIDAYS, [], on(2, 1), on(1, 8)) == on(2, 6)


def test_due_on_a_non_working_day_the_reminder_goes_on_the_working_day_before():
    assert reminder_on(on(2, 1), WorkingDays()) == on(1, 30)
    assert reminder_on(NEW_YEAR, WorkingDays(holidays=frozenset({NEW_YEAR}))) == dt.date(2025, 12, 31)
    assert reminder_on(on(1, 2), WorkingDays()) == on(1, 2)


def test_of_a_working_day_are_the_due_dates_since_the_one_before_to_the_eve_of_the_next():
    assert reminded_of(on(1, 9), WorkingDays()) == (on(1, 8), on(1, 11))
    assert reminded_of(on(1, 12), WorkingDays()) == (on(1, 9), on(1, 12))


def test_two_working_days_overdue_tells_the_lead():
    assert lead_told_on(on(1, 9), WorkingDays()) == on(1, 13)


def test_a_week_without_a_working_day_is_refused():
    with pytest.raises(ValueError, match="working day"):
        WorkingDays(weekdays=frozenset())


CADENCES = st.builds(
    Cadence,
    st.sampled_from(["weekly", "biweekly", "monthly", "quarterly"]),
    weekday=st.integers(0, 6),
    day=st.integers(1, 31),
    month_of_quarter=st.integers(1, 3),
    fiscal_year_start=st.integers(1, 12),
)
DATES = st.dates(dt.date(2024, 1, 1), dt.date(2028, 12, 31))


@given(CADENCES, DATES)
def test_due_dates_follow_one_another(cadence, date):
    due = cadence.due_from(date)
    assert cadence.due_from(due) == due >= date
    assert cadence.due_before(cadence.due_after(due)) == due
    assert 7 <= (cadence.due_after(due) - due).days <= 92


@given(CADENCES, DATES)
def test_doing_it_on_the_due_date_satisfies_it_and_no_other(cadence, date):
    due = cadence.due_from(date)
    assert cadence.next_due(due) == cadence.due_after(due)
    assert owed(cadence, [due], due, cadence.due_after(due) - dt.timedelta(1)) == []


@given(st.integers(0, 400), st.sets(st.integers(0, 6), min_size=1), st.sets(st.integers(0, 400)))
def test_the_reminder_of_every_date_goes_on_a_working_day_that_looks_for_it(days, weekdays, holidays):
    working = WorkingDays(frozenset(weekdays), frozenset(NEW_YEAR + dt.timedelta(day) for day in holidays))
    due = NEW_YEAR + dt.timedelta(days)
    first, last = reminded_of(reminder_on(due, working), working)
    assert first < due <= last


@given(CADENCES, DATES, st.lists(st.integers(0, 200)), st.integers(0, 10))
def test_every_due_date_of_the_past_has_one_outcome(cadence, first, days, grace):
    done = [first + dt.timedelta(day) for day in days]
    today = first + dt.timedelta(200)
    kept = outcomes(cadence, done, first, today, grace)
    decided = [due for due in cadence.due_dates(first, today) if cadence.due_after(due) <= today]
    assert [each.due_on for each in kept][: len(decided)] == decided
    assert all((each.done_on is None) == (each.kept == "missed") for each in kept)
