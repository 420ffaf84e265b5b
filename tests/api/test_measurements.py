"""Bulk pushes: three formats, all or nothing or not, errors that point at the item."""

import json
import math

import pytest

from kpis.models import Measurement
from kpis.models.choices import Aggregation
from tests.api.conftest import errors_of
from tests.cast import inside, make_kpi, make_link

pytestmark = pytest.mark.django_db
ITEMS = [
    {"kpi": "orders", "date": "2026-11-01", "value": 1},
    {"kpi": "orders", "date": "2026-11-02", "value": 2.5, "note": "Half, and “quoted”"},
]
NDJSON = "\n".join(json.dumps(item) for item in ITEMS).encode()
CSV = 'kpi,date,value,note\r\norders,2026-11-01,1,\r\norders,2026-11-02,2.5,"Half, and “quoted”"\r\n'.encode()


@pytest.fixture(autouse=True)
def orders(acme):
    with inside(acme):
        return make_kpi(acme, "orders")


def stored(acme):
    with inside(acme):
        rows = Measurement.objects.order_by("date").values_list("date", "value", "note")
        return [(str(date), value, note) for date, value, note in rows]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (json.dumps({"measurements": ITEMS}).encode(), "application/json"),
        (json.dumps(ITEMS).encode(), "application/json; charset=utf-8"),
        (NDJSON, "application/x-ndjson"),
        (NDJSON + b"\n", "Application/X-NDJSON"),
        (CSV, "text/csv"),
    ],
)
def test_the_same_in_every_format(acme, pusher, body, content_type):
    response = pusher.send("POST", "measurements/", body, content_type)
    assert (response.status_code, response.json()) == (
        200,
        {"received": 2, "created": 2, "updated": 0, "unchanged": 0, "warnings": []},
    )
    assert stored(acme) == [("2026-11-01", 1.0, ""), ("2026-11-02", 2.5, "Half, and “quoted”")]


def test_counts_tell_what_changed(pusher):
    pusher.post("measurements/", ITEMS)
    changed = [{**ITEMS[0], "value": 5}, ITEMS[1], {"kpi": "orders", "date": "2026-11-03", "value": 3}]
    assert pusher.post("measurements/", changed).json() == {
        "received": 3,
        "created": 1,
        "updated": 1,
        "unchanged": 1,
        "warnings": [],
    }


def test_of_the_same_kpi_and_date_twice_the_last_wins(acme, orders, pusher):
    again = {"kpi": str(orders.pk), "date": "2026-11-01", "value": 9}
    assert pusher.post("measurements/", [ITEMS[0], again]).json()["created"] == 1
    assert stored(acme) == [("2026-11-01", 9.0, "")]


BAD = [
    ({"kpi": "nowhere"}, "/1/kpi", "unknown_kpi"),
    ({"kpi": "total"}, "/1/kpi", "not_measured"),
    ({"kpi": 5}, "/1/kpi", "not_a_text"),
    ({"value": "12"}, "/1/value", "not_a_number"),
    ({"value": None}, "/1/value", "required"),
    ({"value": True}, "/1/value", "not_a_number"),
    ({"value": math.nan}, "/1/value", "not_a_number"),
    ({"value": math.inf}, "/1/value", "not_a_number"),
    ({"value": 10**400}, "/1/value", "not_a_number"),
    ({"date": "9999-99-99"}, "/1/date", "invalid_date"),
    ({"date": "2126-01-01"}, "/1/date", "date_out_of_range"),
    ({"date": 20261101}, "/1/date", "invalid_date"),
    ({"note": 5}, "/1/note", "not_a_text"),
    ({"note": "a\0b"}, "/1/note", "invalid_text"),
    ({"vlaue": 5}, "/1/vlaue", "unknown_field"),
]


@pytest.mark.parametrize(("change", "pointer", "code"), BAD)
@pytest.mark.parametrize("envelope", [True, False])
def test_one_bad_item_and_nothing_is_stored(acme, pusher, change, pointer, code, envelope):
    with inside(acme):
        make_kpi(acme, "total", source="rollup", rollup="sum")
    items = [ITEMS[0], {**ITEMS[1], **change}]
    response = pusher.post("measurements/", {"measurements": items} if envelope else items)
    assert (response.status_code, errors_of(response)) == (400, [(pointer, code)])
    assert stored(acme) == []


def test_with_skip_the_good_ones_are_stored(acme, pusher):
    items = [ITEMS[0], {"kpi": "nowhere", "date": "x", "value": 1}, ITEMS[1]]
    response = pusher.post("measurements/?on_error=skip", items)
    body = response.json()
    assert (response.status_code, body["received"], body["created"], body["rejected"]) == (200, 3, 2, 1)
    assert [error["pointer"].split("/")[1] for error in body["errors"]] == ["1"] * body["error_count"]
    assert len(stored(acme)) == 2


def test_the_first_hundred_errors_and_how_many_there_are(pusher):
    response = pusher.post("measurements/", [{**ITEMS[0], "kpi": "nowhere"}] * 250)
    problem = response.json()
    assert (len(problem["errors"]), problem["error_count"]) == (100, 250)
    assert problem["errors"][99]["pointer"] == "/99/kpi"
    skipped = pusher.post("measurements/?on_error=skip", [{**ITEMS[0], "kpi": "nowhere"}] * 250).json()
    assert (len(skipped["errors"]), skipped["error_count"], skipped["rejected"]) == (100, 250, 250)


@pytest.mark.parametrize(
    ("body", "content_type", "pointer"),
    [
        (NDJSON.replace(b"2.5,", b"2.5"), "application/x-ndjson", "/1"),
        (NDJSON[:-20], "application/x-ndjson", "/1"),
        (CSV.replace(b"2.5", b"2,5"), "text/csv", "/1"),
        (CSV.replace(b",1,", b",one,"), "text/csv", "/0/value"),
    ],
)
def test_a_broken_line_is_named(acme, pusher, body, content_type, pointer):
    response = pusher.send("POST", "measurements/", body, content_type)
    assert [found for found, _ in errors_of(response)] == [pointer]
    assert stored(acme) == []


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{}", "application/json"),
        (b'{"measurements": 1}', "application/json"),
        (b'{"measurements": [], "more": 1}', "application/json"),
        (b" ", "application/json"),
        (b"\n", "text/csv"),
        (b"date,value\n2026-11-01,1\n", "text/csv"),
        (b"\xff\xfe", "text/csv"),
    ],
)
def test_a_body_that_is_no_list_of_measurements_says_what_would_be(pusher, body, content_type):
    response = pusher.send("POST", "measurements/", body, content_type)
    assert (response.status_code, response.json()["type"]) == (400, "urn:ladder:problem:malformed")
    assert response.json()["detail"]


def test_more_than_50_000_items_are_413(acme, pusher):
    line = b'{"kpi":"orders","date":"2026-11-01","value":1}\n'
    response = pusher.send("POST", "measurements/", line * 50_001, "application/x-ndjson")
    assert (response.status_code, "50,000" in response.json()["detail"]) == (413, True)
    assert stored(acme) == []


def test_a_value_that_looks_like_the_other_convention_is_stored_and_warned_about(acme, pusher):
    with inside(acme):
        rate = make_kpi(acme, "conversion", unit="percent", aggregation=Aggregation.MEAN)
    item = {"kpi": "conversion", "date": "2026-11-01", "value": 0.125}
    assert pusher.post("measurements/", [item]).json()["warnings"] == []
    warned = pusher.post("measurements/", [{**item, "date": "2026-11-02", "value": 12.5}]).json()
    assert [(warning["kpi"], warning["code"]) for warning in warned["warnings"]] == [
        (str(rate.pk), "looks_like_percent")
    ]
    assert warned["created"] == 1


@pytest.mark.parametrize("query", ["on_error=ignore", "wait=maybe", "dry_run=true"])
def test_unknown_wishes_are_refused(acme, pusher, query):
    response = pusher.post(f"measurements/?{query}", ITEMS)
    assert [pointer for pointer, _ in errors_of(response)] == [f"/{query.split('=')[0]}"]
    assert stored(acme) == []


def test_with_wait_the_scores_are_there(acme, orders, writer):
    with inside(acme):
        make_link(make_kpi(acme, "total", source="rollup", rollup="sum"), orders)
    writer.put("kpis/total/targets/", [{"effective_from": "2026-01-01", "target": 700, "floor": 500}])
    response = writer.post("measurements/?wait=true", [{"kpi": "orders", "date": "2026-10-05", "value": 680}])
    assert response.status_code == 200
    current = writer.get("kpis/total/").json()["current"]
    assert (current["value"], current["score"], current["status"]) == (680, 0.9, "on_track")


@pytest.mark.django_db(transaction=True)
def test_without_patience_what_was_stored_is_202(acme, monkeypatch, pusher):
    monkeypatch.setattr("kpis.api.measurements.scores_are_there", lambda _: False)
    response = pusher.post("measurements/?wait=true", ITEMS)
    assert (response.status_code, response.json()["created"]) == (202, 2)
    assert len(stored(acme)) == 2
