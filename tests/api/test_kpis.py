"""Definitions, links, targets and single values."""

import pytest

from accounts.models import Department
from kpis.models import Kpi, KpiLink, Measurement, MeasurementRevision, Score
from tests.api.conftest import errors_of, session_api
from tests.cast import inside, make_kpi, make_link

pytestmark = pytest.mark.django_db
ORDERS = {"name": "Orders", "unit": "number", "direction": "increase", "frequency": "monthly", "source": "measured"}
TOTAL = {**ORDERS, "name": "Total", "source": "rollup"}
# Every member of the documentation's KPI in its order, what came since between them.
MEMBERS = """id key name description department owner kind parent parents weight contribution weight_by carry_forward
due_after_days pace_profile review_cadence category level indicator unit decimals direction frequency aggregation source
rollup formula target_path on_track_at at_risk_at archived_at smart created_at current open""".split()


def test_the_least_a_kpi_needs(writer):
    response = writer.post("kpis/", ORDERS)
    kpi = response.json()
    assert response.status_code == 201
    assert list(kpi) == MEMBERS
    assert (kpi["key"], kpi["aggregation"], kpi["rollup"], kpi["due_after_days"]) == ("orders", "sum", None, 5)
    assert (kpi["owner"], kpi["parents"], kpi["weight"], kpi["contribution"]) == (None, [], 1, 1)
    assert (kpi["current"]["status"], kpi["current"]["period"], kpi["open"]) == ("no_data", None, None)
    assert writer.get(f"kpis/{kpi['id']}/").json() == writer.get("kpis/orders/").json() == kpi


def test_what_is_missing_is_named(writer):
    response = writer.post("kpis/", {})
    assert errors_of(response) == [
        (f"/{name}", "required") for name in ("name", "unit", "direction", "frequency", "source")
    ]
    assert response.json()["error_count"] == 5


def test_a_rollup_sums_unless_told_otherwise(writer):
    assert writer.post("kpis/", TOTAL).json()["rollup"] == "sum"
    assert writer.post("kpis/", {**TOTAL, "name": "Mean", "rollup": "mean"}).json()["rollup"] == "mean"


def test_whoever_makes_a_kpi_in_person_owns_it(alice, bob):
    api = session_api(alice)
    assert api.post("kpis/", ORDERS).json()["owner"] == str(alice.pk)
    assert api.post("kpis/", {**ORDERS, "owner": str(bob.pk)}).json()["owner"] == str(bob.pk)
    assert api.post("kpis/", {**ORDERS, "owner": None}).json()["owner"] is None


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"key": "Net revenue"}, ("/key", "invalid")),
        ({"key": "tree"}, ("/key", "reserved")),
        ({"key": "taken"}, ("/key", "taken")),
        ({"unit": "bananas"}, ("/unit", "unit")),
        ({"unit": "currency:XXQ"}, ("/unit", "unit")),
        ({"frequency": "hourly"}, ("/frequency", "invalid_choice")),
        ({"rollup": "sum"}, ("/rollup", "not_a_rollup")),
        ({"formula": "taken * 2"}, ("/formula", "not_a_formula")),
        ({"source": "formula"}, ("/formula", "empty")),
        ({"source": "formula", "formula": None}, ("/formula", "empty")),
        ({"source": "formula", "formula": "takn * 2"}, ("/formula", "unknown_name")),
        ({"source": "formula", "formula": "taken *\0 2"}, ("/formula", "null_characters_not_allowed")),
        ({"source": "formula", "formula": 2}, ("/formula", "invalid")),
        ({"source": "formula", "formula": "taken + " * 200}, ("/formula", "max_length")),
        ({"source": "segment"}, ("/source", "invalid_choice")),
        ({"target_path": "curved"}, ("/target_path", "invalid_choice")),
        ({"pace_profile": "last_month"}, ("/pace_profile", "invalid_choice")),
        ({"review_cadence": "daily"}, ("/review_cadence", "invalid_choice")),
        ({"carry_forward": 1}, ("/carry_forward", "not_a_stock")),
        ({"on_track_at": -1}, ("/on_track_at", "thresholds")),
        ({"parent": "nowhere"}, ("/parent", "unknown")),
        ({"parent": "taken", "parents": [{"kpi": "taken"}]}, ("/parent", "ambiguous")),
        ({"parents": [{"kpi": "taken", "contribution": 2}]}, ("/parents/0/contribution", "invalid_choice")),
        ({"weight": 2}, ("/weight", "no_parent")),
    ],
)
def test_a_definition_that_makes_no_sense_is_refused(acme, writer, change, error):
    with inside(acme):
        make_kpi(acme, "taken")
    assert errors_of(writer.post("kpis/", {**ORDERS, **change})) == [error]
    with inside(acme):
        assert Kpi.objects.count() == 1


def test_how_targets_move_and_reviews_recur_is_read_and_written(writer):
    given = {"target_path": "linear", "pace_profile": "last_year", "review_cadence": "monthly"}
    kpi = writer.post("kpis/", {**ORDERS, **given}).json()
    assert {name: kpi[name] for name in given} == given
    changed = {"target_path": "step", "pace_profile": "days", "review_cadence": "weekly"}
    kpi = writer.patch("kpis/orders/", changed).json()
    assert {name: kpi[name] for name in given} == changed


def test_another_way_between_targets_needs_a_reason_where_it_changes_a_promise(writer):
    writer.post("kpis/", ORDERS)
    targets = [{"effective_from": "2026-01-01", "target": 100}, {"effective_from": "2026-12-01", "target": 200}]
    assert writer.put("kpis/orders/targets/", targets).status_code == 200
    refused = writer.patch("kpis/orders/", {"target_path": "linear"})
    assert refused.status_code == 400
    assert [(error["pointer"], error["code"]) for error in refused.json()["errors"]] == [("/reason", "reason_required")]
    given = {"target_path": "linear", "reason": "It grows little by little"}
    assert writer.patch("kpis/orders/", given).json()["target_path"] == "linear"


def test_what_was_read_can_be_sent_back(acme, writer):
    writer.post("kpis/", TOTAL)
    kpi = writer.post("kpis/", {**ORDERS, "parents": [{"kpi": "total"}]}).json()
    sent = {name: value for name, value in kpi.items() if name != "parent"}
    assert writer.patch("kpis/orders/", sent).json() == kpi


def test_links_are_given_as_a_list_or_in_short(acme, writer):
    for name in ("Total", "Other"):
        writer.post("kpis/", {**TOTAL, "name": name})
    short = writer.post("kpis/", {**ORDERS, "parent": "total", "weight": 2, "contribution": -1}).json()
    total = writer.get("kpis/total/").json()["id"]
    link = {"kpi": total, "weight": 2, "contribution": -1, "valid_from": None, "valid_to": None}
    assert (short["parent"], short["parents"]) == (total, [link])
    parents = [{"kpi": "total", "valid_to": "2025-12-31"}, {"kpi": "other", "valid_from": "2026-01-01"}]
    listed = writer.patch("kpis/orders/", {"parents": parents}).json()
    assert [row["valid_to"] for row in listed["parents"]] == ["2025-12-31", None]
    assert listed["parent"] == writer.get("kpis/other/").json()["id"]
    assert writer.patch("kpis/orders/", {"parents": []}).json()["parents"] == []


def test_a_first_parent_counts_from_the_beginning_and_a_move_from_the_period_that_runs(acme, writer):
    for name in ("Total", "Other"):
        writer.post("kpis/", {**TOTAL, "name": name})
    writer.post("kpis/", ORDERS)
    first = writer.patch("kpis/orders/", {"parent": "total"}).json()
    assert [row["valid_from"] for row in first["parents"]] == [None]
    moved = writer.patch("kpis/orders/", {"parent": "other"}).json()
    other, total = sorted(moved["parents"], key=lambda row: row["valid_from"] is None)
    assert (other["kpi"], total["kpi"]) == (moved["parent"], first["parent"])
    assert total["valid_to"] < other["valid_from"]


@pytest.mark.parametrize("given", [{"parent": "orders"}, {"parents": [{"kpi": "orders"}]}])
def test_a_cycle_is_refused_with_its_path(acme, writer, given):
    writer.post("kpis/", TOTAL)
    writer.post("kpis/", {**ORDERS, "parent": "total"})
    response = writer.patch("kpis/total/", given)
    assert errors_of(response) == [(f"/{next(iter(given))}", "cycle")]
    assert "total -> orders -> total" in response.json()["detail"]


def test_a_child_in_another_unit_is_refused_with_both_named(writer):
    writer.post("kpis/", TOTAL)
    response = writer.post("kpis/", {**ORDERS, "unit": "currency:EUR", "parents": [{"kpi": "total"}]})
    assert [pointer for pointer, _ in errors_of(response)] == ["/parents/0/kpi"]
    assert "EUR" in response.json()["detail"]


def test_a_definition_is_changed_where_the_body_names_it(acme, writer):
    with inside(acme):
        sales = Department.objects.create(name="Sales")
    writer.post("kpis/", ORDERS)
    changed = writer.patch("kpis/orders/", {"department": str(sales.pk), "level": "strategic"}).json()
    assert (changed["department"], changed["level"], changed["name"]) == (str(sales.pk), "strategic", "Orders")


def test_delete_archives_and_purge_removes(acme, admin):
    admin.post("kpis/", ORDERS)
    admin.put("kpis/orders/values/2026-10-01/", {"value": 1})
    assert [admin.delete("kpis/orders/").status_code for _ in range(2)] == [204, 204]
    assert admin.get("kpis/orders/").json()["archived_at"] is not None
    assert admin.get("kpis/").json()["results"] == []
    assert admin.put("kpis/orders/values/2026-10-02/", {"value": 1}).status_code == 409
    assert admin.patch("kpis/orders/", {"name": "New"}).status_code == 409
    assert errors_of(admin.delete("kpis/orders/?purge=yes")) == [("/purge", "invalid_choice")]
    assert admin.delete("kpis/orders/?purge=true").status_code == 204
    assert admin.get("kpis/orders/").status_code == 404
    with inside(acme):
        assert not Measurement.objects.exists()


def test_what_others_ladder_up_to_is_not_purged(acme, admin):
    with inside(acme):
        make_link(make_kpi(acme, "total", source="rollup", rollup="sum"), make_kpi(acme, "orders"))
    response = admin.delete("kpis/total/?purge=true")
    assert (response.status_code, "ladders up to it" in response.json()["detail"]) == (409, True)
    with inside(acme):
        assert KpiLink.objects.count() == 1


def test_targets_are_replaced_as_a_whole(writer):
    writer.post("kpis/", ORDERS)
    rows = [
        {
            "effective_from": "2026-12-01",
            "target": 700,
            "floor": 500,
            "due_on": "2027-06-30",
            "basis": "+20 % on Q2 2026",
        },
        {"effective_from": "2027-01-01", "target": 800},
    ]
    empty = {"floor": None, "low": None, "high": None, "due_on": None, "basis": "", "reason": ""}
    assert writer.put("kpis/orders/targets/", rows).json() == [{**empty, **row} for row in rows]
    assert writer.get("kpis/orders/targets/").json() == [{**empty, **row} for row in rows]
    assert writer.put("kpis/orders/targets/", []).json() == []


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ({"effective_from": "2026-12-01"}, ("", "not_a_list")),
        ([1], ("/0", "invalid")),
        ([{"target": 1}], ("/0/effective_from", "required")),
        ([{"effective_from": "2026-12", "target": 1}], ("/0/effective_from", "invalid")),
        ([{"effective_from": "2026-12-01", "target": "1"}], ("/0/target", "not_a_number")),
        ([{"effective_from": "2026-12-01", "target": 1, "floor": 2}], ("/0/floor", "floor_on_wrong_side")),
        ([{"effective_from": "2026-12-01", "target": 0}], ("/0/floor", "floor_required")),
        ([{"effective_from": "2026-12-01", "goal": 1}], ("/0/goal", "unknown_member")),
    ],
)
def test_targets_that_make_no_sense_are_refused(writer, rows, error):
    writer.post("kpis/", ORDERS)
    assert error in errors_of(writer.put("kpis/orders/targets/", rows))
    assert writer.get("kpis/orders/targets/").json() == []


def test_two_targets_in_one_period_are_refused_at_the_second(writer):
    writer.post("kpis/", ORDERS)
    rows = [{"effective_from": "2026-12-01", "target": 700}, {"effective_from": "2026-12-15", "target": 800}]
    assert [pointer for pointer, _ in errors_of(writer.put("kpis/orders/targets/", rows))] == ["/1/effective_from"]


def test_changing_the_target_of_a_period_that_is_over_needs_a_reason(writer):
    writer.post("kpis/", ORDERS)
    row = {"effective_from": "2026-01-01", "target": 700}
    writer.put("kpis/orders/targets/", [row])
    changed = {**row, "target": 600}
    assert errors_of(writer.put("kpis/orders/targets/", [changed])) == [("/0/reason", "reason_required")]
    assert writer.put("kpis/orders/targets/", [{**changed, "reason": "A warehouse burnt down"}]).status_code == 200


def test_one_value_is_recorded_replaced_and_removed(acme, writer):
    writer.post("kpis/", ORDERS)
    address = "kpis/orders/values/2026-11-02/"
    recorded = writer.put(address, {"value": 12.5, "note": " before lunch "})
    assert recorded.json() == {"date": "2026-11-02", "value": 12.5, "note": " before lunch ", "warnings": []}
    assert writer.put(address, {"value": 12.5, "note": " before lunch "}).status_code == 200
    assert writer.put(address, {"value": 13}).json()["note"] == ""
    assert writer.get(address).json() == {"date": "2026-11-02", "value": 13, "note": ""}
    assert writer.delete(address).status_code == 204
    assert [writer.get(address).status_code, writer.delete(address).status_code] == [404, 404]
    with inside(acme):
        revisions = MeasurementRevision.objects.order_by("push_id")
        assert [revision.value for revision in revisions] == [12.5, 13]


@pytest.mark.parametrize(
    ("key", "date", "status"),
    [
        ("orders", "2026-11-31", 400),
        ("orders", "9999-99-99", 400),
        ("orders", "2126-01-01", 400),
        ("orders", "20261102", 400),
        ("total", "2026-11-02", 400),
        ("nowhere", "2026-11-02", 404),
    ],
)
def test_a_value_that_cannot_be_is_refused(acme, writer, key, date, status):
    writer.post("kpis/", ORDERS)
    writer.post("kpis/", TOTAL)
    response = writer.put(f"kpis/{key}/values/{date}/", {"value": 1})
    assert response.status_code == status
    with inside(acme):
        assert not Measurement.objects.exists()


def test_values_of_a_computed_kpi_are_not_measured(writer):
    writer.post("kpis/", TOTAL)
    assert errors_of(writer.put("kpis/total/values/2026-11-02/", {"value": 1})) == [("/value", "not_measured")]


def test_a_purged_kpi_leaves_no_scores(acme, admin):
    admin.post("kpis/", ORDERS)
    admin.post("measurements/?wait=true", [{"kpi": "orders", "date": "2026-10-01", "value": 1}])
    admin.delete("kpis/orders/?purge=true")
    with inside(acme):
        assert not Score.objects.exists()
