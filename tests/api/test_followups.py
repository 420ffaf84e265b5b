"""What is done about KPIs: actions, reviews, annotations, benchmarks, influences."""

import datetime as dt
import json

import pytest
import time_machine

from accounts.models import AuditEntry, Scope
from kpis.models import Action, Annotation, Benchmark, Kpi, KpiInfluence, Review
from tests.api.conftest import errors_of, session_api, token_api
from tests.cast import NOW, inside, make_kpi

pytestmark = pytest.mark.django_db
KEY = {"Idempotency-Key": "7d53c4f4-6df1-4f2c-a0a4-0a6c37a3ed57"}
GROCERY = {
    "median": 0.62,
    "lower_quartile": 0.55,
    "upper_quartile": 0.7,
    "industry": "Grocery",
    "region": "Germany",
    "year": 2025,
    "source": "Retail report",
}
ORGANIC = {"median": 0.5, "industry": "Organic food", "year": 2022, "source": "BÖLW"}


@pytest.fixture(autouse=True)
def standing_clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def orders(acme, bob):
    with inside(acme):
        return make_kpi(acme, "orders", owner=bob)


@pytest.fixture
def call(writer, orders):
    """An action that is late."""
    return writer.post("actions/", {"kpi": "orders", "title": "Call the growers", "due_on": "2026-11-17"}).json()


# Actions


def test_an_action_is_planned_by_key_or_id(acme, alice, orders, writer):
    response = writer.post("actions/", {"kpi": "orders", "title": "Call the growers", "owner": str(alice.pk)})
    assert response.status_code == 201
    action = response.json()
    assert list(action) == [
        "id", "kpi", "kind", "title", "cause", "owner", "due_on", "overdue", "state", "closed_on", "created_at",
        "created_by",
    ]  # fmt: skip
    assert (action["kpi"], action["owner"], action["created_by"]) == (str(orders.pk), str(alice.pk), None)
    assert (action["kind"], action["state"], action["overdue"], action["closed_on"]) == ("planned", "open", False, None)
    assert writer.get(f"actions/{action['id']}/").json() == action
    assert session_api(alice).post("actions/", {"kpi": str(orders.pk), "title": "Do"}).json()["created_by"] == str(
        alice.pk
    )


def test_how_far_it_is_sets_and_clears_its_date(call, writer):
    path = f"actions/{call['id']}/"
    assert call["overdue"] is True
    done = writer.patch(path, {"state": "done"}).json()
    assert (done["state"], done["closed_on"], done["overdue"]) == ("done", "2026-11-18", False)
    assert writer.patch(path, {"closed_on": "2026-11-09"}).json()["closed_on"] == "2026-11-09"
    assert writer.patch(path, {"state": "open"}).json()["closed_on"] is None
    dropped = writer.patch(path, {"state": "dropped", "closed_on": "2026-11-10"}).json()
    assert (dropped["state"], dropped["closed_on"]) == ("dropped", "2026-11-10")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"kpi": "nowhere"}, ("/kpi", "unknown")),
        ({"title": ""}, ("/title", "blank")),
        ({"title": "x" * 201}, ("/title", "max_length")),
        ({"title": "a\0b"}, ("/title", "null_characters_not_allowed")),
        ({"kind": "hopeful"}, ("/kind", "invalid_choice")),
        ({"cause": "Nobody looked"}, ("/cause", "not_corrective")),
        ({"owner": "bob"}, ("/owner", "unknown")),
        ({"due_on": "soon"}, ("/due_on", "invalid")),
        ({"state": "asleep"}, ("/state", "invalid_choice")),
        ({"closed_on": "2026-11-18"}, ("/closed_on", "not_closed")),
        ({"state": "done", "closed_on": "2026-11-19"}, ("/closed_on", "future")),
        ({"id": "x", "urgent": True}, ("/urgent", "unknown_member")),
    ],
)
def test_an_action_that_makes_no_sense_is_refused(acme, orders, writer, change, error):
    assert errors_of(writer.post("actions/", {"kpi": "orders", "title": "Call the growers", **change})) == [error]
    with inside(acme):
        assert not Action.objects.exists()


def test_an_action_stays_with_its_kpi(acme, call, writer):
    with inside(acme):
        make_kpi(acme, "visits")
    path = f"actions/{call['id']}/"
    assert errors_of(writer.patch(path, {"kpi": "visits"})) == [("/kpi", "fixed")]
    assert writer.patch(path, {"kpi": "orders", "title": "Visit them"}).json()["title"] == "Visit them"


def test_an_action_is_planned_once_however_often_it_is_sent(acme, orders, writer):
    body = {"kpi": "orders", "title": "Call the growers"}
    first, second = (writer.post("actions/", body, **KEY) for _ in range(2))
    assert (first.json(), second["Idempotency-Replayed"]) == (second.json(), "true")
    with inside(acme):
        assert Action.objects.count() == 1


def test_actions_are_not_removed(call, admin):
    assert admin.delete(f"actions/{call['id']}/").status_code == 405


def test_an_archived_kpi_takes_no_actions(acme, orders, writer):
    with inside(acme):
        Kpi.objects.update(archived_at=NOW)
    assert writer.post("actions/", {"kpi": "orders", "title": "Too late"}).status_code == 409


def test_actions_are_filtered_and_ordered_by_urgency(acme, alice, bob, orders, writer):
    with inside(acme):
        make_kpi(acme, "visits")
    made = {
        "done": {"state": "done", "due_on": "2026-11-01"},
        "someday": {},
        "late": {"due_on": "2026-11-17", "state": "running", "owner": str(alice.pk)},
        "soon": {"due_on": "2026-11-20", "kind": "corrective", "owner": str(bob.pk)},
        "other": {"kpi": "visits", "due_on": "2026-11-19"},
    }
    for title, fields in made.items():
        assert writer.post("actions/", {"kpi": "orders", "title": title, **fields}).status_code == 201
    expected = {
        "": ["late", "other", "soon", "someday", "done"],
        "kpi=orders": ["late", "soon", "someday", "done"],
        f"kpi={orders.pk}": ["late", "soon", "someday", "done"],
        f"owner={alice.pk}": ["late"],
        "state=open": ["other", "soon", "someday"],
        "kind=corrective": ["soon"],
        "overdue=true": ["late"],
        "overdue=false": ["other", "soon", "someday", "done"],
        "overdue=false&state=open&kpi=orders": ["soon", "someday"],
        "ordering=-due": ["someday", "soon", "other", "late", "done"],
        "ordering=created_at": ["done", "someday", "late", "soon", "other"],
    }
    found = {query: [row["title"] for row in writer.get(f"actions/?{query}").json()["results"]] for query in expected}
    assert found == expected
    paged, path = [], "actions/?limit=2"
    while path:
        page = writer.get(path).json()
        paged += [row["title"] for row in page["results"]]
        path = page["next"] and page["next"].removeprefix("http://testserver/api/v1/")
    assert paged == expected[""]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("kpi=nowhere", ("/kpi", "unknown")),
        ("owner=01a20a6b-52ee-77ba-a112-fa093c68aa85", ("/owner", "unknown")),
        ("overdue=maybe", ("/overdue", "invalid_choice")),
        ("late=true", ("/late", "unknown_parameter")),
    ],
)
def test_a_filter_that_means_nothing_is_refused(orders, reader, query, error):
    assert errors_of(reader.get(f"actions/?{query}")) == [error]


def test_whoever_is_to_do_it_moves_it_on(acme, bob, vera, writer):
    with inside(acme):
        make_kpi(acme, "visits")
    action = writer.post("actions/", {"kpi": "visits", "title": "Call", "owner": str(bob.pk)}).json()
    path = f"actions/{action['id']}/"
    assert session_api(bob).patch(path, {"state": "done"}).status_code == 200
    assert session_api(bob).patch(path, {"title": "Rest"}).status_code == 403
    assert session_api(bob).post("actions/", {"kpi": "visits", "title": "Mine"}).status_code == 403
    assert session_api(vera).patch(path, {"state": "open"}).status_code == 403
    assert token_api(acme, Scope.READ).patch(path, {"state": "open"}).status_code == 403


# Reviews


def test_reviews_are_written_down_and_listed_the_latest_first(acme, alice, orders, writer):
    with inside(acme):
        make_kpi(acme, "visits")
    first = writer.post("reviews/", {"kpi": "orders", "decision": "Raise the target", "note": "Coupons pay off"})
    assert first.status_code == 201
    review = first.json()
    assert list(review) == ["id", "kpi", "held_on", "decision", "note", "member", "recorded_at"]
    assert (review["kpi"], review["held_on"], review["member"]) == (str(orders.pk), "2026-11-18", None)
    earlier = session_api(alice).post("reviews/", {"kpi": "orders", "held_on": "2026-11-02"}).json()
    other = writer.post("reviews/", {"kpi": "visits", "held_on": "2026-11-09"}).json()
    listed = [row["id"] for row in writer.get("reviews/").json()["results"]]
    assert listed == [review["id"], other["id"], earlier["id"]]
    assert writer.get("reviews/?kpi=orders&ordering=held_on").json()["results"] == [earlier, review]
    assert writer.get(f"reviews/?member={alice.pk}").json()["results"] == [earlier]


def test_a_review_that_lies_ahead_is_refused(acme, orders, writer):
    assert errors_of(writer.post("reviews/", {"kpi": "orders", "held_on": "2026-11-19"})) == [("/held_on", "future")]
    assert errors_of(writer.post("reviews/", {})) == [("/kpi", "required")]
    with inside(acme):
        assert not Review.objects.exists()


def test_a_contributor_reviews_what_they_own(acme, bob, orders):
    with inside(acme):
        make_kpi(acme, "visits")
    assert session_api(bob).post("reviews/", {"kpi": "orders"}).json()["member"] == str(bob.pk)
    assert session_api(bob).post("reviews/", {"kpi": "visits"}).status_code == 403


# Annotations


def test_annotations_are_added_changed_and_removed(acme, orders, writer):
    path = "kpis/orders/annotations/"
    made = writer.post(path, {"on": "2026-10-12", "text": "Strike"})
    assert made.status_code == 201
    note = made.json()
    assert list(note) == ["id", "on", "text", "is_process_change", "member", "created_at"]
    assert (note["on"], note["is_process_change"], note["member"]) == ("2026-10-12", False, None)
    later = writer.post(path, {"on": "2026-11-02", "text": "New cold store", "is_process_change": True}).json()
    assert writer.get(f"kpis/{orders.pk}/annotations/").json()["results"] == [later, note]
    changed = writer.patch(f"{path}{note['id']}/", {"text": "Strike at the depot"}).json()
    assert changed == {**note, "text": "Strike at the depot"}
    assert writer.delete(f"{path}{later['id']}/").status_code == 204
    assert writer.get(path).json()["results"] == [changed]
    assert writer.delete(f"{path}{later['id']}/").status_code == 404


def test_an_annotation_belongs_to_its_kpi(acme, orders, writer):
    with inside(acme):
        make_kpi(acme, "visits")
    note = writer.post("kpis/orders/annotations/", {"on": "2026-10-12", "text": "Strike"}).json()
    assert writer.patch(f"kpis/visits/annotations/{note['id']}/", {"text": "No"}).status_code == 404
    assert writer.delete(f"kpis/visits/annotations/{note['id']}/").status_code == 404


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/on", "/text"]),
        ({"on": "2026-02-30", "text": "x"}, ["/on"]),
        ({"on": "2026-10-12", "text": " "}, ["/text"]),
        ({"on": "2026-10-12", "text": "x", "is_process_change": "perhaps"}, ["/is_process_change"]),
        ({"on": "2026-10-12", "text": "x", "colour": "red"}, ["/colour"]),
    ],
)
def test_an_annotation_that_says_nothing_is_refused(acme, orders, writer, body, pointers):
    assert [pointer for pointer, _ in errors_of(writer.post("kpis/orders/annotations/", body))] == pointers
    with inside(acme):
        assert not Annotation.objects.exists()


# Benchmarks


def test_the_list_of_benchmarks_is_replaced(acme, orders, writer):
    path = "kpis/orders/benchmarks/"
    answer = writer.put(path, [ORGANIC, GROCERY])
    assert answer.status_code == 200
    assert answer.json() == [
        {**GROCERY, "is_dated": False},
        {**ORGANIC, "lower_quartile": None, "upper_quartile": None, "region": "", "is_dated": True},
    ]
    assert writer.get(path).json() == answer.json()
    assert writer.put(path, answer.json()).json() == answer.json()
    with inside(acme):
        assert AuditEntry.objects.filter(action="kpi.benchmarks_set").count() == 1
    assert writer.put(path, []).json() == []


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"median": "0.5"}, ("/1/median", "not_a_number")),
        ({"median": 0.9}, ("/1/median", "order")),
        ({"upper_quartile": None}, ("/1/upper_quartile", "one_quartile")),
        ({"year": 2027}, ("/1/year", "year")),
        ({"year": 1989}, ("/1/year", "min_value")),
        ({"industry": ""}, ("/1/industry", "blank")),
        ({"source": None}, ("/1/source", "null")),
        ({"mean": 1}, ("/1/mean", "unknown_member")),
        ({"industry": "Organic food", "region": "", "year": 2022, "source": "bölw"}, ("/1/industry", "repeated")),
    ],
)
def test_a_benchmark_that_cannot_be_relied_on_is_refused(acme, orders, writer, change, error):
    assert errors_of(writer.put("kpis/orders/benchmarks/", [ORGANIC, {**GROCERY, **change}])) == [error]
    with inside(acme):
        assert not Benchmark.objects.exists()


def test_benchmarks_are_a_list_of_bounded_length(orders, writer):
    assert errors_of(writer.put("kpis/orders/benchmarks/", GROCERY)) == [("", "not_a_list")]
    many = [{**ORGANIC, "industry": f"Industry {number}"} for number in range(101)]
    assert errors_of(writer.put("kpis/orders/benchmarks/", many)) == [("", "too_many")]


# Influences


@pytest.fixture
def visits(acme, orders):
    with inside(acme):
        make_kpi(acme, "clicks", indicator="leading")
        return make_kpi(acme, "visits", indicator="leading")


def test_what_a_leading_kpi_should_move_is_a_list_of_ids(acme, orders, visits, writer):
    with inside(acme):
        profit = make_kpi(acme, "profit")
    answer = writer.put("kpis/visits/influences/", ["orders", str(profit.pk)])
    assert (answer.status_code, answer.json()) == (200, [str(orders.pk), str(profit.pk)])
    assert writer.get(f"kpis/{visits.pk}/influences/").json() == answer.json()
    assert writer.put("kpis/visits/influences/", []).json() == []
    assert writer.get("kpis/orders/influences/").json() == []


@pytest.mark.parametrize(
    ("path", "body", "error"),
    [
        ("orders", ["visits"], ("", "not_leading")),
        ("visits", ["visits"], ("/0", "itself")),
        ("visits", ["orders", "clicks"], ("/1", "not_lagging")),
        ("visits", ["orders", "orders"], ("/1", "repeated")),
        ("visits", ["orders", "nowhere"], ("/1", "unknown")),
        ("visits", [7], ("/0", "not_a_text")),
        ("visits", {"moves": []}, ("", "not_a_list")),
        ("visits", None, ("", "not_a_list")),
        ("visits", ["orders"] * 51, ("", "too_many")),
    ],
)
def test_what_cannot_follow_is_refused(acme, visits, writer, path, body, error):
    sent = json.dumps(body).encode()
    assert errors_of(writer.send("PUT", f"kpis/{path}/influences/", sent)) == [error]
    with inside(acme):
        assert not KpiInfluence.objects.exists()


# All of them


def test_nothing_of_another_organization_is_there(acme, globex, call, orders, writer, stranger):
    note = writer.post("kpis/orders/annotations/", {"on": "2026-10-12", "text": "Strike"}).json()
    writer.post("reviews/", {"kpi": "orders"})
    with inside(globex):
        make_kpi(globex, "mine", indicator="leading")
    assert stranger.get("actions/").json()["results"] == stranger.get("reviews/").json()["results"] == []
    assert stranger.get(f"actions/{call['id']}/").status_code == 404
    assert stranger.patch(f"actions/{call['id']}/", {"state": "done"}).status_code == 404
    for part in ("annotations", "benchmarks", "influences"):
        assert stranger.get(f"kpis/orders/{part}/").status_code == 404
        assert stranger.get(f"kpis/{orders.pk}/{part}/").status_code == 404
    assert stranger.delete(f"kpis/mine/annotations/{note['id']}/").status_code == 404
    body = {"kpi": str(orders.pk), "title": "Spy"}
    assert errors_of(stranger.post("actions/", body)) == [("/kpi", "unknown")]
    assert errors_of(stranger.get(f"actions/?kpi={orders.pk}")) == [("/kpi", "unknown")]
    assert errors_of(stranger.put("kpis/mine/influences/", [str(orders.pk)])) == [("/0", "unknown")]
    with inside(acme):
        assert Action.objects.get().closed_on is None
        assert Annotation.objects.get().on == dt.date(2026, 10, 12)
