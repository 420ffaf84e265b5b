"""Targets as people type them."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.engine.periods import FREQUENCIES, Calendar, Frequency
from kpis.target_entry import Change, Measure, parse_entry

TODAY = dt.date(2026, 11, 18)
FISCAL = Calendar(fiscal_year_start=4)


def parse(text: str, **fields: Any) -> float | Change:
    given = {"is_percent": False, "decimals": 0, "frequency": Frequency.MONTHLY, "calendar": Calendar(), "today": TODAY}
    return parse_entry(text, **{**given, **fields})


def words(text: str, calendar: Calendar | None = None, **fields: Any) -> str:
    calendar = calendar or Calendar()
    change = parse(text, calendar=calendar, **fields)
    assert isinstance(change, Change)
    period = change.period
    return change.words(calendar.label(period.frequency, period.ordinal) if period else "the latest")


@pytest.mark.parametrize(("text", "number"), [("700", 700), ("-100", -100), ("€ 1,250,000", 1250000), ("12,5", 12.5)])
def test_a_bare_number_is_the_target_a_negative_one_too(text: str, number: float) -> None:
    assert parse(text) == number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+25,000 ", "+25,000 on the latest"),
        ("-5 %", "−5 % on the latest"),
        ("-5%", "−5 % on the latest"),
        ("−100 on Q2", "−100 on Q2 2026"),
        ("+20 % on Q2", "+20 % on Q2 2026"),
        ("+20 % on Q4", "+20 % on Q4 2025"),
        ("+20 % on Q2 2025", "+20 % on Q2 2025"),
        ("+20% on june 2026", "+20 % on June 2026"),
        ("+20 % on Dec", "+20 % on December 2025"),
        ("+10 % on last year", "+10 % on 2025"),
        ("+10 % on last quarter", "+10 % on Q3 2026"),
        ("+10 % on last month", "+10 % on October 2026"),
        ("+1.5 % over 2024", "+1.5 % on 2024"),
        ("+3 on 2026-06-30", "+3 on June 2026"),
    ],
)
def test_a_change_is_read_with_the_period_it_is_on(text: str, expected: str) -> None:
    assert words(text) == expected


def test_quarters_and_years_of_a_fiscal_calendar_are_its_own() -> None:
    assert words("+20 % on Q3", FISCAL) == "+20 % on Q3 FY25/26"
    assert words("+20 % on Q2 FY26", FISCAL) == "+20 % on Q2 FY26/27"
    assert words("+20 % on last year", FISCAL) == "+20 % on FY25/26"
    assert words("+20 % on June 2026", FISCAL) == "+20 % on June 2026"


def test_percentages_move_by_points() -> None:
    assert parse("+2 points", is_percent=True) == Change(Decimal("2.0"), Measure.POINTS)
    assert words("-0.5 points on Q2", is_percent=True) == "−0.5 points on Q2 2026"
    assert parse("-5 %", is_percent=True) == -5
    assert Change(Decimal(2), Measure.POINTS).on(0.125) == 0.145


@pytest.mark.parametrize(
    ("text", "fields", "message"),
    [
        ("+5 %", {"is_percent": True},
         "“+5 %” can mean points or a share. Write “+5 points”, or the percentage itself."),
        ("+2 points", {}, "Points are for KPIs counted in percent; write a number like +25,000 or a share like +5 %."),
        ("+20 % on Q5", {},
         "“Q5” is not a period. Write Q2, Q2 2026, June 2026, 2026, last year or a date like 2026-06-30."),
        ("+20 % on Q4 2026", {}, None),
        ("+20 % on Q1 2027", {}, "Q1 2027 has not begun; name a period that has values."),
        ("+20 % on June", {"frequency": Frequency.QUARTERLY},
         "This KPI has quarterly values, so “June” has none of its own. Name a quarter or a year."),
        ("+ on Q2", {}, "“+” is not a number; write it like 1,234.5 or 1234,5."),
        ("lots", {}, "“lots” is not a number; write it like 1,234.5 or 1234,5."),
        ("+20 % on 2026-13-45", {}, "“2026-13-45” is not a period. "
         "Write Q2, Q2 2026, June 2026, 2026, last year or a date like 2026-06-30."),
        ("+2.500", {}, "“+2.500” can mean 2.5 or 2,500. Write 2.5 or 2500."),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_said_with_what_would_be_right(
    text: str, fields: dict[str, Any], message: str | None
) -> None:
    if message is None:
        assert words(text) == "+20 % on Q4 2026"
        return
    with pytest.raises(ValueError, match=re.escape(message)):
        parse(text, **fields)


def test_a_share_moves_a_negative_base_the_way_its_sign_says() -> None:
    assert Change(Decimal(20), Measure.SHARE).on(-100) == -80
    assert Change(Decimal(-20), Measure.SHARE).on(-100) == -120
    with pytest.raises(ValueError, match="0, of which a share means nothing"):
        Change(Decimal(20), Measure.SHARE).on(0.0)


AMOUNTS = st.decimals(-(10**6), 10**6, places=2).filter(bool)
BASES = st.floats(-1e9, 1e9).filter(lambda base: abs(base) > 1e-3)


@given(AMOUNTS, st.sampled_from(["", " %"]), st.sampled_from(["", " on Q2", " on June 2026", " on last year"]))
def test_what_is_kept_of_a_change_reads_as_the_same_change(amount: Decimal, unit: str, on: str) -> None:
    text = f"{amount:+f}{unit}{on}"
    change = parse(text)
    if not isinstance(change, Change):
        assert change == float(amount)
        return
    assert change.amount == amount
    assert change.measure is (Measure.SHARE if unit else Measure.UNIT)
    assert (change.period is not None) is bool(on)


@given(AMOUNTS, BASES, st.sampled_from(list(Measure)))
def test_more_is_always_more(amount: Decimal, base: float, measure: Measure) -> None:
    moved = Change(amount, measure).on(base)
    assert moved >= base if amount > 0 else moved <= base


@given(
    st.text(alphabet="+-0123456789.,% onQqJjune2026points−€", max_size=30), st.booleans(), st.sampled_from(FREQUENCIES)
)
def test_any_text_is_a_number_a_change_or_a_sentence(text: str, is_percent: bool, frequency: Frequency) -> None:
    try:
        found: float | Change | None = parse(text, is_percent=is_percent, frequency=frequency)
    except ValueError as error:
        found, said = None, str(error)
    else:
        said = ""
    assert isinstance(found, float | Change) or said.endswith(".")
