"""Reviews: a record of who looked, when, and what follows."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.actors import Actor
from accounts.errors import ConflictError
from accounts.models import AuditEntry, Member, Organization
from kpis.actions.reviewing import review_kpi
from kpis.models import Kpi, Review
from kpis.models.choices import ReviewCadence
from tests.cast import NOW, make_kpi
from tests.kpis.actions.refusals import codes

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def sales(in_acme: Organization) -> Kpi:
    return make_kpi(in_acme, "sales")


def test_a_review_says_who_looked_when_and_what_follows(as_alice: Actor, sales: Kpi) -> None:
    review_kpi(as_alice, sales, now=NOW, decision=" Raise the target \n", note="Coupons pay off")
    stored = Review.objects.get()
    assert (stored.held_on, stored.member, stored.recorded_at) == (dt.date(2026, 11, 18), as_alice.member, NOW)
    assert (stored.decision, stored.note) == ("Raise the target", "Coupons pay off")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject_id) == ("kpi.reviewed", sales.pk)
    assert entry.changes["decision"] == [None, "Raise the target"]


def test_a_review_may_have_been_held_earlier_and_decide_nothing(as_alice: Actor, sales: Kpi) -> None:
    review = review_kpi(as_alice, sales, now=NOW, held_on=dt.date(2026, 11, 2))
    assert (review.held_on, review.decision) == (dt.date(2026, 11, 2), "")
    assert AuditEntry.objects.get().changes == {"held on": [None, "2026-11-02"]}


def test_the_latest_held_stands_first_whenever_it_was_written_down(as_alice: Actor, sales: Kpi) -> None:
    for day in (9, 2, 5):
        review_kpi(as_alice, sales, now=NOW, held_on=dt.date(2026, 11, day))
    assert [review.held_on.day for review in Review.objects.newest_first()] == [9, 5, 2]


def test_a_review_that_lies_ahead_is_refused(as_alice: Actor, sales: Kpi) -> None:
    with pytest.raises(ValidationError) as raised:
        review_kpi(as_alice, sales, now=NOW, held_on=dt.date(2026, 11, 19))
    assert codes(raised.value) == {"held_on": ["future"]}
    assert not Review.objects.exists()


@pytest.mark.parametrize("field", ["decision", "note"])
def test_a_text_without_end_is_refused(as_alice: Actor, sales: Kpi, field: str) -> None:
    with pytest.raises(ValidationError) as raised:
        review_kpi(as_alice, sales, now=NOW, **{field: "x" * 5001})
    assert codes(raised.value) == {field: ["max_length"]}


def test_only_who_may_change_a_kpi_reviews_it(in_acme: Organization, sales: Kpi, bob: Member, vera: Member) -> None:
    assert review_kpi(Actor(member=bob), make_kpi(in_acme, "own", owner=bob), now=NOW).member == bob
    for member in (bob, vera):
        with pytest.raises(PermissionDenied):
            review_kpi(Actor(member=member), sales, now=NOW)


def test_what_is_archived_is_not_reviewed(in_acme: Organization, as_alice: Actor) -> None:
    with pytest.raises(ConflictError, match="is archived; restore it first"):
        review_kpi(as_alice, make_kpi(in_acme, "gone", archived_at=NOW), now=NOW)


@pytest.mark.parametrize(
    ("cadence", "due"), [("weekly", "2026-11-25"), ("monthly", "2026-12-19"), ("quarterly", "2027-02-18")]
)
def test_the_next_review_is_due_a_cadence_later(cadence: str, due: str) -> None:
    assert ReviewCadence(cadence).due_after(dt.date(2026, 11, 18)) == dt.date.fromisoformat(due)
