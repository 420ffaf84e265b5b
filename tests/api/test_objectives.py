"""Cycles, objectives and key results by the API, from a first plan to the grades."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from okrs.models import Cycle, KeyResult, Objective
from tests.api.conftest import errors_of, session_api
from tests.cast import NOW, inside, make_kpi

pytestmark = pytest.mark.django_db
KEY = {"Idempotency-Key": "2f1f8f29-6b37-4d6b-a2dd-6f6a2f2d0c11"}
NOWHERE = "01890000-0000-7000-8000-000000000000"
QUARTER = {"name": "Q4 2026", "starts_on": "2026-10-01", "ends_on": "2026-12-31", "length": "quarter"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-10-01T08:00:00Z", tick=False) as travelling:
        yield travelling


@pytest.fixture
def cycle(writer):
    made = writer.post("cycles/", QUARTER).json()
    return writer.post(f"cycles/{made['id']}/activate/").json()


@pytest.fixture
def objective(writer, cycle):
    return writer.post("objectives/", {"cycle": cycle["id"], "title": "Supply the region"}).json()


@pytest.fixture
def key_result(writer, objective):
    body = {"objective": objective["id"], "title": "Supply 60 shops", "start": 20, "target": 60}
    return writer.post("key-results/", body).json()


# Cycles


def test_a_cycle_is_planned_begun_and_changed(writer):
    response = writer.post("cycles/", QUARTER)
    assert response.status_code == 201
    cycle = response.json()
    assert list(cycle) == [
        "id", "name", "length", "starts_on", "ends_on", "state", "created_at", "closed_at", "learned", "carry_on",
    ]  # fmt: skip
    assert (cycle["state"], cycle["closed_at"]) == ("planning", None)
    assert writer.post(f"cycles/{cycle['id']}/activate/").json()["state"] == "active"
    assert writer.post(f"cycles/{cycle['id']}/activate/").status_code == 409
    assert writer.patch(f"cycles/{cycle['id']}/", {"name": "Autumn"}).json()["name"] == "Autumn"
    assert [row["name"] for row in writer.get("cycles/?state=active").json()["results"]] == ["Autumn"]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"name": ""}, ("/name", "blank")),
        ({"name": "q4 2026"}, ("/name", "taken")),
        ({"ends_on": "2026-09-30"}, ("/ends_on", "ends_before_it_starts")),
        ({"starts_on": "1 October"}, ("/starts_on", "invalid")),
        ({"length": "month"}, ("/length", "invalid_choice")),
        ({"colour": "red"}, ("/colour", "unknown_member")),
    ],
)
def test_a_cycle_that_makes_no_sense_is_refused(cycle, writer, change, error):
    assert errors_of(writer.post("cycles/", {**QUARTER, "name": "Another", **change})) == [error]


def test_an_empty_cycle_can_be_removed_and_no_other(cycle, objective, writer):
    empty = writer.post("cycles/", {**QUARTER, "name": "Empty"}).json()
    assert writer.delete(f"cycles/{empty['id']}/").status_code == 204
    assert writer.get(f"cycles/{empty['id']}/").status_code == 404
    assert writer.delete(f"cycles/{cycle['id']}/").status_code == 409


def test_closing_grades_as_proposed_but_for_what_is_said(cycle, objective, key_result, writer, clock):
    other = writer.post(
        "key-results/", {"objective": objective["id"], "title": "Win 10 fairs", "start": 0, "target": 10}
    ).json()
    clock.move_to("2026-12-30T08:00:00Z")
    writer.post(f"key-results/{key_result['id']}/check-ins/", {"value": 50, "confidence": "at_risk"})
    clock.move_to("2027-01-02T08:00:00Z")
    path = f"cycles/{cycle['id']}/close/"
    unsaid = {"grades": [{"key_result": key_result["id"], "grade": 0.75}, {"key_result": other["id"], "grade": 0.5}]}
    assert errors_of(writer.post(path, unsaid)) == [("/grades/1/reason", "reason_required")]
    assert errors_of(writer.post(path, {"grades": [{"key_result": NOWHERE, "grade": 0.5}]})) == [
        ("/grades/0/key_result", "unknown")
    ]
    twice = {"grades": [{"key_result": other["id"], "grade": 0}] * 2}
    assert errors_of(writer.post(path, twice)) == [("/grades/1/key_result", "repeated")]
    assert errors_of(writer.post(path, {"grades": [{"key_result": other["id"], "grade": 1.5}]})) == [
        ("/grades/0/grade", "max_value")
    ]
    unsaid["grades"][1]["reason"] = "Five fairs signed, to be held in January"
    closed = writer.post(path, {**unsaid, "learned": "Fairs need half a year."})
    assert closed.status_code == 200
    assert (closed.json()["state"], closed.json()["learned"]) == ("closed", "Fairs need half a year.")
    assert writer.get(f"key-results/{key_result['id']}/").json()["grade"] == 0.75
    graded = writer.get(f"key-results/{other['id']}/").json()
    assert (graded["grade"], graded["proposed_grade"], graded["grade_reason"]) == (
        0.5,
        0.0,
        "Five fairs signed, to be held in January",
    )
    assert writer.get(f"objectives/{objective['id']}/").json()["grade"] == 0.625
    assert "was closed by" in writer.post(path, {}).json()["detail"]
    assert writer.patch(f"objectives/{objective['id']}/", {"title": "Another"}).status_code == 409
    assert writer.post(f"key-results/{other['id']}/check-ins/", {"confidence": "on_track"}).status_code == 409


def test_an_objectives_own_grade_needs_a_reason(cycle, objective, key_result, writer):
    path = f"cycles/{cycle['id']}/close/"
    given = {"objective_grades": [{"objective": objective["id"], "grade": 0.4}]}
    assert errors_of(writer.post(path, given)) == [("/objective_grades/0/reason", "reason_required")]
    given["objective_grades"][0]["reason"] = "The contracts came a week late"
    assert writer.post(path, given).status_code == 200
    assert writer.get(f"objectives/{objective['id']}/").json()["grade"] == 0.4


def test_a_grade_can_be_given_ahead_and_taken_back(key_result, writer):
    path = f"key-results/{key_result['id']}/grade/"
    assert errors_of(writer.put(path, {"grade": 0.5})) == [("/reason", "reason_required")]
    assert writer.put(path, {"grade": 0.5, "reason": "Agreed by hand"}).json()["grade"] == 0.5
    assert writer.put(path, {"grade": None}).json()["grade"] is None


def test_a_cycle_is_cloned_with_its_alignments(cycle, objective, key_result, writer):
    below = {"cycle": cycle["id"], "title": "Visit them all", "parent_key_result": key_result["id"]}
    writer.post("objectives/", below)
    response = writer.post(
        f"cycles/{cycle['id']}/clone/", {"name": "Q1 2027", "starts_on": "2027-01-01", "ends_on": "2027-03-31"}
    )
    assert response.status_code == 201
    tree = writer.get(f"objectives/tree/?cycle={response.json()['id']}").json()
    (top,) = tree["objectives"]
    (copied,) = top["key_results"]
    assert (top["title"], copied["title"], copied["start"], copied["current"]) == (
        "Supply the region",
        "Supply 60 shops",
        20.0,
        None,
    )
    assert [one["title"] for one in copied["objectives"]] == ["Visit them all"]
    refused = writer.post(f"cycles/{cycle['id']}/clone/", QUARTER)
    assert errors_of(refused) == [("/name", "taken")]


def test_key_results_go_on_in_another_cycle_from_where_they_stand(cycle, key_result, writer, clock):
    clock.move_to(NOW)
    writer.post(f"key-results/{key_result['id']}/check-ins/", {"value": 38, "confidence": "at_risk"})
    following = writer.post("cycles/", {"name": "Q1 2027", "starts_on": "2027-01-01", "ends_on": "2027-03-31"}).json()
    path, body = f"cycles/{following['id']}/carry-over/", {"key_results": [key_result["id"]]}
    response = writer.post(path, body)
    assert response.status_code == 200
    (carried,) = response.json()
    assert (carried["start"], carried["target"], carried["carried_from"]) == (38.0, 60.0, key_result["id"])
    assert errors_of(writer.post(path, body)) == [("/key_results", "carried_before")]
    assert errors_of(writer.post(path, {"key_results": [key_result["id"]] * 2})) == [("/key_results", "repeated")]
    assert errors_of(writer.post(path, {"key_results": [NOWHERE]})) == [("/key_results/0", "unknown")]


# Objectives


def test_an_objective_shows_what_it_is_and_how_it_stands(cycle, objective, key_result, writer, reader, clock):
    clock.move_to(NOW)
    writer.post(f"key-results/{key_result['id']}/check-ins/", {"value": 38, "confidence": "at_risk"})
    shown = reader.get(f"objectives/{objective['id']}/").json()
    assert list(shown) == [
        "id", "cycle", "title", "description", "department", "owner", "parent", "parent_key_result", "kind",
        "progress_from", "weight", "progress", "expected", "pace", "status", "confidence", "contradicted", "stale",
        "grade", "grade_reason", "carried_from", "created_at",
    ]  # fmt: skip
    assert (shown["progress"], shown["expected"]) == (0.45, 49 / 92)
    assert shown["pace"] == pytest.approx(0.45 / (49 / 92))
    assert (shown["status"], shown["confidence"], shown["grade"]) == ("on_track", "at_risk", None)
    assert reader.get("objectives/").json()["results"] == [shown]
    assert writer.patch(f"objectives/{objective['id']}/", shown).json() == shown


def test_whoever_sets_an_objective_owns_it_unless_it_says_otherwise(alice, bob, cycle, writer):
    api = session_api(alice)
    assert api.post("objectives/", {"cycle": cycle["id"], "title": "Mine"}).json()["owner"] == str(alice.pk)
    given = {"cycle": cycle["id"], "title": "His", "owner": str(bob.pk)}
    assert api.post("objectives/", given).json()["owner"] == str(bob.pk)
    assert writer.post("objectives/", {"cycle": cycle["id"], "title": "Nobody's"}).json()["owner"] is None


def test_contributors_set_and_change_their_own(bob, cycle, objective, key_result):
    api = session_api(bob)
    own = api.post("objectives/", {"cycle": cycle["id"], "title": "Know every grower"}).json()
    made = api.post("key-results/", {"objective": own["id"], "title": "Visits", "start": 0, "target": 9})
    assert (made.status_code, made.json()["owner"]) == (201, str(bob.pk))
    path = f"key-results/{made.json()['id']}/check-ins/"
    assert api.post(path, {"value": 3, "confidence": "on_track"}).status_code == 201
    assert api.patch(f"objectives/{own['id']}/", {"title": "Know them all"}).status_code == 200
    assert api.patch(f"objectives/{objective['id']}/", {"title": "Mine now"}).status_code == 403
    assert api.post(f"key-results/{key_result['id']}/check-ins/", {"confidence": "on_track"}).status_code == 403
    assert api.post("objectives/", {"cycle": cycle["id"], "title": "His", "owner": None}).status_code == 403
    assert api.delete(f"objectives/{own['id']}/").status_code == 204


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"cycle": NOWHERE}, ("/cycle", "unknown")),
        ({"title": " "}, ("/title", "blank")),
        ({"weight": 0}, ("/weight", "min_value")),
        ({"weight": "1"}, ("/weight", "not_a_number")),
        ({"kind": "dream"}, ("/kind", "invalid_choice")),
        ({"parent": NOWHERE}, ("/parent", "unknown")),
        ({"status": "on_track", "pace": 1, "statu": 1}, ("/statu", "unknown_member")),
    ],
)
def test_an_objective_that_makes_no_sense_is_refused(cycle, writer, change, error):
    assert errors_of(writer.post("objectives/", {"cycle": cycle["id"], "title": "Grow", **change})) == [error]


def test_nothing_is_aligned_to_what_serves_it(cycle, objective, writer):
    below = writer.post("objectives/", {"cycle": cycle["id"], "title": "Visit them", "parent": objective["id"]}).json()
    refused = writer.patch(f"objectives/{objective['id']}/", {"parent": below["id"]})
    assert errors_of(refused) == [("/parent", "circle")]
    assert "Supply the region → Visit them" in refused.json()["detail"] or "Visit them → " in refused.json()["detail"]
    assert errors_of(writer.patch(f"objectives/{below['id']}/", {"parent": below["id"]})) == [("/parent", "itself")]
    assert writer.delete(f"objectives/{objective['id']}/").status_code == 409


def test_an_objective_stays_in_its_cycle_and_a_key_result_with_its_objective(cycle, objective, key_result, writer):
    other = writer.post("cycles/", {**QUARTER, "name": "Other"}).json()
    assert errors_of(writer.patch(f"objectives/{objective['id']}/", {"cycle": other["id"]})) == [("/cycle", "fixed")]
    second = writer.post("objectives/", {"cycle": cycle["id"], "title": "Second"}).json()
    refused = writer.patch(f"key-results/{key_result['id']}/", {"objective": second["id"]})
    assert errors_of(refused) == [("/objective", "fixed")]
    assert writer.patch(f"key-results/{key_result['id']}/", {"objective": objective["id"]}).status_code == 200


def test_lists_are_filtered(acme, bob, cycle, objective, key_result, writer, clock):
    department = writer.post("departments/", {"name": "Fresh"}).json()
    given = {"cycle": cycle["id"], "title": "Fill shelves", "owner": str(bob.pk), "department": department["id"]}
    writer.post("objectives/", given)
    other = writer.post("cycles/", {**QUARTER, "name": "Other"}).json()
    writer.post("objectives/", {"cycle": other["id"], "title": "Elsewhere"})
    clock.move_to(NOW)

    def titles(query):
        return [row["title"] for row in writer.get(f"objectives/?ordering=title&{query}").json()["results"]]

    assert titles(f"cycle={cycle['id']}") == ["Fill shelves", "Supply the region"]
    assert titles(f"department={department['id']}") == ["Fill shelves"]
    assert titles(f"owner={bob.pk}") == ["Fill shelves"]
    assert titles("status=off_track") == ["Supply the region"]
    assert titles(f"status=no_data&cycle={cycle['id']}") == ["Fill shelves"]
    assert titles("search=shelv") == ["Fill shelves"]
    assert errors_of(writer.get(f"objectives/?cycle={NOWHERE}")) == [("/cycle", "unknown")]
    found = writer.get(f"key-results/?cycle={cycle['id']}&status=off_track").json()["results"]
    assert [row["id"] for row in found] == [key_result["id"]]
    assert writer.get(f"key-results/?cycle={other['id']}").json()["results"] == []
    assert errors_of(writer.get(f"key-results/?cycle={NOWHERE}")) == [("/cycle", "unknown")]
    assert errors_of(writer.get("objectives/?state=active")) == [("/state", "unknown_parameter")]


def test_a_list_takes_as_many_queries_for_many_as_for_one(cycle, objective, key_result, writer, reader):
    def queries(path):
        reader.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert reader.get(path).status_code == 200
        return len(captured)

    paths = ["objectives/", "objectives/?status=too_early", "key-results/", "objectives/tree/", "initiatives/"]
    writer.post("initiatives/", {"key_result": key_result["id"], "title": "Visit"})
    before = [queries(path) for path in paths]
    for number in range(5):
        more = writer.post("objectives/", {"cycle": cycle["id"], "title": str(number), "parent": objective["id"]})
        body = {"objective": more.json()["id"], "title": "Shops", "start": 0, "target": 9}
        made = writer.post("key-results/", body).json()
        writer.post("initiatives/", {"key_result": made["id"], "title": "Visit"})
    assert [queries(path) for path in paths] == before


def test_the_tree_holds_each_objective_beneath_what_it_serves(cycle, objective, key_result, writer, reader):
    writer.post("objectives/", {"cycle": cycle["id"], "title": "Beside", "parent": objective["id"]})
    writer.post("objectives/", {"cycle": cycle["id"], "title": "Beneath", "parent_key_result": key_result["id"]})
    tree = reader.get(f"objectives/tree/?cycle={cycle['id']}").json()
    (top,) = tree["objectives"]
    assert (tree["cycle"], tree["expected"], tree["counts"]["no_data"]) == (cycle["id"], 1 / 92, 2)
    assert [one["title"] for one in top["objectives"]] == ["Beside"]
    assert [one["title"] for one in top["key_results"][0]["objectives"]] == ["Beneath"]
    assert reader.get("objectives/tree/").json() == tree
    assert errors_of(reader.get(f"objectives/tree/?cycle={NOWHERE}")) == [("/cycle", "unknown")]


def test_without_any_cycle_the_tree_is_empty(reader):
    assert reader.get("objectives/tree/").json()["cycle"] is None


def test_a_very_deep_tree_is_cut_and_goes_on_below(acme, cycle, writer, reader):
    above = None
    with inside(acme):
        stored = Cycle.objects.get(pk=cycle["id"])
        for number in range(70):
            above = Objective.objects.create(cycle=stored, title=str(number), parent=above, created_at=NOW)
    node, depth = reader.get("objectives/tree/").json()["objectives"][0], 1
    while node["objectives"]:
        node, depth = node["objectives"][0], depth + 1
    assert (depth, node["cut"], node["title"]) == (60, True, "59")


# Key results


def test_a_key_result_shows_what_it_is_and_how_it_stands(key_result, writer, clock):
    clock.move_to(NOW)
    writer.post(f"key-results/{key_result['id']}/check-ins/", {"value": 10, "confidence": "on_track"})
    shown = writer.get(f"key-results/{key_result['id']}/").json()
    assert list(shown) == [
        "id", "objective", "title", "owner", "kind", "kpi", "unit", "start", "target", "low", "high", "checkpoints",
        "plan", "reads", "cadence", "cadence_day", "milestones", "weight", "starts_from", "current", "progress_raw",
        "progress", "expected", "pace", "status", "confidence", "contradicted", "stale", "grade", "grade_reason",
        "proposed_grade", "next_due", "carried_from", "created_at",
    ]  # fmt: skip
    assert (shown["current"], shown["progress_raw"], shown["progress"]) == (10.0, -0.25, 0.0)
    assert (shown["status"], shown["confidence"], shown["contradicted"]) == ("off_track", "on_track", True)
    assert (shown["next_due"], shown["stale"]) == ("2026-11-20", False)
    assert writer.patch(f"key-results/{key_result['id']}/", shown).json() == shown


def test_a_kpis_data_moves_a_linked_one(acme, objective, writer):
    with inside(acme):
        make_kpi(acme, "orders", frequency="weekly", unit="number")
    writer.post(
        "measurements/?wait=true",
        [{"kpi": "orders", "date": "2026-09-23", "value": 100}],
    )
    body = {"objective": objective["id"], "title": "More orders", "kpi": "orders", "target": 150}
    made = writer.post("key-results/", body).json()
    assert (made["start"], made["starts_from"], made["current"], made["reads"]) == (None, 100.0, 100.0, "last_complete")
    refused = writer.post(f"key-results/{made['id']}/check-ins/", {"value": 5, "confidence": "on_track"})
    assert errors_of(refused) == [("/value", "linked")]
    assert writer.post(f"key-results/{made['id']}/check-ins/", {"confidence": "on_track"}).status_code == 201
    unlinked = writer.patch(
        f"key-results/{made['id']}/", {"kpi": None, "start": 90, "reason": "Counted by hand from now on"}
    )
    assert (unlinked.json()["kpi"], unlinked.json()["reads"], unlinked.json()["start"]) == (None, None, 90.0)
    assert errors_of(writer.post("key-results/", {**body, "kpi": "nowhere"})) == [("/kpi", "unknown")]
    assert errors_of(writer.post("key-results/", {**body, "target": 50})) == [("/target", "against_direction")]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"objective": NOWHERE}, ("/objective", "unknown")),
        ({"target": 20}, ("/target", "start_is_target")),
        ({"target": None}, ("/target", "required")),
        ({"target": "60"}, ("/target", "not_a_number")),
        ({"low": 5}, ("/low", "not_of_this_kind")),
        ({"kind": "at_least", "low": 5}, ("/start", "not_of_this_kind")),
        ({"unit": "bananas"}, ("/unit", "unit")),
        ({"reads": "latest"}, ("/reads", "not_linked")),
        ({"checkpoints": [[30, 0.5], [20]]}, ("/checkpoints/1", "not_a_pair")),
        ({"checkpoints": [["30", 0.5]]}, ("/checkpoints/0/0", "not_a_number")),
        ({"checkpoints": [[90, 0.5]]}, ("/checkpoints", "checkpoints")),
        ({"plan": [["2026-11-30", 10**400]]}, ("/plan/0/1", "not_a_number")),
        ({"plan": [["30 November", 10]]}, ("/plan/0/0", "invalid")),
        ({"plan": [["2027-11-30", 30]]}, ("/plan", "outside_the_cycle")),
        ({"cadence": "monthly", "cadence_day": 0}, ("/cadence_day", "cadence_day")),
        ({"milestones": [{"title": "First"}]}, ("/milestones", "kind")),
    ],
)
def test_a_key_result_that_makes_no_sense_is_refused(objective, writer, change, error):
    body = {"objective": objective["id"], "title": "Supply 60 shops", "start": 20, "target": 60, **change}
    assert error in errors_of(writer.post("key-results/", body))


def test_checkpoints_and_plans_bend_the_line(objective, writer, clock):
    body = {
        "objective": objective["id"], "title": "Supply shops", "start": 0, "target": 100,
        "checkpoints": [[50, 0.2]], "plan": [["2026-11-18", 25]],
    }  # fmt: skip
    made = writer.post("key-results/", body).json()
    assert (made["checkpoints"], made["plan"]) == ([[50.0, 0.2]], [["2026-11-18", 25.0]])
    clock.move_to(NOW)
    told = writer.post(f"key-results/{made['id']}/check-ins/", {"value": 50, "confidence": "on_track"}).json()
    moved = told["standing"]["key_result"]
    assert (moved["progress"], moved["expected"]) == (0.2, pytest.approx(0.1))


def test_milestones_are_one_list_that_knows_what_was_done_before(objective, writer, clock):
    listed = [{"title": "Choose a grower"}, {"title": "First delivery", "weight": 3}]
    body = {"objective": objective["id"], "title": "Daily berries", "kind": "milestones", "milestones": listed}
    made = writer.post("key-results/", body).json()
    path = f"key-results/{made['id']}/"
    first = made["milestones"][0]["id"]
    assert [one["done"] for one in made["milestones"]] == [False, False]
    done = writer.patch(path, {"milestones": [{**listed[0], "done": True}, listed[1]]}).json()
    assert done["milestones"][0] == {
        "id": first, "title": "Choose a grower", "weight": 1.0, "done": True, "done_on": "2026-10-01",
    }  # fmt: skip
    assert (done["progress"], done["current"]) == (0.25, 1.0)
    clock.move_to(NOW)
    renamed = [{"id": first, "title": "Grower chosen", "done": True}, {**listed[1], "done": True}]
    again = writer.patch(path, {"milestones": renamed}).json()
    assert [(one["id"] == first, one["done_on"]) for one in again["milestones"]] == [
        (True, "2026-10-01"),
        (False, "2026-11-18"),
    ]
    assert writer.patch(path, {"milestones": again["milestones"]}).json() == again
    assert errors_of(writer.patch(path, {"milestones": [{}]})) == [("/milestones/0/title", "required")]
    wrong = [{"id": first, "title": "", "weight": 0}]
    assert errors_of(writer.patch(path, {"milestones": wrong})) == [
        ("/milestones/0/title", "blank"),
        ("/milestones/0/weight", "min_value"),
    ]
    ahead = [{"title": "Later", "done_on": "2026-12-01"}]
    assert errors_of(writer.patch(path, {"milestones": ahead})) == [("/milestones/0/done_on", "future")]
    both = [{"title": "Later", "done": False, "done_on": "2026-11-01"}]
    assert errors_of(writer.patch(path, {"milestones": both})) == [("/milestones/0/done_on", "not_done")]


def test_the_kind_changes_together_with_what_it_needs(objective, key_result, writer):
    path = f"key-results/{key_result['id']}/"
    stepwise = writer.patch(path, {"kind": "milestones", "milestones": [{"title": "First"}]}).json()
    assert (stepwise["kind"], stepwise["start"], len(stepwise["milestones"])) == ("milestones", None, 1)
    back = writer.patch(path, {"kind": "metric", "start": 0, "target": 5, "milestones": []}).json()
    assert (back["kind"], back["target"], back["milestones"]) == ("metric", 5.0, [])


def test_what_was_promised_changes_with_a_reason_once_somebody_checked_in(acme, key_result, writer):
    path = f"key-results/{key_result['id']}/"
    assert writer.patch(path, {"target": 70}).json()["target"] == 70.0
    writer.post(f"{path}check-ins/", {"value": 30, "confidence": "on_track"})
    assert errors_of(writer.patch(path, {"target": 80})) == [("/reason", "reason_required")]
    assert writer.get(path).json()["target"] == 70.0
    assert writer.patch(path, {"target": 80, "reason": "Two towns more"}).json()["target"] == 80.0
    assert writer.patch(path, {"title": "Supply 80 shops"}).status_code == 200
    with inside(acme):
        told = AuditEntry.objects.filter(action="key_result.changed").order_by("-at", "-id")
        assert any("Two towns more" in str(entry.changes) for entry in told)


def test_a_removed_one_can_still_be_read_as_it_was(objective, key_result, writer, clock):
    clock.move_to("2026-11-10T08:00:00Z")
    writer.post(f"key-results/{key_result['id']}/check-ins/", {"value": 40, "confidence": "on_track"})
    clock.move_to(NOW)
    assert writer.delete(f"objectives/{objective['id']}/").status_code == 204
    for path in (f"objectives/{objective['id']}/", f"key-results/{key_result['id']}/"):
        assert writer.get(path).status_code == 404
        assert writer.get(f"{path}?as_of=2026-11-10").json()["progress"] == 0.5
        assert writer.get(f"{path}?as_of=2026-09-01").status_code == 404


def test_as_of_reads_what_was_known_then(cycle, objective, key_result, writer, clock):
    clock.move_to("2026-11-10T08:00:00Z")
    said = writer.post(f"key-results/{key_result['id']}/check-ins/", {"value": 40, "confidence": "on_track"}).json()
    clock.move_to(NOW)
    writer.patch(f"check-ins/{said['id']}/", {"value": 30})
    writer.patch(f"key-results/{key_result['id']}/", {"target": 100, "reason": "Two towns more"})
    then = writer.get(f"key-results/{key_result['id']}/?as_of=2026-11-10").json()
    assert (then["target"], then["current"], then["progress"]) == (60.0, 40.0, 0.5)
    now = writer.get(f"key-results/{key_result['id']}/").json()
    assert (now["target"], now["current"], now["progress"]) == (100.0, 30.0, 0.125)
    tree = writer.get(f"objectives/tree/?cycle={cycle['id']}&as_of=2026-11-10").json()
    assert tree["objectives"][0]["progress"] == 0.5
    assert writer.get(f"objectives/{objective['id']}/?as_of=2026-11-10").json()["progress"] == 0.5
    explained = writer.get(f"objectives/{objective['id']}/explain/?as_of=2026-11-10").json()
    assert explained["parts"][0]["progress"] == 0.5
    assert errors_of(writer.get(f"objectives/{objective['id']}/?as_of=2027-11-10")) == [("/as_of", "invalid")]
    assert writer.get(f"objectives/tree/?cycle={cycle['id']}&as_of=2026-09-01").status_code == 404


def test_progress_day_by_day(objective, key_result, writer, clock):
    clock.move_to("2026-10-03T08:00:00Z")
    path = f"key-results/{key_result['id']}/"
    writer.post(f"{path}check-ins/", {"value": 30, "confidence": "on_track", "on": "2026-10-02"})
    points = writer.get(f"{path}series/").json()["points"]
    assert [(point["on"], point["progress"], point["expected"]) for point in points] == [
        ("2026-10-01", None, 1 / 92),
        ("2026-10-02", 0.25, 2 / 92),
        ("2026-10-03", 0.25, 3 / 92),
    ]
    of_objective = writer.get(f"objectives/{objective['id']}/series/").json()
    assert of_objective == {"id": objective["id"], "points": points}


# Explanations


def test_an_explanation_adds_up_to_the_progress(cycle, objective, key_result, writer, clock):
    writer.post("key-results/", {"objective": objective["id"], "title": "Fairs", "start": 0, "target": 10, "weight": 3})
    clock.move_to(NOW)
    writer.post(f"key-results/{key_result['id']}/check-ins/", {"value": 40, "confidence": "on_track"})
    found = writer.get(f"objectives/{objective['id']}/explain/").json()
    assert found["progress"] == writer.get(f"objectives/{objective['id']}/").json()["progress"] == 0.125
    assert sum(part["share"] * part["progress"] for part in found["parts"]) == pytest.approx(found["progress"])
    shops, fairs = found["parts"]
    assert (shops["type"], shops["title"], shops["share"], shops["progress"]) == (
        "key_result",
        "Supply 60 shops",
        0.25,
        0.5,
    )
    assert [reason["code"] for reason in fairs["reasons"]] == ["no_value"]
    progress = shops["figures"][0]
    assert (progress["name"], progress["formula"], progress["result"]) == (
        "progress",
        "(current - start) / (target - start)",
        0.5,
    )
    assert [(line["label"], line["value"]) for line in progress["inputs"]] == [
        ("start", 20.0),
        ("target", 60.0),
        ("current", 40.0),
    ]
    own = writer.get(f"key-results/{key_result['id']}/explain/").json()
    assert own == {**shops, "share": 1.0}
    flat = writer.get(f"objectives/{objective['id']}/explain/?depth=0").json()
    assert (flat["parts"], flat["cut"]) == ([], True)
    assert errors_of(writer.get(f"objectives/{objective['id']}/explain/?depth=x")) == [("/depth", "invalid")]


def test_what_has_no_way_to_go_yet_is_explained_too(acme, objective, writer):
    with inside(acme):
        make_kpi(acme, "orders", frequency="weekly")
    body = {"objective": objective["id"], "title": "More orders", "kpi": "orders", "target": 150}
    made = writer.post("key-results/", body).json()
    found = writer.get(f"key-results/{made['id']}/explain/").json()
    assert [reason["code"] for reason in found["reasons"]] == ["no_value"]
    assert found["progress"] == made["progress"] == 0.0


# Who sees it


def test_another_organizations_ids_are_as_unknown_as_made_up_ones(cycle, objective, key_result, stranger):
    own = stranger.post("cycles/", QUARTER).json()
    mine = stranger.post("objectives/", {"cycle": own["id"], "title": "Mine"}).json()
    for path in (
        f"cycles/{cycle['id']}/",
        f"objectives/{objective['id']}/",
        f"objectives/{objective['id']}/explain/",
        f"key-results/{key_result['id']}/",
        f"key-results/{key_result['id']}/check-ins/",
    ):
        assert stranger.get(path).status_code == 404, path
    unknown = [("/cycle", "unknown")]
    assert errors_of(stranger.post("objectives/", {"cycle": cycle["id"], "title": "Theirs"})) == unknown
    assert errors_of(stranger.get(f"objectives/tree/?cycle={cycle['id']}")) == unknown
    parent = {"cycle": own["id"], "title": "Below theirs", "parent": objective["id"]}
    assert errors_of(stranger.post("objectives/", parent)) == [("/parent", "unknown")]
    carried = stranger.post(f"cycles/{own['id']}/carry-over/", {"key_results": [key_result["id"]]})
    assert errors_of(carried) == [("/key_results/0", "unknown")]
    graded = stranger.post(f"cycles/{own['id']}/activate/") and stranger.post(
        f"cycles/{own['id']}/close/", {"grades": [{"key_result": key_result["id"], "grade": 1}]}
    )
    assert errors_of(graded) == [("/grades/0/key_result", "unknown")]
    assert stranger.get(f"objectives/{mine['id']}/").status_code == 200


def test_the_same_post_with_its_key_is_done_once(acme, cycle, objective, writer):
    body = {"objective": objective["id"], "title": "Shops", "start": 0, "target": 9}
    first, second = (writer.post("key-results/", body, **KEY) for _ in range(2))
    assert (first.json(), second["Idempotency-Replayed"]) == (second.json(), "true")
    assert writer.post("key-results/", {**body, "target": 10}, **KEY).status_code == 422
    with inside(acme):
        assert KeyResult.objects.count() == 1
