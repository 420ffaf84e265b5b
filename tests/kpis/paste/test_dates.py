"""Dates one by one, and what only all of them together can decide."""

import datetime as dt

import pytest

from kpis.paste.dates import Order, read_dates

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-01-31", "2026-01-31"),
        ("2026-01-31 00:00:00", "2026-01-31"),
        ("2026/1/5", "2026-01-05"),
        ("2026-01", "2026-01-01"),
        ("01/2026", "2026-01-01"),
        ("1.2026", "2026-01-01"),
        ("Jan 26", "2026-01-01"),
        ("Jan '26", "2026-01-01"),
        ("Sept. 2026", "2026-09-01"),
        ("january-2026", "2026-01-01"),
        ("2026 Jan", "2026-01-01"),
        ("1st of January 2026", "2026-01-01"),
        ("January 5th, 2026", "2026-01-05"),
        ("31.01.2026", "2026-01-31"),
        ("31.1.26", "2026-01-31"),
        ("Q3 2026", "2026-07-01"),
        ("2026-Q3", "2026-07-01"),
        ("2026-W02", "2026-01-05"),
        ("2026", "2026-01-01"),
    ],
)
def test_a_date_is_read_as_it_is_written(text: str, date: str) -> None:
    assert read_dates([text], today=TODAY).dates == [dt.date.fromisoformat(date)]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Okt 26", "2026-10-01"),
        ("Okt. 26", "2026-10-01"),
        ("Mär 26", "2026-03-01"),
        ("Mrz 26", "2026-03-01"),
        ("März 2026", "2026-03-01"),
        ("Dez 25", "2025-12-01"),
        ("Mai 26", "2026-05-01"),
        ("1. Dezember 2025", "2025-12-01"),
        ("févr. 2026", "2026-02-01"),
        ("fevrier 2026", "2026-02-01"),
        ("AOÛT 2026", "2026-08-01"),
        ("1er juillet 2026", "2026-07-01"),
        ("ene-26", "2026-01-01"),
        ("31 de enero de 2026", "2026-01-31"),
        ("septiembre de 2026", "2026-09-01"),
        ("gen 26", "2026-01-01"),
        ("31 luglio 2026", "2026-07-31"),
        ("mrt 2026", "2026-03-01"),
        ("augustus 2026", "2026-08-01"),
    ],
)
def test_months_are_understood_in_the_languages_of_the_neighbours(text: str, date: str) -> None:
    assert read_dates([text], today=TODAY).dates == [dt.date.fromisoformat(date)]


def test_months_without_a_year_are_understood_in_another_language() -> None:
    found = read_dates(["Nov", "Dez", "Jan", "Feb", "Mär"], today=TODAY)

    assert found.dates[:3] == [dt.date(2025, 11, 1), dt.date(2025, 12, 1), dt.date(2026, 1, 1)]
    assert found.dates[-1] == dt.date(2026, 3, 1)


@pytest.mark.parametrize(
    "text", ["", "Total", "Line 2", "2026-13", "31.02.2026", "Foo 2026", "12345", "2026-W60", "1.5"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_dates([text], today=TODAY).dates == [None]


def test_one_day_above_twelve_decides_for_all() -> None:
    found = read_dates(["01/02/2026", "31/01/2026"], today=TODAY)

    assert found.dates == [dt.date(2026, 2, 1), dt.date(2026, 1, 31)]
    assert found.is_certain


def test_dates_that_go_month_by_month_one_way_only_are_read_that_way() -> None:
    found = read_dates(["1/1/2026", "2/1/2026", "3/1/2026", "4/1/2026"], today=TODAY)

    assert found.order is Order.MONTH_FIRST
    assert found.is_certain
    assert found.dates[-1] == dt.date(2026, 4, 1)


def test_dates_that_fit_both_ways_are_asked_about() -> None:
    found = read_dates(["1/2/2026", "1/5/2026"], today=TODAY)

    assert not found.is_certain


def test_the_answer_settles_it() -> None:
    found = read_dates(["1/2/2026", "1/5/2026"], today=TODAY, order=Order.MONTH_FIRST)

    assert found.is_certain
    assert found.dates == [dt.date(2026, 1, 2), dt.date(2026, 1, 5)]


def test_months_without_a_year_end_with_this_month_or_before() -> None:
    found = read_dates(["Dec", "Jan", "Feb"], today=TODAY)

    assert found.dates == [dt.date(2025, 12, 1), dt.date(2026, 1, 1), dt.date(2026, 2, 1)]
    assert found.notes == ["No year is written here: read as December 2025 to February 2026."]


def test_a_whole_year_of_months_lies_in_the_past() -> None:
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()

    assert read_dates(months, today=TODAY).dates[0] == dt.date(2025, 1, 1)


def test_months_without_a_year_may_run_backwards() -> None:
    found = read_dates(["Feb", "Jan", "Dec"], today=TODAY)

    assert found.dates == [dt.date(2026, 2, 1), dt.date(2026, 1, 1), dt.date(2025, 12, 1)]
