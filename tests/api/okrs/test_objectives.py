"""Objectives by the API: setting, listing, their tree, and who sees them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from okrs.models import Cycle, Objective
from tests.api.conftest import errors_of, session_api
from tests.api.okrs.conftest import NOWHERE, QUARTER
from tests.cast import NOW, inside

pytestmark = pytest.mark.django_db


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
