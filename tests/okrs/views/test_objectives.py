"""The page of an objective, and setting, changing and removing objectives."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import SYSTEM
from accounts.models import Member, Organization
from okrs.actions.checking_in import check_in
from okrs.actions.initiatives import create_initiative
from okrs.actions.key_results import create_key_result
from okrs.actions.objectives import create_objective, update_objective
from okrs.models import Cycle, KeyResult, Objective
from tests.cast import NOW, inside, make_kpi
from tests.okrs.views.conftest import BEGAN

NEW = "/acme/objectives/new/"


def url_of(objective: Objective, *more: str) -> str:
    return f"/acme/objectives/{objective.pk}/" + "".join(f"{part}/" for part in more)


def sent(cycle: Cycle, **changed: object) -> dict[str, object]:
    """A form as it is sent."""
    fields = {"title": "Win the region", "cycle": cycle.pk, "kind": "aspirational", "progress_from": "key_results"}
    return {**fields, "description": "", "owner": "", "department": "", "aligned": "", "weight": "1", **changed}


def test_the_page_says_how_it_stands_and_why(
    acme: Organization, objective: Objective, shops: KeyResult, veras: Client
) -> None:
    with inside(acme):
        check_in(SYSTEM, shops, now=NOW, value=37, confidence="at_risk", comment="Two chains said no")
    page = veras.get(url_of(objective)).content.decode()
    assert "Why is it 37\u00a0%?" in page
    assert "16\u00a0points behind its time of the cycle" in page
    assert "the mean of the parts, each by its share" in page
    assert "(current - start) / (target - start)" in page
    assert "Two chains said no" in page


def test_the_page_shows_what_it_supports_up_to_the_top_and_what_supports_it(
    acme: Organization, quarter: Cycle, objective: Objective, shops: KeyResult, veras: Client
) -> None:
    with inside(acme):
        top = create_objective(SYSTEM, quarter, now=BEGAN, title="Be known everywhere")
        update_objective(SYSTEM, objective, now=BEGAN, parent=top)
        create_objective(SYSTEM, quarter, now=BEGAN, title="Open shops", parent_key_result=shops)
    page = veras.get(url_of(objective)).context["page"]
    assert [step.title for step in page.chain] == ["Be known everywhere"]
    assert [(step.title, step.note) for step in page.supporting] == [
        ("Open shops", "The whole company · by “Shops that sell us”")
    ]
    beneath = Objective.objects
    with inside(acme):
        child = beneath.get(title="Open shops")
    chain = veras.get(url_of(child)).context["page"].chain
    assert [step.title for step in chain] == ["Be known everywhere", "Win the region"]
    assert "its key result “Shops that sell us”" in chain[1].note


def test_the_page_can_be_seen_as_it_was_known(
    acme: Organization, objective: Objective, shops: KeyResult, bobs: Client
) -> None:
    with inside(acme):
        check_in(SYSTEM, shops, now=dt.datetime(2026, 10, 16, 12, tzinfo=dt.UTC), value=10, confidence="on_track")
        check_in(SYSTEM, shops, now=NOW, value=90, confidence="on_track")
    then = bobs.get(f"{url_of(objective)}?as_of=2026-10-20").content.decode()
    assert "As it was known on <strong>20 October 2026</strong>" in then
    assert "Why is it 10\u00a0%?" in then
    assert "Edit" not in then.split("<main", 1)[1]
    before = bobs.get(f"{url_of(objective)}?as_of=2026-09-01")
    assert before.status_code == 422
    assert "Here it is as it is today." in before.content.decode()
    assert bobs.get(f"{url_of(objective)}?as_of=soon").status_code == 422


def test_initiatives_of_all_key_results_stand_together(
    acme: Organization, objective: Objective, shops: KeyResult, veras: Client
) -> None:
    with inside(acme):
        create_initiative(SYSTEM, shops, now=NOW, title="Call ten chains", due_on=dt.date(2026, 11, 10))
    page = veras.get(url_of(objective)).content.decode()
    assert "Call ten chains" in page
    assert "8 days overdue" in page


def test_a_contributor_changes_what_is_theirs_and_nothing_else(
    acme: Organization, quarter: Cycle, objective: Objective, bobs: Client, veras: Client
) -> None:
    with inside(acme):
        others = create_objective(SYSTEM, quarter, now=BEGAN, title="Somebody else’s")
    assert bobs.get(url_of(objective, "edit")).status_code == 200
    assert bobs.get(url_of(others, "edit")).status_code == 403
    assert veras.get(url_of(objective, "edit")).status_code == 403


def test_an_editor_sets_an_objective(acme: Organization, quarter: Cycle, alices: Client, bob: Member) -> None:
    response = alices.post(NEW, sent(quarter, owner=bob.pk, kind="committed", weight="2,5"))
    with inside(acme):
        made = Objective.objects.get()
    assert response["Location"] == url_of(made)
    assert (made.title, made.owner_id, made.kind, made.weight) == ("Win the region", bob.pk, "committed", 2.5)


def test_a_contributor_sets_their_own_only(acme: Organization, quarter: Cycle, bobs: Client, alice: Member) -> None:
    assert bobs.post(NEW, sent(quarter, owner=alice.pk)).status_code == 422
    with inside(acme):
        bob = Member.objects.get(user__name="Bob")
    assert bobs.post(NEW, sent(quarter, owner=bob.pk)).status_code == 302


def test_what_is_refused_stands_beside_its_field(
    acme: Organization, quarter: Cycle, objective: Objective, alices: Client
) -> None:
    with inside(acme):
        child = create_objective(SYSTEM, quarter, now=BEGAN, title="Open shops", parent=objective)
    response = alices.post(url_of(objective, "edit"), sent(quarter, aligned=f"objective:{child.pk}"))
    assert response.status_code == 422
    [error] = response.context["form"].errors["aligned"]
    assert "cannot be aligned to “Open shops”" in error
    assert alices.post(NEW, sent(quarter, weight="0")).context["form"].errors["weight"]
    assert alices.post(NEW, sent(quarter, title="")).status_code == 422


def test_it_is_aligned_to_a_key_result(
    acme: Organization, quarter: Cycle, objective: Objective, shops: KeyResult, alices: Client
) -> None:
    alices.post(NEW, sent(quarter, title="Open shops", aligned=f"key-result:{shops.pk}"))
    with inside(acme):
        assert Objective.objects.get(title="Open shops").parent_key_result_id == shops.pk


def test_a_template_sets_an_objective_with_the_key_results_that_are_taken(
    acme: Organization, quarter: Cycle, alices: Client
) -> None:
    with inside(acme):
        make_kpi(acme, "win_rate", unit="percent")
    address = f"{NEW}?template=sales-1"
    page = alices.get(address)
    rows = page.context["rows"].rows
    assert rows[0].kpi.key == "win_rate"
    filled = sent(quarter, title="Win more")
    filled |= {"result-0-is_taken": "on", "result-0-title": "Win rate", "result-0-start": "20", "result-0-target": "30"}
    filled |= {"result-1-title": "Left out"}
    assert alices.post(address, filled).status_code == 302
    with inside(acme):
        [made] = KeyResult.objects.all()
    assert (made.title, made.unit, made.start, made.target) == ("Win rate", "percent", 0.2, 0.3)


def test_nothing_of_a_template_is_set_where_a_part_is_refused(
    acme: Organization, quarter: Cycle, alices: Client
) -> None:
    filled = sent(quarter, title="Win more")
    filled |= {"result-0-is_taken": "on", "result-0-title": "Win rate", "result-0-start": "20", "result-0-target": "20"}
    response = alices.post(f"{NEW}?template=sales-1", filled)
    assert response.status_code == 422
    assert "Start and target are the same" in response.content.decode()
    with inside(acme):
        assert not Objective.objects.exists()


def test_advice_comes_while_the_title_is_typed(quarter: Cycle, bobs: Client) -> None:
    page = bobs.post(f"{NEW}check/", {"title": "Reach 500 shops"}).content.decode()
    assert "Move its number into a key result" in page
    assert "Reads well" in bobs.post(f"{NEW}check/", {"title": "Fresh food that people come back for"}).content.decode()


def test_one_that_others_are_aligned_to_stays(
    acme: Organization, quarter: Cycle, objective: Objective, alices: Client
) -> None:
    with inside(acme):
        create_objective(SYSTEM, quarter, now=BEGAN, title="Open shops", parent=objective)
    response = alices.post(url_of(objective, "remove"))
    assert response.status_code == 409
    assert "Align it elsewhere first" in response.content.decode()


def test_it_is_removed(acme: Organization, objective: Objective, shops: KeyResult, bobs: Client) -> None:
    assert bobs.post(url_of(objective, "remove")).status_code == 302
    assert bobs.get(url_of(objective)).status_code == 404
    assert bobs.get(f"/acme/key-results/{shops.pk}/").status_code == 404


def test_editors_change_the_order(acme: Organization, quarter: Cycle, objective: Objective, alices: Client) -> None:
    with inside(acme):
        second = create_objective(SYSTEM, quarter, now=BEGAN, title="Open shops")
    alices.post(url_of(second, "order"), {"step": "up"})
    with inside(acme):
        assert list(Objective.objects.in_order()) == [second, objective]


def test_the_history_says_who_changed_what(acme: Organization, objective: Objective, alices: Client) -> None:
    alices.post(url_of(objective, "edit"), sent(objective.cycle, title="Win the country"))
    page = alices.get(url_of(objective, "history")).content.decode()
    assert "Win the region → Win the country" in page
    assert "<strong>Alice</strong> changed it" in page


def test_its_course_can_be_downloaded(objective: Objective, shops: KeyResult, veras: Client) -> None:
    picture = veras.get(f"{url_of(objective)}progress.png")
    assert picture.content.startswith(b"\x89PNG")
    assert 'filename="win-the-region.png"' in picture["Content-Disposition"]
    lines = veras.get(f"{url_of(objective)}progress.csv").content.decode().splitlines()
    assert lines[0] == "date,progress,expected"
    assert len(lines) == 1 + 49


@pytest.mark.parametrize("count", [1, 8])
def test_the_number_of_queries_does_not_grow(
    acme: Organization, objective: Objective, alices: Client, count: int
) -> None:
    with inside(acme):
        for number in range(count):
            create_key_result(SYSTEM, objective, now=BEGAN, title=f"Number {number}", start=0, target=10)
    alices.get(url_of(objective))
    with CaptureQueriesContext(connection) as queries:
        alices.get(url_of(objective))
    assert len(queries) == PAGE_QUERIES, [query["sql"][:120] for query in queries.captured_queries]


PAGE_QUERIES = 23
