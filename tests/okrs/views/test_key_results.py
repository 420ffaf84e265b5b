"""The page of a key result: its course, checking in, and what is planned for it."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import SYSTEM
from accounts.models import Member, Organization
from okrs.actions.checking_in import check_in
from okrs.actions.closing import close_cycle
from okrs.actions.initiatives import create_initiative
from okrs.actions.key_results import create_key_result
from okrs.actions.milestones import MilestoneSpec
from okrs.models import CheckIn, Initiative, KeyResult, Milestone, Objective
from tests.cast import NOW, inside, make_kpi
from tests.okrs.views.conftest import BEGAN

HTMX = {"HX-Request": "true"}
FORM = {
    "title": "Shops that sell us", "kind": "metric", "kpi": "", "reads": "", "unit_choice": "custom",
    "unit_detail": "shops", "start": "0", "target": "100", "owner": "", "cadence": "weekly", "weekday": "4",
    "weight": "1", "reason": "",
}  # fmt: skip
ROWS = {
    f"{prefix}-{name}_FORMS": "0" for prefix in ("checkpoints", "plan", "milestones") for name in ("TOTAL", "INITIAL")
}


def url_of(key_result: KeyResult, more: str = "") -> str:
    return f"/acme/key-results/{key_result.pk}/{more}"


def said(acme: Organization, key_result: KeyResult, on: str, value: float | None, **more: object) -> CheckIn:
    with inside(acme):
        day = dt.date.fromisoformat(on)
        now = dt.datetime.combine(day, dt.time(12), dt.UTC)
        return check_in(SYSTEM, key_result, now=now, **{"value": value, "confidence": "on_track", **more})


@pytest.fixture
def rollout(acme: Organization, objective: Objective, bob: Member) -> KeyResult:
    """Bob's three milestones."""
    with inside(acme):
        steps = [MilestoneSpec("Choose a partner"), MilestoneSpec("Sign"), MilestoneSpec("Go live")]
        return create_key_result(
            SYSTEM, objective, now=BEGAN, title="Partner programme", owner=bob, kind="milestones", milestones=steps
        )


def test_the_page_says_how_it_stands_with_every_comment_in_the_chart(
    acme: Organization, shops: KeyResult, veras: Client
) -> None:
    said(acme, shops, "2026-10-09", 5, comment="A slow start")
    said(acme, shops, "2026-11-06", 37, confidence="at_risk", comment="Two chains said no")
    page = veras.get(url_of(shops))
    text = page.content.decode()
    assert "From 0\u00a0shops to 100\u00a0shops" in text
    assert [note.comment for note in page.context["page"].notes] == ["A slow start", "Two chains said no"]
    assert 'class="course-number"' in text
    assert "6 November 2026: 37\u00a0shops · at risk · Two chains said no" in text
    assert "Why is it 37\u00a0%?" in text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "at_least", "low": 0.95, "unit": "percent"}, "Keep at or above 95\u00a0%"),
        ({"kind": "at_most", "high": 3}, "Keep at or below 3"),
        ({"kind": "between", "low": 2, "high": 5.5}, "Keep between 2 and 5.5"),
    ],
)
def test_what_is_kept_is_said_in_words(
    acme: Organization, objective: Objective, veras: Client, fields: dict[str, object], words: str
) -> None:
    with inside(acme):
        kept = create_key_result(SYSTEM, objective, now=BEGAN, title="Quality", **fields)
    page = veras.get(url_of(kept)).content.decode()
    assert words in page
    assert "held / planned" in page


def test_checking_in_answers_with_the_page_as_it_stands_then(
    acme: Organization, shops: KeyResult, bobs: Client
) -> None:
    sent = {"value": "42", "confidence": "at_risk", "comment": "Going on", "on": "2026-11-18"}
    response = bobs.post(url_of(shops, "check-ins/"), sent, headers=HTMX)
    assert response.status_code == 200
    assert "Why is it 42\u00a0%?" in response.content.decode()
    assert "Checked in as of 18 November 2026." in response["HX-Trigger"]
    assert bobs.post(url_of(shops, "check-ins/"), sent | {"value": "43"}).status_code == 302
    with inside(acme):
        assert CheckIn.objects.get().value == 43


def test_the_last_value_and_confidence_are_there_to_be_changed(
    acme: Organization, shops: KeyResult, bobs: Client
) -> None:
    said(acme, shops, "2026-11-06", 37, confidence="at_risk")
    form = bobs.get(url_of(shops)).context["form"]
    assert (form["value"].value(), form["confidence"].value()) == ("37", "at_risk")


def test_what_is_refused_about_a_check_in_stands_beside_its_field(shops: KeyResult, bobs: Client) -> None:
    sent = {"value": "42", "confidence": "at_risk", "comment": "", "on": "2026-09-01"}
    for headers in ({}, HTMX):
        response = bobs.post(url_of(shops, "check-ins/"), sent, headers=headers)
        assert response.status_code == 422
        assert "Q4 2026 begins on 1 October 2026" in response.content.decode()
    assert bobs.post(url_of(shops, "check-ins/"), {**sent, "confidence": ""}).status_code == 422


def test_a_linked_one_takes_no_value_and_shows_the_kpi_beside_it(
    acme: Organization, objective: Objective, bobs: Client
) -> None:
    with inside(acme):
        kpi = make_kpi(acme, "net_sales", unit="currency:EUR")
        linked = create_key_result(
            SYSTEM, objective, now=BEGAN, title="Sales", kpi=kpi, start=100, target=200, owner=objective.owner
        )
    page = bobs.get(url_of(linked))
    assert "value" not in page.context["form"].fields
    text = page.content.decode()
    assert 'href="/acme/kpis/net_sales/"' in text
    assert "The value comes from “Net sales”" in text
    sent = {"confidence": "on_track", "comment": "", "on": "2026-11-18"}
    assert bobs.post(url_of(linked, "check-ins/"), sent).status_code == 302


def test_a_check_in_is_corrected_and_what_it_said_stays_known(
    acme: Organization, shops: KeyResult, bobs: Client
) -> None:
    first = said(acme, shops, "2026-11-06", 37, comment="Counted twice")
    address = url_of(shops, f"check-ins/{first.pk}/")
    assert "Correct the check-in of 6 November" in bobs.get(address).content.decode()
    sent = {"value": "30", "confidence": "on_track", "comment": "Counted once", "on": "2026-11-06"}
    assert bobs.post(address, sent).status_code == 302
    page = bobs.get(url_of(shops)).content.decode()
    assert "Corrected 1 time" in page
    assert "37\u00a0shops, on track: Counted twice" in page


def test_a_check_in_is_taken_back(acme: Organization, shops: KeyResult, bobs: Client) -> None:
    first = said(acme, shops, "2026-11-06", 37, comment="Wrong key result")
    assert bobs.post(url_of(shops, f"check-ins/{first.pk}/remove/")).status_code == 302
    page = bobs.get(url_of(shops)).content.decode()
    assert "Taken back" in page
    assert "Wrong key result" in page


def test_whoever_only_looks_is_offered_nothing_to_enter(shops: KeyResult, veras: Client) -> None:
    page = veras.get(url_of(shops))
    assert page.context["form"] is None
    assert "check-in-form" not in page.content.decode()
    sent = {"value": "1", "confidence": "on_track", "on": "2026-11-18"}
    assert veras.post(url_of(shops, "check-ins/"), sent).status_code == 403


def test_the_page_can_be_seen_as_it_was_known(acme: Organization, shops: KeyResult, bobs: Client) -> None:
    said(acme, shops, "2026-10-16", 10)
    said(acme, shops, "2026-11-13", 60)
    page = bobs.get(f"{url_of(shops)}?as_of=2026-10-20")
    assert [one.number_said for one in page.context["page"].said] == [10]
    assert "Why is it 10\u00a0%?" in page.content.decode()


def test_milestones_are_ticked(acme: Organization, rollout: KeyResult, bobs: Client) -> None:
    with inside(acme):
        first = Milestone.objects.in_order().first()
    assert first
    response = bobs.post(url_of(rollout, f"milestones/{first.pk}/"), {"done": "1"}, headers=HTMX)
    assert "done on 18 November 2026" in response.content.decode()
    assert "Why is it 33\u00a0%?" in response.content.decode()
    bobs.post(url_of(rollout, f"milestones/{first.pk}/"), {"done": "0"})
    with inside(acme):
        assert Milestone.objects.get(pk=first.pk).done_on is None


def test_initiatives_are_planned_and_moved(acme: Organization, shops: KeyResult, bobs: Client) -> None:
    sent = {"title": "Call ten chains", "owner": "", "due_on": "2026-11-30"}
    assert bobs.post(url_of(shops, "initiatives/"), sent).status_code == 302
    with inside(acme):
        made = Initiative.objects.get()
    moved = bobs.post(url_of(shops, f"initiatives/{made.pk}/state/"), {"state": "done"}, headers=HTMX)
    assert "“Call ten chains” is done." in moved["HX-Trigger"].encode().decode("unicode_escape")
    assert bobs.post(url_of(shops, "initiatives/"), {"title": ""}).status_code == 422
    page = bobs.get(url_of(shops, f"initiatives/{made.pk}/"))
    assert page.status_code == 200
    assert bobs.post(url_of(shops, f"initiatives/{made.pk}/remove/")).status_code == 302
    with inside(acme):
        assert not Initiative.objects.exists()


def test_whoever_is_to_do_an_initiative_says_how_far_it_is(
    acme: Organization, objective: Objective, alice: Member, bob: Member, bobs: Client
) -> None:
    with inside(acme):
        others = create_key_result(SYSTEM, objective, now=BEGAN, title="Alice’s", owner=alice, start=0, target=1)
        objective.owner = alice
        objective.save()
        made = create_initiative(SYSTEM, others, now=NOW, title="Help Alice", owner=bob)
    form = bobs.get(url_of(others, f"initiatives/{made.pk}/")).context["form"]
    assert list(form.fields) == ["state", "closed_on"]


def test_its_course_can_be_downloaded(acme: Organization, shops: KeyResult, veras: Client) -> None:
    said(acme, shops, "2026-11-06", 37, comment="=SUM(A1)")
    assert veras.get(url_of(shops, "course.png")).content.startswith(b"\x89PNG")
    lines = veras.get(url_of(shops, "course.csv")).content.decode().splitlines()
    assert lines[0] == "date,value,progress,expected,confidence,comment"
    assert lines[1].startswith("2026-11-06,37.0,0.37,")
    assert lines[1].endswith("'=SUM(A1)")


def test_an_editor_sets_one_with_a_plan_and_checkpoints(
    acme: Organization, objective: Objective, alices: Client
) -> None:
    filled = {**FORM, **ROWS, "checkpoints-TOTAL_FORMS": "1", "checkpoints-0-value": "80", "checkpoints-0-share": "50"}
    filled |= {"plan-TOTAL_FORMS": "2", "plan-0-on": "2026-11-30", "plan-0-value": "40", "plan-1-on": ""}
    response = alices.post(f"/acme/objectives/{objective.pk}/key-results/new/", filled)
    assert response.status_code == 302, response.context["form"].errors
    with inside(acme):
        made = KeyResult.objects.get()
    assert (made.checkpoints, made.plan) == ([[80.0, 0.5]], [["2026-11-30", 40.0]])
    assert (made.unit, made.start, made.target, made.cadence_day) == ("custom:shops", 0, 100, 4)


def test_percent_are_typed_as_they_are_read(acme: Organization, objective: Objective, alices: Client) -> None:
    filled = {**FORM, **ROWS, "kind": "at_least", "unit_choice": "percent", "low": "95", "start": "", "target": ""}
    alices.post(f"/acme/objectives/{objective.pk}/key-results/new/", filled)
    with inside(acme):
        assert KeyResult.objects.get().low == 0.95


def test_numbers_that_the_kind_does_not_have_are_left_out(
    acme: Organization, objective: Objective, alices: Client
) -> None:
    filled = {**FORM, **ROWS, "kind": "at_most", "high": "3"}
    alices.post(f"/acme/objectives/{objective.pk}/key-results/new/", filled)
    with inside(acme):
        made = KeyResult.objects.get()
    assert (made.start, made.target, made.high) == (None, None, 3)


def test_milestones_are_set_with_it_and_refusals_stand_in_their_row(
    acme: Organization, objective: Objective, alices: Client
) -> None:
    address = f"/acme/objectives/{objective.pk}/key-results/new/"
    filled = {**FORM, **ROWS, "kind": "milestones", "milestones-TOTAL_FORMS": "2"}
    filled |= {"milestones-0-title": "Sign", "milestones-1-title": "Go live", "milestones-1-weight": "0"}
    response = alices.post(address, filled)
    assert response.status_code == 422
    assert "A weight says how much this counts" in response.context["rows"].milestones.forms[1].errors["weight"][0]
    assert alices.post(address, filled | {"milestones-1-weight": ""}).status_code == 302
    with inside(acme):
        assert [row.title for row in Milestone.objects.in_order()] == ["Sign", "Go live"]


def test_without_a_milestone_there_is_nothing_to_tick_off(
    acme: Organization, objective: Objective, alices: Client
) -> None:
    response = alices.post(f"/acme/objectives/{objective.pk}/key-results/new/", {**FORM, **ROWS, "kind": "milestones"})
    assert response.status_code == 422
    assert "Name at least one milestone" in response.content.decode()
    with inside(acme):
        assert not KeyResult.objects.exists()


def test_start_equal_to_target_is_refused_with_advice(objective: Objective, alices: Client) -> None:
    response = alices.post(f"/acme/objectives/{objective.pk}/key-results/new/", {**FORM, **ROWS, "target": "0"})
    assert response.status_code == 422
    assert "choose “keep at least”" in response.content.decode()


def test_a_promise_changes_with_a_reason_once_somebody_checked_in(
    acme: Organization, shops: KeyResult, bobs: Client
) -> None:
    said(acme, shops, "2026-11-06", 37)
    filled = {**FORM, **ROWS, "target": "80", "owner": str(shops.owner_id)}
    response = bobs.post(url_of(shops, "edit/"), filled)
    assert response.status_code == 422
    assert "say in a few words why it changes" in response.context["form"].errors["reason"][0]
    assert bobs.post(url_of(shops, "edit/"), filled | {"reason": "One chain closed"}).status_code == 302
    page = bobs.get(url_of(shops)).content.decode()
    assert "“One chain closed”" in page
    assert "100\u00a0shops → 80\u00a0shops" in page


def test_a_kpi_that_the_title_names_is_offered_and_can_be_linked(
    acme: Organization, objective: Objective, alices: Client
) -> None:
    with inside(acme):
        kpi = make_kpi(acme, "net_sales", unit="currency:EUR")
    answer = alices.post("/acme/key-results/check/", {"title": "Net sales from 10 to 20", "kind": "metric"})
    assert "Link Net sales" in answer.content.decode()
    address = f"/acme/objectives/{objective.pk}/key-results/new/"
    form = alices.post(address, {**FORM, **ROWS, "title": "Net sales", "link": str(kpi.pk)}).context["form"]
    assert form["kpi"].value() == str(kpi.pk)
    with inside(acme):
        assert not KeyResult.objects.exists()


def test_it_is_removed(shops: KeyResult, bobs: Client) -> None:
    assert bobs.get(url_of(shops, "remove/")).status_code == 200
    assert bobs.post(url_of(shops, "remove/")).status_code == 302
    assert bobs.get(url_of(shops)).status_code == 404


def test_nothing_changes_in_a_closed_cycle(acme: Organization, shops: KeyResult, bobs: Client) -> None:

    with inside(acme):
        close_cycle(SYSTEM, shops.objective.cycle, now=NOW)
    page = bobs.get(url_of(shops))
    assert page.context["form"] is None
    sent = {"value": "1", "confidence": "on_track", "on": "2026-11-18"}
    response = bobs.post(url_of(shops, "check-ins/"), sent)
    assert response.status_code == 422


@pytest.mark.parametrize("count", [1, 9])
def test_the_number_of_queries_does_not_grow(acme: Organization, shops: KeyResult, bobs: Client, count: int) -> None:
    for number in range(count):
        said(acme, shops, str(dt.date(2026, 10, 5) + dt.timedelta(days=number)), number, comment="So it goes")
    bobs.get(url_of(shops))
    with CaptureQueriesContext(connection) as queries:
        bobs.get(url_of(shops))
    assert len(queries) == PAGE_QUERIES, [query["sql"][:120] for query in queries.captured_queries]


PAGE_QUERIES = 29
