"""Check-ins and initiatives by the API."""

import pytest

from okrs.models import CheckIn, CheckInRevision
from tests.api.conftest import errors_of, session_api
from tests.api.okrs.conftest import NOWHERE
from tests.cast import NOW, inside

pytestmark = pytest.mark.django_db
KEY = {"Idempotency-Key": "f0b7a1fc-21a2-43a5-a6d0-3a2d14ea93d7"}


@pytest.fixture
def key_result(writer, objective, bob, clock):
    """Bob's, from 20 shops to 60, in a quarter of which 49 of 92 days have passed."""
    body = {"objective": objective["id"], "title": "Supply 60 shops", "start": 20, "target": 60, "owner": str(bob.pk)}
    made = writer.post("key-results/", body).json()
    clock.move_to(NOW)
    return made


@pytest.fixture
def path(key_result):
    return f"key-results/{key_result['id']}/check-ins/"


def test_a_check_in_answers_with_what_follows_from_it(alice, bob, key_result, path):
    response = session_api(bob).post(path, {"value": 38, "confidence": "at_risk", "comment": "Two contracts wait"})
    assert response.status_code == 201
    said = response.json()
    assert list(said) == [
        "id", "key_result", "on", "value", "confidence", "comment", "member", "recorded_at", "standing",
    ]  # fmt: skip
    assert (said["key_result"], said["on"], said["member"]) == (key_result["id"], "2026-11-18", str(bob.pk))
    standing = {"progress": 0.45, "expected": 49 / 92, "pace": 0.45 / (49 / 92), "status": "on_track"}
    assert said["standing"] == {
        "key_result": {**standing, "current": 38.0, "progress_raw": 0.45},
        "objective": standing,
    }
    assert session_api(alice).get(f"check-ins/{said['id']}/").json() == {
        name: value for name, value in said.items() if name != "standing"
    }


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, ("/confidence", "required")),
        ({"confidence": "sure"}, ("/confidence", "invalid_choice")),
        ({"confidence": "on_track", "value": "38"}, ("/value", "not_a_number")),
        ({"confidence": "on_track", "on": "2026-11-19"}, ("/on", "future")),
        ({"confidence": "on_track", "on": "2026-09-30"}, ("/on", "before_the_cycle")),
        ({"confidence": "on_track", "comment": "\0"}, ("/comment", "null_characters_not_allowed")),
        ({"confidence": "on_track", "mood": "good"}, ("/mood", "unknown_member")),
    ],
)
def test_a_check_in_that_makes_no_sense_is_refused(writer, path, body, error):
    assert errors_of(writer.post(path, body)) == [error]


def test_it_may_be_words_and_confidence_alone(writer, path):
    said = writer.post(path, {"value": None, "confidence": "off_track"}).json()
    assert (said["value"], said["standing"]["key_result"]["current"]) == (None, None)


def test_the_same_day_again_corrects_what_was_said(acme, writer, path):
    first = writer.post(path, {"value": 38, "confidence": "at_risk"}).json()
    again = writer.post(path, {"value": 40, "confidence": "on_track"}).json()
    assert (again["id"], again["value"]) == (first["id"], 40.0)
    with inside(acme):
        assert CheckIn.objects.get().value == 40
        assert CheckInRevision.objects.get().value == 38


def test_a_check_in_is_corrected_in_part_or_as_a_whole(writer, path):
    said = writer.post(path, {"value": 38, "confidence": "at_risk", "comment": "Two wait", "on": "2026-11-11"}).json()
    own = f"check-ins/{said['id']}/"
    changed = writer.patch(own, {"value": 40}).json()
    assert (changed["value"], changed["comment"], changed["standing"]["key_result"]["progress"]) == (
        40.0,
        "Two wait",
        0.5,
    )
    whole = writer.put(own, {"confidence": "on_track"}).json()
    assert (whole["value"], whole["comment"], whole["on"]) == (None, "", "2026-11-11")
    assert whole["standing"]["key_result"]["current"] is None
    assert errors_of(writer.put(own, {"value": 3})) == [("/confidence", "required")]
    other = writer.post(path, {"value": 39, "confidence": "at_risk"}).json()
    assert errors_of(writer.patch(f"check-ins/{other['id']}/", {"on": "2026-11-11"})) == [("/on", "taken")]


def test_a_check_in_can_be_taken_back(acme, writer, path):
    said = writer.post(path, {"value": 38, "confidence": "at_risk"}).json()
    assert writer.delete(f"check-ins/{said['id']}/").status_code == 204
    assert writer.get(f"check-ins/{said['id']}/").status_code == 404
    with inside(acme):
        assert CheckInRevision.objects.get().value == 38


def test_check_ins_are_listed_by_key_result_and_over_all(bob, key_result, writer, path):
    for day in ("2026-10-09", "2026-11-06", "2026-10-23"):
        writer.post(path, {"value": 30, "confidence": "on_track", "on": day})
    days = ["2026-11-06", "2026-10-23", "2026-10-09"]
    assert [row["on"] for row in writer.get(path).json()["results"]] == days
    assert [row["on"] for row in writer.get(f"check-ins/?key_result={key_result['id']}").json()["results"]] == days
    assert writer.get(f"check-ins/?member={bob.pk}").json()["results"] == []
    assert errors_of(writer.get(f"check-ins/?key_result={NOWHERE}")) == [("/key_result", "unknown")]


def test_its_owner_checks_in_and_nobody_else_who_only_contributes(acme, bob, vera, path, writer):
    own = session_api(bob).post(path, {"value": 30, "confidence": "on_track"})
    assert own.status_code == 201
    assert session_api(vera).post(path, {"value": 31, "confidence": "on_track"}).status_code == 403
    assert session_api(vera).get(path).status_code == 200
    said = f"check-ins/{own.json()['id']}/"
    assert session_api(vera).patch(said, {"value": 31}).status_code == 403
    assert session_api(bob).patch(said, {"value": 31}).status_code == 200


def test_the_same_check_in_with_its_key_is_done_once(acme, writer, path):
    body = {"value": 38, "confidence": "at_risk"}
    first, second = (writer.post(path, body, **KEY) for _ in range(2))
    assert (first.status_code, second.status_code, second["Idempotency-Replayed"]) == (201, 201, "true")
    assert first.json() == second.json()
    with inside(acme):
        assert not CheckInRevision.objects.exists()


def test_an_initiative_is_planned_moved_on_and_removed(bob, key_result, writer):
    body = {"key_result": key_result["id"], "title": "Visit ten shops", "owner": str(bob.pk), "due_on": "2026-11-17"}
    response = writer.post("initiatives/", body)
    assert response.status_code == 201
    made = response.json()
    assert list(made) == [
        "id", "key_result", "title", "owner", "due_on", "overdue", "state", "closed_on", "created_at",
    ]  # fmt: skip
    assert (made["state"], made["overdue"]) == ("planned", True)
    own = f"initiatives/{made['id']}/"
    assert [row["id"] for row in writer.get("initiatives/?overdue=true").json()["results"]] == [made["id"]]
    done = session_api(bob).patch(own, {"state": "done"}).json()
    assert (done["closed_on"], done["overdue"]) == ("2026-11-18", False)
    assert writer.get("initiatives/?overdue=true").json()["results"] == []
    assert errors_of(writer.patch(own, {"key_result": NOWHERE})) == [("/key_result", "unknown")]
    assert errors_of(writer.post("initiatives/", {**body, "title": ""})) == [("/title", "blank")]
    assert writer.delete(own).status_code == 204
    assert writer.get(own).status_code == 404
