import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.engine.periods import FREQUENCIES, Calendar, Frequency, PeriodState

DATES = st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31))
CALENDARS = st.builds(Calendar, st.integers(1, 12), st.integers(0, 6))


@given(calendar=CALENDARS, frequency=st.sampled_from(FREQUENCIES), date=DATES)
def test_every_date_lies_in_exactly_one_period(calendar, frequency, date):
    period = calendar.ordinal(frequency, date)
    assert calendar.first_date(frequency, period) <= date <= calendar.last_date(frequency, period)
    following = calendar.last_date(frequency, period) + dt.timedelta(days=1)
    assert calendar.first_date(frequency, period + 1) == following
    assert calendar.ordinal(frequency, following) == period + 1


@given(calendar=CALENDARS, date=DATES)
def test_weeks_and_fiscal_years_begin_where_the_organization_says(calendar, date):
    week = calendar.first_date(Frequency.WEEKLY, calendar.ordinal(Frequency.WEEKLY, date))
    year = calendar.first_date(Frequency.YEARLY, calendar.ordinal(Frequency.YEARLY, date))
    quarter = calendar.first_date(Frequency.QUARTERLY, calendar.ordinal(Frequency.QUARTERLY, date))
    assert week.weekday() == calendar.week_starts_on
    assert (year.day, year.month) == (1, calendar.fiscal_year_start)
    assert (quarter.month - calendar.fiscal_year_start) % 3 == 0


def test_arrays_convert_like_single_dates():
    calendar, dates = Calendar(4), np.array(["2026-03-31", "2026-04-01"], dtype="datetime64[D]")
    quarters = calendar.ordinals(Frequency.QUARTERLY, dates)
    assert quarters.tolist() == [calendar.ordinal(Frequency.QUARTERLY, date) for date in dates.tolist()]
    assert calendar.first_dates(Frequency.QUARTERLY, quarters).astype(str).tolist() == ["2026-01-01", "2026-04-01"]


@pytest.mark.parametrize(
    ("calendar", "frequency", "label"),
    [
        (Calendar(), Frequency.DAILY, "21 November 2026"),
        (Calendar(), Frequency.WEEKLY, "Week of 16 November 2026"),
        (Calendar(week_starts_on=6), Frequency.WEEKLY, "Week of 15 November 2026"),
        (Calendar(), Frequency.MONTHLY, "November 2026"),
        (Calendar(), Frequency.QUARTERLY, "Q4 2026"),
        (Calendar(), Frequency.YEARLY, "2026"),
        (Calendar(4), Frequency.QUARTERLY, "Q3 FY26/27"),
        (Calendar(4), Frequency.YEARLY, "FY26/27"),
        (Calendar(12), Frequency.QUARTERLY, "Q4 FY25/26"),
    ],
)
def test_period_has_the_name_people_use(calendar, frequency, label):
    assert calendar.label(frequency, calendar.ordinal(frequency, dt.date(2026, 11, 21))) == label


@pytest.mark.parametrize(
    ("today", "has_data", "state"),
    [
        ("2026-10-31", False, PeriodState.UPCOMING),
        ("2026-11-01", True, PeriodState.OPEN),
        ("2026-11-30", False, PeriodState.OPEN),
        ("2026-12-01", True, PeriodState.COMPLETE),
        ("2026-12-01", False, PeriodState.EXPECTED),
        ("2026-12-05", False, PeriodState.EXPECTED),
        ("2026-12-06", False, PeriodState.LATE),
    ],
)
def test_november_is_expected_by_5_december_and_late_after(today, has_data, state):
    november = Calendar().ordinal(Frequency.MONTHLY, dt.date(2026, 11, 1))
    date = dt.date.fromisoformat(today)
    assert Calendar().state(Frequency.MONTHLY, november, date, due_after_days=5, has_data=has_data) is state
    assert Calendar().due_on(Frequency.MONTHLY, november, 5) == dt.date(2026, 12, 5)


def test_data_is_due_after_a_number_of_days_that_fits_the_frequency():
    assert [frequency.default_due_after_days for frequency in FREQUENCIES] == [1, 2, 5, 10, 10]


@pytest.mark.parametrize("fields", [{"fiscal_year_start": 0}, {"fiscal_year_start": 13}, {"week_starts_on": 7}])
def test_impossible_calendar_is_refused(fields):
    with pytest.raises(ValueError, match="not"):
        Calendar(**fields)
