import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrs.cycle_calendar import QUARTERS_IN, cycle_after, cycle_on, cycles_ahead, cycles_to_create, length_of
from okrs.spans import Span

NOVEMBER = dt.date(2026, 11, 27)


@pytest.mark.parametrize(
    ("length", "start", "name", "first", "last"),
    [
        ("quarter", 1, "Q4 2026", dt.date(2026, 10, 1), dt.date(2026, 12, 31)),
        ("half", 1, "H2 2026", dt.date(2026, 7, 1), dt.date(2026, 12, 31)),
        ("year", 1, "2026", dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
        ("quarter", 4, "Q3 FY26/27", dt.date(2026, 10, 1), dt.date(2026, 12, 31)),
        ("half", 4, "H2 FY26/27", dt.date(2026, 10, 1), dt.date(2027, 3, 31)),
        ("year", 4, "FY26/27", dt.date(2026, 4, 1), dt.date(2027, 3, 31)),
        ("quarter", 2, "Q4 FY26/27", dt.date(2026, 11, 1), dt.date(2027, 1, 31)),
        ("half", 12, "H2 FY25/26", dt.date(2026, 6, 1), dt.date(2026, 11, 30)),
    ],
)
def test_cycles_follow_the_fiscal_year(length, start, name, first, last):
    cycle = cycle_on(NOVEMBER, length, start)
    assert (cycle.name, cycle.span) == (name, Span(first, last))


def test_the_cycle_that_runs_and_the_next_are_created():
    assert [cycle.name for cycle in cycles_ahead(NOVEMBER, "quarter")] == ["Q4 2026", "Q1 2027"]
    existing = [cycle_on(NOVEMBER, "quarter").span]
    missing = cycles_to_create(NOVEMBER, ["quarter", "year"], existing)
    assert [cycle.name for cycle in missing] == ["2026", "2027", "Q1 2027"]


def test_a_cycle_counts_by_its_share_of_another():
    quarter, year = cycle_on(dt.date(2026, 1, 1), "quarter").span, cycle_on(NOVEMBER, "year").span
    assert quarter.share_of(year) == 90 / 365
    assert year.share_of(quarter) == 1
    assert quarter.share_of(cycle_on(dt.date(2027, 1, 1), "year").span) == 0


def test_days_that_are_no_quarter_half_or_year_are_custom():
    assert length_of(Span(dt.date(2026, 10, 1), dt.date(2026, 12, 31))) == "quarter"
    assert length_of(Span(dt.date(2026, 10, 1), dt.date(2026, 12, 31)), 2) == "custom"


def test_a_month_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="1 to 12"):
        cycle_on(NOVEMBER, "quarter", 13)


def test_a_cycle_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="Swap the dates"):
        Span(dt.date(2026, 2, 1), dt.date(2026, 1, 1))


@given(st.dates(dt.date(1950, 1, 1), dt.date(2150, 1, 1)), st.sampled_from(list(QUARTERS_IN)), st.integers(1, 12))
def test_cycles_of_a_length_follow_one_another_without_a_gap(date, length, start):
    cycle = cycle_on(date, length, start)
    following = cycle_after(cycle, start)
    assert cycle.span.starts_on <= date <= cycle.span.ends_on
    assert (following.span.starts_on - cycle.span.ends_on).days == 1
    assert length_of(cycle.span, start) == length
    assert cycle.name != following.name
