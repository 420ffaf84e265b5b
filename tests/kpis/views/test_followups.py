"""What people do about a KPI, on its page: actions, notes and reviews."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from accounts.models import Member, Organization, Role
from kpis.actions.acting import create_action
from kpis.actions.annotating import annotate_kpi
from kpis.actions.benchmarking import BenchmarkRow, set_benchmarks
from kpis.actions.influencing import set_influences
from kpis.actions.reviewing import review_kpi
from kpis.models import Action, Annotation, Kpi, Review
from kpis.presenting.followups import Followups
from tests.cast import NOW, client_of, inside, make_kpi, make_member
from tests.kpis.views.conftest import text_of

URL = "/acme/kpis/net_sales/"
ACTIONS, NOTES, REVIEWS = f"{URL}actions/", f"{URL}annotations/", f"{URL}reviews/"
BENCHMARKS, INFLUENCES = f"{URL}benchmarks/", f"{URL}influences/"
HTMX = {"HX-Request": "true"}
ADDED = {"title": "Call the growers", "kind": "planned", "cause": "", "owner": "", "due_on": ""}


def told(answer: HttpResponse) -> str:
    """The message a response shows without a new page."""
    return json.loads(answer["HX-Trigger"])["ladder:message"]["text"]


@pytest.fixture
def action(acme: Organization, as_alice: Actor, net_sales: Kpi) -> Action:
    with inside(acme):
        return create_action(as_alice, net_sales, now=NOW, title="Call the growers", due_on=dt.date(2026, 11, 6))


@pytest.fixture
def note(acme: Organization, as_alice: Actor, net_sales: Kpi) -> Annotation:
    with inside(acme):
        return annotate_kpi(as_alice, net_sales, now=NOW, on=dt.date(2026, 10, 12), text="Strike at the depot")


# Actions


def test_an_action_is_added_without_leaving_the_page(
    acme: Organization, net_sales: Kpi, bobs: Client, vera: Member
) -> None:
    sent = {**ADDED, "kind": "corrective", "cause": "Papers are missing", "owner": vera.pk, "due_on": "2026-12-05"}
    answer = bobs.post(ACTIONS, sent, headers=HTMX)
    assert (answer.status_code, told(answer)) == (200, "Added: “Call the growers”.")
    assert answer.content.decode().lstrip().startswith('<section class="card" id="actions"')
    assert 'class="act act-open changed"' in answer.content.decode()
    shown = text_of(answer)
    assert "To do · Vera · due 5 December 2026" in shown
    assert "Cause: Papers are missing" in shown
    with inside(acme):
        stored = Action.objects.get()
        assert (stored.kind, stored.owner_id, stored.created_by_id) == ("corrective", vera.pk, net_sales.owner_id)


def test_without_script_the_page_is_shown_anew(net_sales: Kpi, bobs: Client) -> None:
    answer = bobs.post(ACTIONS, ADDED)
    assert (answer.status_code, answer["Location"]) == (302, f"{URL}#actions")
    assert "Call the growers" in text_of(bobs.get(URL))


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_is_missing_is_said_beside_what_was_typed(
    acme: Organization, net_sales: Kpi, bobs: Client, headers: dict[str, str]
) -> None:
    answer = bobs.post(ACTIONS, {**ADDED, "title": "", "due_on": "2026-12-05"}, headers=headers)
    assert answer.status_code == 422
    assert "This field is required." in text_of(answer)
    assert 'value="2026-12-05"' in answer.content.decode()
    with inside(acme):
        assert not Action.objects.exists()


def test_a_cause_typed_before_it_became_a_planned_one_is_let_go(
    acme: Organization, net_sales: Kpi, bobs: Client
) -> None:
    bobs.post(ACTIONS, {**ADDED, "cause": "Papers are missing"})
    with inside(acme):
        assert Action.objects.get().cause == ""


def test_how_far_it_is_is_said_with_one_click(acme: Organization, action: Action, bobs: Client) -> None:
    page = text_of(bobs.get(URL))
    assert "To do · nobody does it yet · 12 days overdue" in page
    answer = bobs.post(f"{ACTIONS}{action.pk}/state/", {"state": "running"}, headers=HTMX)
    assert told(answer) == "“Call the growers” is under way."
    answer = bobs.post(f"{ACTIONS}{action.pk}/state/", {"state": "done"})
    assert (answer.status_code, answer["Location"]) == (302, f"{URL}#actions")
    page = text_of(bobs.get(URL))
    assert "Done on 18 November 2026" in page
    assert "overdue" not in page
    bobs.post(f"{ACTIONS}{action.pk}/state/", {"state": "open"})
    with inside(acme):
        action.refresh_from_db()
        assert (action.state, action.closed_on) == ("open", None)


def test_a_state_that_does_not_exist_leads_to_the_form(acme: Organization, action: Action, bobs: Client) -> None:
    answer = bobs.post(f"{ACTIONS}{action.pk}/state/", {"state": "asleep"})
    assert (answer.status_code, answer["Location"]) == (302, f"{ACTIONS}{action.pk}/")
    assert bobs.get(answer["Location"]).status_code == 200


def test_an_action_is_edited_with_the_day_on_which_it_was_done(
    acme: Organization, action: Action, bobs: Client, vera: Member
) -> None:
    form = bobs.get(f"{ACTIONS}{action.pk}/").content.decode()
    assert 'value="Call the growers"' in form
    assert 'value="2026-11-06"' in form
    sent = {**ADDED, "title": "Visit them", "owner": vera.pk, "state": "done", "closed_on": "2026-11-09"}
    answer = bobs.post(f"{ACTIONS}{action.pk}/", sent)
    assert (answer.status_code, answer["Location"]) == (302, f"{URL}#actions")
    with inside(acme):
        action.refresh_from_db()
        assert (action.title, action.owner_id, action.state) == ("Visit them", vera.pk, "done")
        assert (action.due_on, action.closed_on) == (None, dt.date(2026, 11, 9))
    late = bobs.post(f"{ACTIONS}{action.pk}/", {**sent, "closed_on": "2026-11-19"})
    assert late.status_code == 422
    assert "This date lies ahead; give today’s or an earlier one." in text_of(late)


def test_the_day_of_what_is_taken_up_again_is_let_go(acme: Organization, action: Action, bobs: Client) -> None:
    sent = {**ADDED, "state": "running", "closed_on": "2026-11-09"}
    assert bobs.post(f"{ACTIONS}{action.pk}/", sent).status_code == 302
    with inside(acme):
        action.refresh_from_db()
        assert (action.state, action.closed_on) == ("running", None)


def test_whoever_is_only_to_do_it_says_how_far_it_is_and_changes_nothing_else(
    acme: Organization, action: Action
) -> None:
    carl = make_member(acme, "Carl", Role.CONTRIBUTOR)
    with inside(acme):
        Action.objects.update(owner=carl)
    client = client_of(carl)
    page = client.get(URL).content.decode()
    assert f'action="{ACTIONS}{action.pk}/state/"' in page
    assert "Plan an action" not in page
    form = client.get(f"{ACTIONS}{action.pk}/").content.decode()
    assert 'name="state"' in form
    assert 'name="title"' not in form
    client.post(f"{ACTIONS}{action.pk}/", {**ADDED, "title": "Nothing", "state": "dropped", "closed_on": ""})
    with inside(acme):
        action.refresh_from_db()
        assert (action.title, action.state, action.closed_on) == ("Call the growers", "dropped", dt.date(2026, 11, 18))


def test_who_may_not_change_a_kpi_sees_its_actions_and_no_forms(
    acme: Organization, action: Action, note: Annotation, veras: Client
) -> None:
    carls = client_of(make_member(acme, "Carl", Role.CONTRIBUTOR))
    for client in (veras, carls):
        page = client.get(URL)
        assert "Call the growers" in text_of(page)
        for word in ("Plan an action", "Note something", "Mark as reviewed", "Benchmarks", "/state/", "/remove/"):
            assert word not in page.content.decode()
        assert client.post(ACTIONS, ADDED).status_code == 403
        assert client.get(f"{ACTIONS}{action.pk}/").status_code == 403
        assert client.post(f"{ACTIONS}{action.pk}/state/", {"state": "done"}).status_code == 403
        assert client.post(NOTES, {"on": "2026-10-12", "text": "Hello"}).status_code == 403
        assert client.post(f"{NOTES}{note.pk}/remove/").status_code == 403
        assert client.post(REVIEWS, {"held_on": "2026-11-18"}).status_code == 403
        assert client.get(BENCHMARKS).status_code == 403
        assert client.get(INFLUENCES).status_code == 403


def test_an_action_of_another_kpi_or_organization_is_as_if_it_did_not_exist(
    acme: Organization, globex: Organization, action: Action, alices: Client, charlies: Client
) -> None:
    with inside(acme):
        make_kpi(acme, "visits")
    with inside(globex):
        make_kpi(globex, "net_sales")
    for client, url in (
        (alices, f"/acme/kpis/visits/actions/{action.pk}/"),
        (charlies, f"{ACTIONS}{action.pk}/"),
        (charlies, f"/globex/kpis/net_sales/actions/{action.pk}/"),
    ):
        assert client.get(url).status_code == 404
        assert client.post(f"{url}state/", {"state": "done"}).status_code == 404
    with inside(acme):
        assert Action.objects.get().state == "open"


def test_what_is_over_stands_below_and_most_of_it_folded_away(
    acme: Organization, as_alice: Actor, action: Action, alices: Client
) -> None:
    with inside(acme):
        for day in range(1, 9):
            done = {"state": "done", "closed_on": dt.date(2026, 11, day)}
            create_action(as_alice, action.kpi, now=NOW, title=f"Step {day}", **done)
    followups = alices.get(URL).context["followups"]
    assert [act.title for act in followups.unfinished_acts] == ["Call the growers"]
    assert [act.title for act in followups.latest_acts] == [f"Step {day}" for day in (8, 7, 6, 5, 4)]
    assert [act.title for act in followups.earlier_acts] == [f"Step {day}" for day in (3, 2, 1)]


def test_an_owner_who_left_stays_with_what_they_did(acme: Organization, action: Action, alices: Client) -> None:
    gone = make_member(acme, "Gustav", Role.CONTRIBUTOR)
    with inside(acme):
        Action.objects.update(owner=gone, state="done", closed_on=dt.date(2026, 11, 9))
    Member.objects.filter(pk=gone.pk).update(removed_at=NOW)
    form = alices.get(f"{ACTIONS}{action.pk}/").content.decode()
    assert f'<option value="{gone.pk}" selected>Gustav (left)</option>' in form
    sent = {**ADDED, "title": "Called them", "owner": gone.pk, "state": "done", "closed_on": "2026-11-09"}
    assert alices.post(f"{ACTIONS}{action.pk}/", sent).status_code == 302
    with inside(acme):
        action.refresh_from_db()
        assert (action.title, action.owner_id) == ("Called them", gone.pk)


# Notes


def test_a_note_is_added_changed_and_removed(acme: Organization, net_sales: Kpi, bobs: Client) -> None:
    answer = bobs.post(NOTES, {"on": "2026-10-12", "text": "Strike", "is_process_change": "on"}, headers=HTMX)
    assert (answer.status_code, told(answer)) == (200, "Noted on 12 October 2026.")
    assert "12 October 2026 · the process changed here · Bob" in text_of(answer)
    with inside(acme):
        [note] = Annotation.objects.all()
    form = bobs.get(f"{NOTES}{note.pk}/").content.decode()
    assert 'value="Strike"' in form
    assert "checked" in form
    answer = bobs.post(f"{NOTES}{note.pk}/", {"on": "2026-10-13", "text": "Strike at the depot"})
    assert (answer.status_code, answer["Location"]) == (302, f"{URL}#annotations")
    with inside(acme):
        note.refresh_from_db()
        assert (note.on, note.text, note.is_process_change) == (dt.date(2026, 10, 13), "Strike at the depot", False)
    answer = bobs.post(f"{NOTES}{note.pk}/remove/", headers=HTMX)
    assert told(answer) == "Removed: “Strike at the depot”, on 13 October 2026."
    assert "Nothing is noted yet." in text_of(answer)
    assert bobs.post(f"{NOTES}{note.pk}/remove/").status_code == 404


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_an_empty_note_is_not_stored(acme: Organization, net_sales: Kpi, bobs: Client, headers: dict[str, str]) -> None:
    answer = bobs.post(NOTES, {"on": "2026-10-12", "text": " "}, headers=headers)
    assert answer.status_code == 422
    assert "This field is required." in text_of(answer)
    with inside(acme):
        assert not Annotation.objects.exists()


def test_a_note_by_somebody_else_can_be_seen_but_not_changed_by_the_owner(note: Annotation, bobs: Client) -> None:
    [shown] = bobs.get(URL).context["followups"].latest_notes
    assert (shown.by, shown.may_change) == ("Alice", False)
    assert bobs.get(f"{NOTES}{note.pk}/").status_code == 403


# Reviews


def test_a_review_is_written_down_and_the_next_one_is_due_a_cadence_later(
    acme: Organization, net_sales: Kpi, bobs: Client
) -> None:
    with inside(acme):
        Kpi.objects.update(created_at=NOW - dt.timedelta(days=100), review_cadence="monthly")
    assert "Not reviewed yet. Review 69 days overdue" in text_of(bobs.get(URL))
    sent = {"held_on": "2026-11-16", "decision": "Raise the target", "note": "Coupons pay off"}
    answer = bobs.post(REVIEWS, sent, headers=HTMX)
    assert (answer.status_code, told(answer)) == (200, "Reviewed on 16 November 2026.")
    shown = text_of(answer)
    assert "Last reviewed on 16 November 2026 by Bob. Next review due 17 December 2026 (every month)." in shown
    assert "Decided: Raise the target" in shown
    with inside(acme):
        assert Review.objects.get().note == "Coupons pay off"


def test_a_review_without_a_decision_says_so(acme: Organization, net_sales: Kpi, bobs: Client) -> None:
    bobs.post(REVIEWS, {"held_on": "2026-11-02", "decision": "Wait", "note": ""})
    bobs.post(REVIEWS, {"held_on": "2026-11-16", "decision": "", "note": ""})
    followups = bobs.get(URL).context["followups"]
    assert (followups.latest_review.day, followups.latest_review.decision) == ("16 November 2026", "")
    assert [review.decision for review in followups.earlier_reviews] == ["Wait"]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_review_that_lies_ahead_is_not_stored(
    acme: Organization, net_sales: Kpi, bobs: Client, headers: dict[str, str]
) -> None:
    answer = bobs.post(REVIEWS, {"held_on": "2026-11-19", "decision": "", "note": ""}, headers=headers)
    assert answer.status_code == 422
    assert "This date lies ahead; write a review down once it was held." in text_of(answer)
    with inside(acme):
        assert not Review.objects.exists()


@pytest.mark.parametrize("fields", [{"kind": "metric"}, {"archived_at": NOW}])
def test_what_is_only_an_operand_or_put_aside_is_not_due_for_review(
    acme: Organization, as_alice: Actor, fields: dict[str, Any]
) -> None:
    with inside(acme):
        kpi = make_kpi(acme, "visits", **{"created_at": NOW - dt.timedelta(days=900), **fields})
        followups = Followups(kpi, acme, as_alice, now=NOW)
        assert (followups.review_due, followups.review_overdue) == ("", "")


# All of it


@pytest.mark.parametrize("count", [1, 9])
def test_the_parts_cost_as_many_queries_whatever_they_show(
    acme: Organization, as_alice: Actor, net_sales: Kpi, count: int
) -> None:
    with inside(acme):
        Kpi.objects.update(indicator="leading")
        net_sales.refresh_from_db()
        others = [make_kpi(acme, f"k{number}", owner=net_sales.owner) for number in range(count)]
        for number in range(count):
            create_action(as_alice, net_sales, now=NOW, title="Act", owner=net_sales.owner, state="done")
            review_kpi(as_alice, net_sales, now=NOW)
            annotate_kpi(as_alice, net_sales, now=NOW, on=dt.date(2026, 10, 12), text=f"Note {number}")
        industries = [BenchmarkRow(1.0, f"Industry {number}", 2025, "Report") for number in range(count)]
        set_benchmarks(as_alice, net_sales, industries, now=NOW)
        set_influences(as_alice, net_sales, others, now=NOW)
        followups = Followups(net_sales, acme, as_alice, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            shown = (followups.acts, followups.reviews, followups.notes, followups.benchmarks, followups.neighbours)
        assert [len(part) for part in shown] == [count] * 5
        assert len(queries) == 7
