"""Where things stand in a table."""

import datetime as dt

import pytest

from kpis.engine.periods import Frequency
from kpis.engine.units import Unit
from kpis.paste import Cell, Series, UnreadableError, in_unit, likely_frequency, likely_unit, match, read

TODAY = dt.date(2026, 11, 23)


def values(text: str) -> dict[str, list[float | None]]:
    return {each.name: [cell.value for cell in each.cells] for each in read(text, today=TODAY).series}


def test_titles_above_and_totals_below_are_left_out() -> None:
    text = "Sales by month\t\n\t\nMonth\tNet sales\nJan 2026\t5\nFeb 2026\t7\nTotal\t12"

    reading = read(text, today=TODAY)

    assert reading.series[0].name == "Net sales"
    assert [cell.value for cell in reading.series[0].cells] == [5, 7, None]
    assert reading.lines[-1].problem == "“Total” is not a date, so this line is left out"


def test_a_column_without_numbers_is_left_out_with_a_word() -> None:
    reading = read("Month\tSales\tComment\nJan 2026\t5\tgood\nFeb 2026\t6\tbad", today=TODAY)

    assert [series.name for series in reading.series] == ["Sales"]
    assert reading.notes == ["“Comment” holds no numbers, so it is left out."]


def test_numbers_without_a_name_are_called_by_their_place() -> None:
    assert values("Jan 2026\t5\nFeb 2026\t6") == {"Column 2": [5, 6]}


def test_one_month_of_several_numbers_runs_across() -> None:
    assert values("\tJan 2026\nSales\t5\nReturns\t6") == {"Sales": [5], "Returns": [6]}


def test_numbers_that_look_like_years_are_numbers() -> None:
    assert values("Month,Net sales,Returns\nJan 2026,1950,2010\nFeb 2026,1980,2020") == {
        "Net sales": [1950, 1980],
        "Returns": [2010, 2020],
    }


def test_a_date_that_stands_twice_counts_once() -> None:
    reading = read("m\ta\nJan 2026\t5\nJan 2026\t6", today=TODAY)

    assert [
        (line.date is None, cell.value) for line, cell in zip(reading.lines, reading.series[0].cells, strict=True)
    ] == [
        (True, None),
        (False, 6),
    ]


def test_a_decimal_comma_between_semicolons_is_no_separator() -> None:
    assert values("Datum;A;B\n31.01.2026;1,5;2,5\n28.02.2026;1,7;2,7") == {"A": [1.5, 1.7], "B": [2.5, 2.7]}


def test_a_stray_quotation_mark_swallows_nothing() -> None:
    assert values('Month\t24" screens\nJan 2026\t5\nFeb 2026\t6') == {'24" screens': [5, 6]}


def test_dates_too_far_away_are_left_out() -> None:
    reading = read("m\ta\nJan 2026\t5\nJan 2099\t6", today=TODAY, latest=dt.date(2027, 11, 24))

    assert reading.lines[1].problem == "2099-01-01 is out of range: from 0001-01-01 to 2027-11-24"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nothing here yet"),
        ("hello", "No dates"),
        ("Jan 2026\tabc", "no numbers"),
        ("x\n" * 5000, "5,000 rows"),
        ("a" * 500_001, "characters long"),
    ],
)
def test_what_is_no_table_is_refused_with_what_would_be_right(text: str, said: str) -> None:
    with pytest.raises(UnreadableError, match=said):
        read(text, today=TODAY)


def test_names_match_their_kpis_whatever_their_dress() -> None:
    known = {
        "a": ("Net sales", "net_sales"),
        "b": ("Sales in the shop", "sales_in_the_shop"),
        "c": ("Returns", "returns"),
    }

    found = match(["NET SALES (€)", "Return", "Shop sales in the", "Weather"], known)

    assert found == {0: "a", 1: "c", 2: "b"} or found == {0: "a", 1: "c"}
    assert 3 not in found


def test_a_kpi_is_matched_once_by_the_likest_name() -> None:
    assert match(["Net sale", "Net sales"], {"a": ("Net sales",)}) == {1: "a"}


def series(*texts: Cell) -> Series:
    return Series("Margin", list(texts))


def test_percentages_are_stored_as_fractions() -> None:
    signed = in_unit(series(Cell("12.5 %", 12.5, is_percent=True)), Unit.parse("percent"))
    unsigned = in_unit(series(Cell("12.5", 12.5), Cell("0.5", 0.5)), Unit.parse("percent"))
    fractions = in_unit(series(Cell("0.125", 0.125)), Unit.parse("percent"))

    assert [cell.value for each in (signed, unsigned, fractions) for cell in each.cells] == [0.125, 0.125, 0.005, 0.125]


def test_a_percentage_or_another_currency_is_no_money() -> None:
    read_as = in_unit(
        series(Cell("12 %", 12, is_percent=True), Cell("£ 3", 3, currency="£")), Unit.parse("currency:EUR")
    )

    assert [cell.value for cell in read_as.cells] == [None, None]
    assert [cell.problem for cell in read_as.cells] == [
        "“12 %” is a percentage, which this KPI is not",
        "“£ 3” is in GBP, this KPI in EUR",
    ]


def test_the_unit_of_a_new_kpi_follows_its_cells() -> None:
    assert likely_unit(series(Cell("12 %", 12, is_percent=True)), "EUR") == "percent"
    assert likely_unit(series(Cell("€ 12", 12, currency="€")), "EUR") == "currency:EUR"
    assert likely_unit(series(Cell("12", 12)), "EUR") == "number"


@pytest.mark.parametrize(
    ("days", "frequency"),
    [
        (1, Frequency.DAILY),
        (7, Frequency.WEEKLY),
        (30, Frequency.MONTHLY),
        (91, Frequency.QUARTERLY),
        (365, Frequency.YEARLY),
    ],
)
def test_the_frequency_of_a_new_kpi_follows_the_dates(days: int, frequency: Frequency) -> None:
    assert likely_frequency([dt.date(2025, 1, 1) + dt.timedelta(days=days * n) for n in range(5)]) is frequency
