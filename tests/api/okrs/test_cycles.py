"""Cycles by the API, from a first plan to the grades."""

import pytest

from tests.api.conftest import errors_of
from tests.api.okrs.conftest import NOWHERE, QUARTER
from tests.cast import NOW

pytestmark = pytest.mark.django_db


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
