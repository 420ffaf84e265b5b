"""Whatever a spreadsheet holds and however it writes it, the same comes out; whatever else is pasted does no harm."""

import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.paste import UnreadableError, read
from tests.kpis.paste.tables import DATES, LOCALES, Table, tables, written
from tests.lots import examples

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize("locale", LOCALES)
@examples(25)
@given(table=tables(), separator=st.sampled_from("\t;,"), is_down=st.booleans(), date=st.sampled_from(list(DATES)))
def test_any_table_comes_out_as_it_was_meant(
    locale: str, table: Table, separator: str, is_down: bool, date: str
) -> None:
    text = written(table, separator=separator, is_down=is_down, locale=LOCALES[locale], date=DATES[date])

    reading = read(text, today=TODAY)

    assert reading.is_down is is_down or len(table.dates) == 1
    assert [(day.year, day.month) for day in reading.dates] == [(day.year, day.month) for day in table.dates]
    assert {each.name: [cell.value for cell in each.cells] for each in reading.series} == table.series
    assert not reading.asks_order


@examples(100)
@given(st.text(max_size=400) | st.text(alphabet="0123456789.,;\t\n\"'()-/% €Jan26", max_size=400))
def test_hostile_text_is_read_or_refused(text: str) -> None:
    try:
        reading = read(text, today=TODAY)
    except UnreadableError:
        return
    assert all(len(series.cells) == len(reading.lines) for series in reading.series)
    assert any(series.count for series in reading.series)


@pytest.mark.parametrize(
    "text",
    ["1" * 400_000, "1 " * 200_000, "(" * 300_000, '"' * 300_001, "\t" * 400_000, "1.2," * 100_000, "Jan " * 90_000],
)
def test_large_hostile_text_costs_little(text: str) -> None:
    began = time.process_time()  # of this process alone, however busy the machine is
    with pytest.raises(UnreadableError):
        read(text, today=TODAY)
    assert time.process_time() - began < 3
