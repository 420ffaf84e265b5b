"""Who of a team checked in, and what moved."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import SYSTEM
from accounts.models import Department, Member, Organization
from okrs.actions.checking_in import check_in
from okrs.presenting.team import team
from tests.cast import NOW, client_of
from tests.okrs.conftest import MakeKeyResult, at, view_of

pytestmark = pytest.mark.usefixtures("in_acme")

TEAM = "/acme/check-ins/team/"


@pytest.fixture
def client(alice: Member) -> Client:
    return client_of(alice)


def test_who_is_late_comes_first(make: MakeKeyResult, alice: Member, bob: Member, in_acme: Organization) -> None:
    good, late = make("Alice's", owner=alice), make("Bob's", owner=bob)
    check_in(SYSTEM, good, now=at("2026-11-13"), value=40, confidence="on_track")
    check_in(SYSTEM, late, now=at("2026-11-06"), value=40, confidence="on_track")
    found = team([view_of(good), view_of(late)], in_acme, NOW.date())
    assert [person.name for person in found.people] == ["Bob", "Alice"]
    assert found.summary == "1 of 2 people up to date, 1 check-in is missing"
    assert [person.summary for person in found.people] == ["1 of 1 missing", "up to date"]


def test_how_due_dates_were_kept_is_told_from_when_it_was_set(
    make: MakeKeyResult, alice: Member, in_acme: Organization
) -> None:
    key_result = make("New", owner=alice, now=at("2026-10-26"))
    check_in(SYSTEM, key_result, now=at("2026-10-30"), value=1, confidence="on_track")
    check_in(SYSTEM, key_result, now=at("2026-11-09"), value=2, confidence="on_track")
    line = team([view_of(key_result)], in_acme, NOW.date()).people[0].lines[0]
    assert [how for how, _ in line.kept] == ["on_time", "late"]
    assert line.kept[0][1] == "30 October 2026: on time"


def test_within_the_days_of_grace_it_was_on_time(make: MakeKeyResult, alice: Member, in_acme: Organization) -> None:
    in_acme.grace_days = 3
    key_result = make("New", owner=alice, now=at("2026-10-26"))
    check_in(SYSTEM, key_result, now=at("2026-11-02"), value=1, confidence="on_track")
    check_in(SYSTEM, key_result, now=at("2026-11-10"), value=2, confidence="on_track")
    line = team([view_of(key_result)], in_acme, NOW.date()).people[0].lines[0]
    assert [how for how, _ in line.kept] == ["on_time", "late"]


def test_what_moved_in_a_week_is_told(make: MakeKeyResult, alice: Member, in_acme: Organization) -> None:
    key_result = make(owner=alice)
    check_in(SYSTEM, key_result, now=at("2026-11-06"), value=20, confidence="on_track")
    check_in(SYSTEM, key_result, now=at("2026-11-13"), value=50, confidence="on_track", comment="A big one signed.")
    line = team([view_of(key_result)], in_acme, NOW.date()).people[0].lines[0]
    assert line.moved.replace("\u00a0", " ") == "20 → 50, +30 points"
    assert line.status_change == "off track → on track"
    assert (line.tone, line.comment) == ("good", "A big one signed.")


def test_a_small_move_of_a_large_number_is_seen(make: MakeKeyResult, alice: Member, in_acme: Organization) -> None:
    key_result = make(owner=alice, start=0, target=3000)
    check_in(SYSTEM, key_result, now=at("2026-11-06"), value=2028, confidence="on_track")
    check_in(SYSTEM, key_result, now=at("2026-11-13"), value=1998, confidence="on_track")
    line = team([view_of(key_result)], in_acme, NOW.date()).people[0].lines[0]
    assert line.moved.startswith("2,028 → 1,998")


def test_a_lead_sees_whom_they_lead(
    client: Client, make: MakeKeyResult, alice: Member, bob: Member, vera: Member, in_acme: Organization
) -> None:
    fresh = Department.objects.create(name="Fresh", lead=alice)
    produce = Department.objects.create(name="Produce", parent=fresh)
    Member.objects.filter(pk=bob.pk).update(department=produce)
    make("Bob's", owner=bob)
    make("Vera's", owner=vera)
    html = client.get(TEAM).content.decode()
    assert "Bob&#x27;s" in html
    assert "Vera&#x27;s" not in html
    assert "Vera&#x27;s" in client.get(f"{TEAM}?department=all").content.decode()
    assert "Bob&#x27;s" in client.get(f"{TEAM}?department={produce.pk}").content.decode()
    assert client.get(f"{TEAM}?department={bob.pk}").status_code == 404


def test_it_takes_the_same_queries_for_many(client: Client, make: MakeKeyResult, alice: Member) -> None:
    make("First", owner=alice)
    client.get(TEAM)
    with CaptureQueriesContext(connection) as few:
        client.get(TEAM)
    for index in range(5):
        make(f"Another {index}", owner=alice)
    with CaptureQueriesContext(connection) as many:
        client.get(TEAM)
    assert len(many) == len(few)


def test_nobody_yet(client: Client, quarter: object) -> None:
    assert "Nobody here owns a key result" in client.get(TEAM).content.decode()
