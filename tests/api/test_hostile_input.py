"""Whatever is sent, the answer is a problem that says what is wrong; nothing is stored and nothing breaks."""

import gzip
import json
import time
import tracemalloc

import pytest
from django.db import OperationalError

from accounts.models import Department
from kpis.models import Kpi, Measurement
from tests.api.conftest import Api, errors_of
from tests.cast import inside, make_kpi

pytestmark = pytest.mark.django_db
MEGABYTE = 1024 * 1024
KPI = {"name": "Orders", "unit": "number", "direction": "increase", "frequency": "monthly", "source": "measured"}


def push(value: str) -> bytes:
    return b'[{"kpi": "orders", "date": "2026-11-02", "value": %s}]' % value.encode()


@pytest.fixture
def orders(acme):
    with inside(acme):
        yield make_kpi(acme, "orders")
        assert not Measurement.objects.exists()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "truncated"),
        (b"{", "truncated"),
        (b"[1, 2", "truncated"),
        (b'{"name": "a" "b"}', "malformed"),
        (b'{"name": NaN}', "malformed"),
        (b'{"value": 1e400}', "out of range"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"name": "\xff"}', "UTF-8"),
        (b'{"name": "a\x00b"}', "malformed"),
        (b'{"name": "\\ud800"}', "not valid JSON"),
        (b"\xef\xbb\xbf{}", "malformed"),
    ],
)
def test_a_body_that_is_no_json_says_where(writer, body, said):
    response = writer.send("POST", "kpis/", body or b" ")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert response.json()["type"] == "urn:ladder:problem:malformed"
    assert said in response.json()["detail"]


@pytest.mark.parametrize("body", [[], "text", 1, None, True])
def test_a_body_that_is_no_object_says_so(writer, body):
    response = writer.send("POST", "kpis/", json.dumps(body).encode())
    assert response.status_code == 400
    assert "Send a JSON object" in response.json()["detail"]


@pytest.mark.parametrize("field", ["name", "description", "key", "unit", "owner", "parent"])
def test_nul_is_refused_in_every_text(writer, field):
    assert writer.post("kpis/", {**KPI, field: "a\0b"}).status_code == 400


@pytest.mark.parametrize("value", ["12", True, None, 10**400, [], {}])
def test_a_number_is_a_plain_finite_number(acme, writer, value):
    with inside(acme):
        make_kpi(acme, "orders")
    response = writer.put("kpis/orders/values/2026-11-02/", {"value": value})
    assert errors_of(response)[0][0] == "/value"


@pytest.mark.parametrize("field", ["name", "unit", "frequency", "kind"])
@pytest.mark.parametrize("value", [12, True, [], {}, "x" * 10_000])
def test_a_text_is_a_text_of_bounded_length(writer, field, value):
    assert (f"/{field}", "") in [(pointer, "") for pointer, _ in errors_of(writer.post("kpis/", {**KPI, field: value}))]


def test_every_error_is_named_where_it_stands(writer):
    body = {**KPI, "nmae": 1, "decimals": 9, "parents": [{"kpi": "nowhere"}, {"weight": 0, "a/b~c": 1}]}
    assert errors_of(writer.post("kpis/", body)) == [
        ("/nmae", "unknown_member"),
        ("/parents/0/kpi", "unknown"),
        ("/parents/1/a~1b~0c", "unknown_member"),
        ("/parents/1/kpi", "required"),
        ("/parents/1/weight", "min_value"),
        ("/decimals", "max_value"),
    ]


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data; boundary=x", "application/xml", ""])
@pytest.mark.parametrize("path", ["kpis/", "measurements/"])
def test_other_kinds_of_content_are_415(writer, path, content_type):
    response = writer.send("POST", path, b"name=Orders", content_type)
    assert response.status_code == 415


def test_a_form_is_415_and_not_stored(acme, writer):
    response = writer.send("POST", "departments/", b"name=Sales", "application/x-www-form-urlencoded")
    assert response.status_code == 415
    with inside(acme):
        assert not Department.objects.exists()


def test_a_body_of_more_than_10_mb_is_413(pusher):
    response = pusher.send("POST", "measurements/", b" " * (10 * MEGABYTE + 1))
    assert response.status_code == 413
    assert "10 MB" in response.json()["detail"]


def test_a_body_of_10_mb_is_read(orders, pusher):
    body = b"[" + b" " * (10 * MEGABYTE - 2) + b"]"
    assert pusher.send("POST", "measurements/", body).json()["received"] == 0


def test_a_gzip_bomb_is_413_before_it_fills_the_memory(pusher):
    bomb = gzip.compress(b" " * (400 * MEGABYTE), compresslevel=1)
    tracemalloc.start()
    try:
        response = pusher.send("POST", "measurements/", bomb, Content_Encoding="gzip")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert response.status_code == 413
    assert peak < 60 * MEGABYTE


def test_gzipped_bodies_are_read_by_every_endpoint(orders, writer):
    body = gzip.compress(json.dumps({"name": "Sales"}).encode())
    assert writer.send("POST", "departments/", body, Content_Encoding="gzip").status_code == 201
    two = gzip.compress(b"[") + gzip.compress(b"]")
    assert writer.send("POST", "measurements/", two, Content_Encoding="GZIP").json()["received"] == 0


def test_a_gzip_of_very_many_parts_is_refused_at_once(pusher):
    began = time.monotonic()
    response = pusher.send("POST", "measurements/", gzip.compress(b"") * 200_000, Content_Encoding="gzip")
    assert (response.status_code, "compress it as one" in response.json()["detail"]) == (400, True)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("break_it", [lambda body: body[:-9], lambda _: b"no gzip", lambda body: body + b"tail"])
def test_a_broken_gzip_is_400(orders, pusher, break_it):
    response = pusher.send("POST", "measurements/", break_it(gzip.compress(push("1"))), Content_Encoding="gzip")
    assert (response.status_code, "gzip" in response.json()["detail"]) == (400, True)


def test_another_encoding_is_415(orders, pusher):
    assert pusher.send("POST", "measurements/", push("1"), Content_Encoding="br").status_code == 415


@pytest.mark.parametrize("path", ["kpis/?search=%00", "kpis/?%00=1", "kpis/%00/", "members/?search=a%00b"])
def test_nul_in_an_address_is_refused(reader, path):
    assert reader.get(path).status_code in (400, 404)


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("kpis/?limit=0", "/limit"),
        ("kpis/?limit=201", "/limit"),
        ("kpis/?limit=ten", "/limit"),
        ("kpis/?limit=" + "9" * 5000, "/limit"),
        ("kpis/?limit=%EF%BC%91", "/limit"),
        ("kpis/?cursor=x", "/cursor"),
        ("kpis/?cursor=W10", "/cursor"),
        ("kpis/?ordering=secret", "/ordering"),
        ("kpis/?ordering=", "/ordering"),
        ("kpis/?status=fine", "/status"),
        ("kpis/?statsu=late", "/statsu"),
        ("kpis/?department=sales", "/department"),
        ("kpis/?archived=maybe", "/archived"),
        ("kpis/tree/?depth=1", "/depth"),
        ("kpis/orders/series/?from=2026-13-01", "/from"),
        ("kpis/orders/series/?to=9999-99-99", "/to"),
        ("kpis/orders/series/?to=9999-12-31", "/to"),
        ("kpis/orders/series/?frequency=hourly", "/frequency"),
        ("kpis/orders/series/?frequency=daily", "/frequency"),
        ("kpis/orders/series/?as_of=9999-12-31", "/as_of"),
        ("kpis/orders/series/?as_of=yesterday", "/as_of"),
    ],
)
def test_a_parameter_that_is_wrong_is_named(orders, reader, path, pointer):
    response = reader.get(path)
    assert response.status_code == 400
    assert [found for found, _ in errors_of(response)] == [pointer]


@pytest.mark.parametrize(
    "path", ["nothing/", "kpis/nowhere/", "kpis/nowhere/series/", "departments/1/", "members/x/", "v2/"]
)
def test_what_is_not_there_is_404(reader, path):
    response = reader.get(path)
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_a_missing_slash_is_told_rather_than_redirected(writer):
    response = writer.post("kpis", KPI)
    assert response.status_code == 404
    assert response.json()["detail"].endswith("Add the slash at the end: /api/v1/kpis/")


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "kpis/"), ("DELETE", "me/"), ("OPTIONS", "kpis/"), ("TRACE", "me/")]
)
def test_a_method_that_is_not_offered_is_405(admin, method, path):
    response = admin.client.generic(method, f"/api/v1/{path}", headers=admin.headers)
    assert (response.status_code, response["Content-Type"]) == (405, "application/problem+json")
    assert "GET" in response["Allow"]


def test_foreign_ids_are_as_unknown_as_any(acme, globex, admin, stranger, charlie):
    with inside(globex):
        theirs = make_kpi(globex, "theirs")
        department = Department.objects.create(name="Theirs")
    for path in (f"kpis/{theirs.pk}/", "kpis/theirs/", f"kpis/{theirs.pk}/targets/", f"departments/{department.pk}/"):
        unknown = path.replace(str(theirs.pk), "01a20a6b-52ee-77ba-a112-fa093c68aa85")
        assert admin.get(path).status_code == 404
        assert stranger.get(path).status_code == 200, path
        assert admin.get(path).json()["detail"] == admin.get(unknown).json()["detail"]
    assert admin.patch(f"members/{charlie.pk}/", {"role": "viewer"}).status_code == 404
    given = {"parent": str(theirs.pk), "department": str(department.pk), "owner": str(charlie.pk)}
    assert errors_of(admin.post("kpis/", {**KPI, **given})) == [
        ("/department", "unknown"),
        ("/owner", "unknown"),
        ("/parent", "unknown"),
    ]
    assert errors_of(admin.get(f"kpis/?department={department.pk}")) == [("/department", "unknown")]
    assert errors_of(admin.post("measurements/", [{"kpi": str(theirs.pk), "date": "2026-11-02", "value": 1}])) == [
        ("/0/kpi", "unknown_kpi")
    ]


def test_a_failure_of_ours_tells_no_stack_trace(monkeypatch, reader):
    def fail(*args: object) -> None:
        raise RuntimeError("the secret is 42")

    monkeypatch.setattr("kpis.api.kpis.shown", fail)
    response = reader.get("kpis/")
    problem = response.json()
    assert (response.status_code, problem["type"]) == (500, "urn:ladder:problem:error")
    assert problem["request_id"]
    assert b"secret" not in response.content
    assert b"Traceback" not in response.content


def test_a_database_that_is_away_is_503(monkeypatch, reader):
    def fail(*args: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr("kpis.api.kpis.shown", fail)
    response = reader.get("kpis/")
    assert (response.status_code, response["Retry-After"]) == (503, "1")


def test_what_fails_half_way_leaves_nothing(acme, monkeypatch, writer):
    def fail(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("kpis.api.kpis.shown", fail)
    assert writer.post("kpis/", KPI).status_code == 500
    with inside(acme):
        assert not Kpi.objects.exists()


def test_errors_are_problems_without_authentication_too(acme):
    for path in ("nothing/", "kpis/"):
        response = Api().get(path)
        assert set(response.json()) == {"type", "title", "status", "detail", "errors", "request_id"}
        assert response.json()["status"] == response.status_code
