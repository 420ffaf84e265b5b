"""Key results by the API: what they are measured by, their past, and why they stand where they do."""

import pytest

from accounts.models import AuditEntry
from okrs.models import KeyResult
from tests.api.conftest import errors_of
from tests.api.okrs.conftest import NOWHERE
from tests.cast import NOW, inside, make_kpi

pytestmark = pytest.mark.django_db
KEY = {"Idempotency-Key": "2f1f8f29-6b37-4d6b-a2dd-6f6a2f2d0c11"}


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


def test_the_same_post_with_its_key_is_done_once(acme, cycle, objective, writer):
    body = {"objective": objective["id"], "title": "Shops", "start": 0, "target": 9}
    first, second = (writer.post("key-results/", body, **KEY) for _ in range(2))
    assert (first.json(), second["Idempotency-Replayed"]) == (second.json(), "true")
    assert writer.post("key-results/", {**body, "target": 10}, **KEY).status_code == 422
    with inside(acme):
        assert KeyResult.objects.count() == 1
