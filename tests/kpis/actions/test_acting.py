"""Actions: who may plan and move them on, what they need, and what they leave in the audit log."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts import ownership
from accounts.actions.members import remove_member
from accounts.actions.tokens import create_token
from accounts.actors import SYSTEM, Actor
from accounts.errors import ConflictError
from accounts.models import AuditEntry, Member, Organization, Role, Scope
from kpis.actions.acting import create_action, update_action
from kpis.models import Action, Kpi
from kpis.models.followups import ActionState
from tests.cast import NOW, make_kpi, make_member
from tests.kpis.actions.refusals import codes

pytestmark = pytest.mark.usefixtures("in_acme")

TODAY, YESTERDAY, TOMORROW = (dt.date(2026, 11, day) for day in (18, 17, 19))


@pytest.fixture
def sales(in_acme: Organization) -> Kpi:
    return make_kpi(in_acme, "sales")


@pytest.fixture
def action(as_alice: Actor, sales: Kpi, bob: Member) -> Action:
    """Bob is to do it; the KPI is nobody's."""
    return create_action(as_alice, sales, now=NOW, title="Call the growers", owner=bob, due_on=YESTERDAY)


def test_an_action_is_planned_with_who_does_it_and_until_when(as_alice: Actor, action: Action, bob: Member) -> None:
    stored = Action.objects.get()
    assert (stored.title, stored.kind, stored.state, stored.owner, stored.due_on, stored.closed_on) == (
        "Call the growers", "planned", "open", bob, YESTERDAY, None,
    )  # fmt: skip
    assert (stored.created_by, stored.created_at) == (as_alice.member, NOW)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject, entry.subject_id) == ("action.created", "Call the growers", stored.pk)
    assert entry.changes == {
        "kpi": [None, "Sales"],
        "title": [None, "Call the growers"],
        "owner": [None, "Bob"],
        "due_on": [None, "2026-11-17"],
    }


def test_a_corrective_action_says_what_went_wrong(as_alice: Actor, sales: Kpi) -> None:
    action = create_action(as_alice, sales, now=NOW, title="Fix it", kind="corrective", cause="Papers are missing")
    assert (action.kind, action.cause) == ("corrective", "Papers are missing")
    assert update_action(as_alice, action, now=NOW, kind="planned").cause == ""


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"title": "  \n "}, {"title": ["blank"]}),
        ({"title": "x" * 201}, {"title": ["max_length"]}),
        ({"kind": "hopeful"}, {"kind": ["invalid_choice"]}),
        ({"state": "asleep"}, {"state": ["invalid_choice"]}),
        ({"cause": "Nobody looked"}, {"cause": ["not_corrective"]}),
        ({"kind": "corrective", "cause": "x" * 5001}, {"cause": ["max_length"]}),
        ({"closed_on": TODAY}, {"closed_on": ["not_closed"]}),
        ({"state": "done", "closed_on": TOMORROW}, {"closed_on": ["future"]}),
        ({"title": "", "state": "dropped", "closed_on": TOMORROW}, {"title": ["blank"], "closed_on": ["future"]}),
    ],
)
def test_what_makes_no_sense_is_refused(
    as_alice: Actor, sales: Kpi, fields: dict[str, Any], expected: dict[str, list[str]]
) -> None:
    with pytest.raises(ValidationError) as raised:
        create_action(as_alice, sales, now=NOW, **{"title": "Call the growers", **fields})
    assert codes(raised.value) == expected
    assert not Action.objects.exists()


@pytest.mark.parametrize("state", ["done", "dropped"])
def test_what_is_over_has_todays_date_or_the_one_given_and_loses_it_when_taken_up_again(
    as_alice: Actor, action: Action, state: str
) -> None:
    assert update_action(as_alice, action, now=NOW, state=state).closed_on == TODAY
    assert update_action(as_alice, action, now=NOW, closed_on=YESTERDAY).closed_on == YESTERDAY
    assert update_action(as_alice, action, now=NOW, title="Call them again").closed_on == YESTERDAY
    reopened = update_action(as_alice, action, now=NOW, state="running")
    assert (reopened.state, reopened.closed_on) == ("running", None)
    assert Action.objects.get().closed_on is None


def test_changes_are_told_and_nothing_is_written_without_one(as_alice: Actor, action: Action) -> None:
    update_action(as_alice, action, now=NOW, title="Call the growers", state="open")
    assert AuditEntry.objects.filter(action="action.changed").count() == 0
    update_action(as_alice, action, now=NOW, state="done", owner=None)
    assert AuditEntry.objects.get(action="action.changed").changes == {
        "closed_on": [None, "2026-11-18"],
        "owner": ["Bob", None],
        "state": ["open", "done"],
    }


def test_pages_learn_of_an_action(in_acme: Organization, as_alice: Actor, sales: Kpi) -> None:
    before = in_acme.version
    create_action(as_alice, sales, now=NOW, title="Call the growers")
    in_acme.refresh_from_db()
    assert in_acme.version == before + 1


# Who may


def test_a_contributor_plans_for_kpis_they_own_alone(in_acme: Organization, sales: Kpi, bob: Member) -> None:
    own = make_kpi(in_acme, "own", owner=bob)
    assert create_action(Actor(member=bob), own, now=NOW, title="Call the growers").created_by == bob
    with pytest.raises(PermissionDenied, match="“Sales” can be changed by its owner and by editors"):
        create_action(Actor(member=bob), sales, now=NOW, title="Call the growers")


def test_whoever_is_to_do_it_says_how_far_it_is_and_nothing_else(action: Action, bob: Member) -> None:
    assert update_action(Actor(member=bob), action, now=NOW, state="done", closed_on=YESTERDAY).state == "done"
    with pytest.raises(PermissionDenied):
        update_action(Actor(member=bob), action, now=NOW, state="open", title="Something easier")
    assert Action.objects.get().title == "Call the growers"


def test_a_contributor_cannot_move_on_what_others_do(in_acme: Organization, action: Action) -> None:
    carl = make_member(in_acme, "Carl", Role.CONTRIBUTOR)
    with pytest.raises(PermissionDenied, match="is moved on by its owner, its KPI’s owner and editors"):
        update_action(Actor(member=carl), action, now=NOW, state="done")


def test_a_viewer_changes_nothing_even_of_their_own(as_alice: Actor, sales: Kpi, vera: Member) -> None:
    action = create_action(as_alice, sales, now=NOW, title="Watch", owner=vera)
    with pytest.raises(PermissionDenied):
        update_action(Actor(member=vera), action, now=NOW, state="done")


def test_somebody_of_another_organization_cannot_do_it(as_alice: Actor, sales: Kpi, charlie: Member) -> None:
    with pytest.raises(ValidationError, match="Charlie does not belong to Acme"):
        create_action(as_alice, sales, now=NOW, title="Spy", owner=charlie)


def test_who_left_keeps_what_they_did_and_is_given_nothing_new(as_alice: Actor, action: Action, bob: Member) -> None:
    update_action(as_alice, action, now=NOW, state="done")
    Member.objects.filter(pk=bob.pk).update(removed_at=NOW)
    bob.refresh_from_db()
    assert update_action(as_alice, action, now=NOW, title="Called the growers", owner=bob).owner == bob
    with pytest.raises(ValidationError, match="Bob does not belong to Acme"):
        create_action(as_alice, action.kpi, now=NOW, title="Call again", owner=bob)


def test_an_archived_kpi_takes_no_new_actions_but_its_old_ones_can_be_ended(as_alice: Actor, action: Action) -> None:
    Kpi.objects.update(archived_at=NOW)
    archived = Kpi.objects.get()
    with pytest.raises(ConflictError, match="“Sales” is archived; restore it first"):
        create_action(as_alice, archived, now=NOW, title="Too late")
    with pytest.raises(ConflictError):
        update_action(as_alice, action, now=NOW, title="Renamed")
    assert update_action(as_alice, action, now=NOW, state="dropped").state == "dropped"


# Lists


def test_what_is_to_be_done_first_stands_first_then_what_is_over_the_latest_first(as_alice: Actor, sales: Kpi) -> None:
    made = {
        "Someday": {},
        "Tomorrow": {"due_on": TOMORROW},
        "Late": {"due_on": YESTERDAY, "state": "running"},
        "Done long ago": {"state": "done", "due_on": TODAY, "closed_on": dt.date(2026, 1, 9)},
        "Done today": {"state": "done", "due_on": TOMORROW, "closed_on": TODAY},
    }
    for title, fields in made.items():
        create_action(as_alice, sales, now=NOW, title=title, **fields)
    titles = [action.title for action in Action.objects.by_urgency()]
    assert titles == ["Late", "Tomorrow", "Someday", "Done today", "Done long ago"]
    assert [action.title for action in Action.objects.overdue(TODAY)] == ["Late"]
    assert {action.title: action.days_overdue(TODAY) for action in Action.objects.unfinished()} == {
        "Late": 1,
        "Tomorrow": 0,
        "Someday": 0,
    }


# Handing on


def test_whoever_leaves_hands_on_what_is_not_done(as_alice: Actor, action: Action, alice: Member, bob: Member) -> None:
    done = create_action(as_alice, action.kpi, now=NOW, title="Done", owner=bob, state="done")
    assert ownership.owned_by(bob) == ["1 action to do"]
    with pytest.raises(ValidationError, match="Bob has 1 action to do"):
        remove_member(as_alice, bob, now=NOW)
    remove_member(as_alice, bob, now=NOW, successor=alice)
    action.refresh_from_db()
    done.refresh_from_db()
    assert (action.owner, done.owner) == (alice, bob)
    entry = AuditEntry.objects.get(action="action.changed")
    assert (entry.subject, entry.changes) == ("Call the growers", {"owner": ["Bob", "Alice"]})


def test_a_token_that_may_write_moves_actions_on(in_acme: Organization, action: Action) -> None:

    reader, _ = create_token(SYSTEM, now=NOW, name="Reader", scopes=[Scope.READ])
    writer, _ = create_token(SYSTEM, now=NOW, name="Writer", scopes=[Scope.WRITE])
    with pytest.raises(PermissionDenied):
        update_action(Actor(token=reader), action, now=NOW, state="done")
    assert update_action(Actor(token=writer), action, now=NOW, state="done").state == ActionState.DONE
