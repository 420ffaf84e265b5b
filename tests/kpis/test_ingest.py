"""From the bytes of a request to a batch: every format, and every error with its place."""

import datetime as dt
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.ingest import Item, decode
from kpis.ingest.decode import TooManyItemsError, UndecodableError

JSON, NDJSON, CSV = "application/json", "application/x-ndjson", "text/csv"
GOOD = {"kpi": "visits", "date": "2026-11-22", "value": 12.5}
ITEM = Item("visits", dt.date(2026, 11, 22), 12.5)


def errors_of(content_type: str, body: bytes) -> list[tuple[str, str]]:
    return [(error.pointer, error.code) for error in decode(content_type, body).errors]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (JSON, json.dumps([GOOD]).encode()),
        (JSON, json.dumps({"measurements": [GOOD]}).encode()),
        (NDJSON, json.dumps(GOOD).encode() + b"\n"),
        (CSV, b"kpi,date,value\nvisits,2026-11-22,12.5\n"),
        (CSV, b"\xef\xbb\xbfdate,kpi,value,note\r\n2026-11-22,visits,12.5,\r\n"),
    ],
)
def test_every_format_gives_the_same_item(content_type: str, body: bytes) -> None:
    parsed = decode(content_type, body)
    assert parsed.items == [ITEM]
    assert parsed.errors == []
    assert parsed.received == 1


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"date": "2026-11-22", "value": 1}, ("/1/kpi", "required")),
        ({**GOOD, "kpi": 7}, ("/1/kpi", "not_a_text")),
        ({**GOOD, "date": "9999-99-99"}, ("/1/date", "invalid_date")),
        ({**GOOD, "date": "22.11.2026"}, ("/1/date", "invalid_date")),
        ({**GOOD, "date": 20261122}, ("/1/date", "invalid_date")),
        ({**GOOD, "value": "many"}, ("/1/value", "not_a_number")),
        ({**GOOD, "value": True}, ("/1/value", "not_a_number")),
        ({**GOOD, "value": None}, ("/1/value", "required")),
        ({**GOOD, "value": float("nan")}, ("/1/value", "not_a_number")),
        ({**GOOD, "value": float("inf")}, ("/1/value", "not_a_number")),
        ({**GOOD, "value": 10**400}, ("/1/value", "not_a_number")),
        ({**GOOD, "note": "a\0b"}, ("/1/note", "invalid_text")),
        ({**GOOD, "note": "x" * 2001}, ("/1/note", "too_long")),
        ({**GOOD, "notes": "typo"}, ("/1/notes", "unknown_field")),
        ([], ("/1", "not_an_object")),
    ],
)
@pytest.mark.parametrize("content_type", [JSON, NDJSON])
def test_an_error_names_its_place_and_spares_the_other_items(
    content_type: str, item: object, expected: tuple[str, str]
) -> None:
    items = [json.dumps(one).encode() for one in (GOOD, item, GOOD)]
    body = b"[" + b",".join(items) + b"]" if content_type == JSON else b"\n".join(items)
    parsed = decode(content_type, body)
    assert errors_of(content_type, body) == [expected]
    assert parsed.items == [ITEM, ITEM]
    assert list(parsed.positions) == [0, 2]


def test_a_number_beyond_double_precision_is_named() -> None:
    body = b'[{"kpi": "visits", "date": "2026-11-22", "value": 1e400}]'
    assert errors_of(JSON, body) == [("/0/value", "not_a_number")]


def test_a_truncated_line_is_named_and_spares_the_others() -> None:
    good = json.dumps(GOOD).encode()
    parsed = decode(NDJSON, good + b'\n{"kpi": "visits", "da\n' + good)
    assert [(error.pointer, error.code) for error in parsed.errors] == [("/1", "invalid_json")]
    assert len(parsed.items) == 2


def test_a_csv_line_with_a_decimal_comma_or_missing_cells_is_named() -> None:
    body = b'kpi,date,value\nvisits,2026-11-22,"12,5"\nvisits,2026-11-23\nvisits,2026-11-24,\n'
    assert errors_of(CSV, body) == [("/0/value", "not_a_number"), ("/1", "not_an_object"), ("/2/value", "required")]


def test_a_csv_line_without_all_its_columns_is_told_how_many_there_should_be() -> None:
    (error,) = decode(CSV, b"kpi,date,value\nvisits,2026-11-23\n").errors
    assert error.detail == "This line has 2 columns, and the header 3: kpi,date,value."


@pytest.mark.parametrize(
    ("content_type", "body", "message"),
    [
        (JSON, b"", "not valid JSON"),
        (JSON, b'[{"kpi": "visits"', "not valid JSON"),
        (JSON, b"3", "bare array"),
        (JSON, b'{"measures": []}', "bare array"),
        (JSON, b"\xff\xfe[]", "UTF"),
        (JSON, b"[" * 100_000, "nested too deeply"),
        (CSV, b"visits,2026-11-22,12.5\n", "header"),
        (CSV, b"", "header"),
        (CSV, b"\xff", "UTF-8"),
        (CSV, b'kpi,date,value\n"visits', "not valid CSV"),
    ],
)
def test_a_body_that_is_no_list_of_measurements_is_refused(content_type: str, body: bytes, message: str) -> None:
    with pytest.raises(UndecodableError, match=message):
        decode(content_type, body)


def test_more_than_fifty_thousand_items_are_refused() -> None:
    with pytest.raises(TooManyItemsError, match=r"at most 50,000 .* 50,001"):
        decode(NDJSON, (json.dumps(GOOD).encode() + b"\n") * 50_001)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (JSON, b"[" + b"1," * 1_499_999 + b"1]"),
        (NDJSON, b"x\n" * 1_500_000),
        (CSV, b"kpi,date,value\n" + b"1\n" * 1_500_000),
    ],
    ids=["items", "lines", "rows"],
)
def test_a_flood_of_bad_items_is_counted_and_not_judged(content_type: str, body: bytes) -> None:
    began = time.process_time()
    with pytest.raises(TooManyItemsError, match=r"this one 1,500,000"):
        decode(content_type, body)
    assert time.process_time() - began < 3


def test_of_very_many_unknown_fields_the_first_are_named() -> None:
    body = json.dumps([dict.fromkeys(map(str, range(100_000)), 1) | GOOD]).encode()
    assert errors_of(JSON, body) == [(f"/0/{number}", "unknown_field") for number in range(5)]


@given(st.sampled_from([JSON, NDJSON, CSV]), st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_bytes_break_it(content_type: str, body: bytes) -> None:
    try:
        parsed = decode(content_type, body)
    except UndecodableError:
        return
    assert parsed.received >= len(parsed.items)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.sampled_from(["kpi", "date", "value", "x"]), children)
    ),
    max_leaves=8,
)


@given(st.lists(st.just(GOOD) | json_values, max_size=6))
def test_each_item_is_either_taken_or_has_an_error(items: list[object]) -> None:
    parsed = decode(JSON, json.dumps(items).encode())
    faulty = {int(error.pointer.split("/")[1]) for error in parsed.errors}
    assert set(parsed.positions) | faulty == set(range(len(items)))
    assert not set(parsed.positions) & faulty
