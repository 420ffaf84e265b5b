"""What pages say."""

import datetime as dt

import pytest

from kpis import words
from kpis.drawing.numbers import SPACE
from kpis.engine.periods import Calendar, Frequency
from kpis.forms.numbers import NumberField, read_number

YEAR, FISCAL = Calendar(), Calendar(fiscal_year_start=4)


def show(number: float | None) -> str:
    return f"{number:g}"


@pytest.mark.parametrize(
    ("calendar", "frequency", "first", "long", "short", "before"),
    [
        (YEAR, "daily", dt.date(2026, 11, 21), "21 November 2026", "21 Nov", "on the day before"),
        (YEAR, "weekly", dt.date(2026, 11, 16), "Week of 16 November 2026", "16 Nov", "on the week before"),
        (YEAR, "monthly", dt.date(2026, 1, 1), "January 2026", "Jan 26", "on December"),
        (YEAR, "quarterly", dt.date(2026, 10, 1), "Q4 2026", "Q4 26", "on Q3 2026"),
        (FISCAL, "quarterly", dt.date(2026, 10, 1), "Q3 FY26/27", "Q3 FY26/27", "on Q2 FY26/27"),
        (YEAR, "yearly", dt.date(2026, 1, 1), "2026", "26", "on 2025"),
    ],
)
def test_periods_have_names(
    calendar: Calendar, frequency: str, first: dt.date, long: str, short: str, before: str
) -> None:
    rhythm = Frequency(frequency)
    assert words.period_label(calendar, rhythm, first) == long
    assert words.short_label(calendar, rhythm, first) == short
    assert words.since_before(calendar, rhythm, first) == before


@pytest.mark.parametrize(
    ("problem", "coverage", "said"),
    [
        (None, 1.0, ""),
        (None, None, ""),
        ("no_data", 0.0, "No value yet"),
        ("division_by_zero", 0.0, "Its weights are all zero, so there is no mean"),
        (None, 2 / 3, f"Partial: 67{SPACE}% of what belongs to it is there"),
    ],
)
def test_problems_are_put_into_words(problem: str | None, coverage: float | None, said: str) -> None:
    assert words.problem_words(problem, coverage) == said


@pytest.mark.parametrize(
    ("status", "direction", "said"),
    [
        ("on_track", "increase", "Sales: on track since May"),
        ("at_risk", "increase", "Sales: below target since May"),
        ("at_risk", "decrease", "Sales: above target since May"),
        ("off_track", "between", "Sales: far outside its range since May"),
        ("incomplete", "increase", "Sales: partial, some of what belongs to it is missing"),
        ("no_target", "increase", "Sales, without a target so far"),
        ("no_data", "increase", "Sales: no value yet"),
    ],
)
def test_a_trend_is_titled_by_what_it_says(status: str, direction: str, said: str) -> None:
    assert words.trend_words("Sales", status, "May", direction) == said


def test_goals_name_their_side() -> None:
    assert words.goal_words(show, target=7, low=None, high=None, direction="increase") == "at least 7"
    assert words.goal_words(show, target=7, low=None, high=None, direction="decrease") == "at most 7"
    assert words.goal_words(show, target=None, low=3, high=5, direction="between") == "between 3 and 5"
    assert words.goal_words(show, target=None, low=None, high=None, direction="increase") == ""


def test_where_values_come_from_is_a_sentence() -> None:
    said = words.source_words("measured", "last", "", "weekly")
    assert said == "Values are entered or sent in; where a week has several, the last one counts."
    said = words.source_words("rollup", "sum", "weighted_mean", "monthly")
    assert said == "The weighted mean of the KPIs that feed it, every month."


def test_lateness_counts_days() -> None:
    due = dt.date(2026, 11, 5)
    assert words.expected_words(due, True, dt.date(2026, 11, 6)) == "1 day late"
    assert words.expected_words(due, True, dt.date(2026, 11, 18)) == "13 days late"
    assert words.expected_words(due, False, dt.date(2026, 11, 1)) == "next value due 5 November 2026"
    assert words.expected_words(due, False, due) == "next value due 5 November 2026"
    assert words.expected_words(due, False, dt.date(2026, 11, 6)) == "value was due on 5 November 2026"
    assert words.expected_words(None, False, due) == ""


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", 12), ("12.5", 12.5), ("12,5", 12.5), ("1234", 1234), ("1,234.5", 1234.5), ("1.234,5", 1234.5),
        ("1 234,50", 1234.5), ("1'234", 1234), ("€ 400", 400), ("−3", -3), ("12 %", 12), (".5", 0.5), ("1e3", 1000),
        ("1,234,567", 1234567), ("1.999,99", 1999.99), ("1,999.99", 1999.99), ("0.125", 0.125), ("0,125", 0.125),
        ("1.2340", 1.234), ("1234.567", 1234.567),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(typed: str, number: float) -> None:
    assert read_number(typed) == number


@pytest.mark.parametrize("typed", ["", "abc", "nan", "inf", "1e999", "1.2.3", "1,2,3", "--1", "12 boxes"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        read_number(typed)


@pytest.mark.parametrize(
    ("typed", "choice"),
    [
        ("5.000", "“5.000” can mean 5 or 5,000. Write 5 or 5000."),
        ("5,000", "“5,000” can mean 5 or 5,000. Write 5 or 5000."),
        ("€ 40.500", "“€ 40.500” can mean 40.5 or 40,500. Write 40.5 or 40500."),
        ("1.234", "“1.234” can mean 1.234 or 1,234. Write 1.2340 or 1234."),
        ("-100.000 %", "“−100.000 %” can mean −100 or −100,000. Write −100 or −100000."),
    ],
)
def test_what_could_be_thousands_or_a_fraction_is_refused_with_both_ways_to_write_it(typed: str, choice: str) -> None:
    with pytest.raises(ValueError, match="can mean") as refused:
        read_number(typed)
    assert str(refused.value) == choice


def test_three_digits_behind_a_point_are_a_fraction_where_pages_show_three_decimals() -> None:
    assert read_number("1.234", decimals=3) == 1.234
    assert read_number("1,234", decimals=3) == 1234


@pytest.mark.parametrize(
    ("stored", "is_percent"), [(1.234, False), (-40.125, False), (0.01234, True), (0.125, False), (5000.0, False)]
)
def test_a_stored_number_can_be_sent_back_as_it_is_offered_for_change(stored: float, is_percent: bool) -> None:
    field = NumberField(is_percent=is_percent)
    assert field.to_python(field.prepare_value(stored)) == stored
