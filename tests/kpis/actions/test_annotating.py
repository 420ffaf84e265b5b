"""Notes on dates: who may write, reword and remove them."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.actors import Actor
from accounts.errors import ConflictError
from accounts.models import AuditEntry, Member, Organization, Role
from kpis.actions.annotating import annotate_kpi, remove_annotation, update_annotation
from kpis.models import Annotation, Kpi
from tests.cast import NOW, make_kpi, make_member
from tests.kpis.actions.refusals import codes

pytestmark = pytest.mark.usefixtures("in_acme")

STRIKE = dt.date(2026, 10, 12)


@pytest.fixture
def sales(in_acme: Organization, bob: Member) -> Kpi:
    return make_kpi(in_acme, "sales", owner=bob)


@pytest.fixture
def note(bob: Member, sales: Kpi) -> Annotation:
    return annotate_kpi(Actor(member=bob), sales, now=NOW, on=STRIKE, text="Strike\n at the  depot")


def test_a_note_is_one_line_on_a_date(note: Annotation, bob: Member, sales: Kpi) -> None:
    stored = Annotation.objects.get()
    assert (stored.on, stored.text, stored.is_process_change) == (STRIKE, "Strike at the depot", False)
    assert (stored.member, stored.created_at) == (bob, NOW)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject) == ("kpi.annotated", "Sales")
    assert entry.changes == {"date": [None, "2026-10-12"], "note": [None, "Strike at the depot"]}


def test_a_process_change_is_marked_as_one(as_alice: Actor, sales: Kpi, note: Annotation) -> None:
    opened = annotate_kpi(as_alice, sales, now=NOW, on=STRIKE, text="The cold store opened", is_process_change=True)
    assert [*Annotation.objects.process_changes()] == [opened]


@pytest.mark.parametrize(("text", "code"), [("", "blank"), (" \n ", "blank"), ("x" * 201, "max_length")])
def test_a_note_says_something_in_few_words(as_alice: Actor, sales: Kpi, text: str, code: str) -> None:
    with pytest.raises(ValidationError) as raised:
        annotate_kpi(as_alice, sales, now=NOW, on=STRIKE, text=text)
    assert codes(raised.value) == {"text": [code]}


def test_whoever_wrote_it_and_editors_reword_a_note(as_alice: Actor, bob: Member, note: Annotation) -> None:
    update_annotation(Actor(member=bob), note, now=NOW, text="Strike at both depots")
    update_annotation(as_alice, note, now=NOW, on=dt.date(2026, 10, 13), is_process_change=True)
    stored = Annotation.objects.get()
    assert (stored.text, stored.on, stored.is_process_change) == (
        "Strike at both depots", dt.date(2026, 10, 13), True,
    )  # fmt: skip
    changes = (
        AuditEntry.objects.filter(action="kpi.annotation_changed").order_by("id").values_list("changes", flat=True)
    )
    assert changes[0]["note"] == ["Strike at the depot", "Strike at both depots"]
    assert (changes[1]["date"], changes[1]["process changed"]) == (["2026-10-12", "2026-10-13"], [False, True])


def test_the_same_again_writes_nothing(bob: Member, note: Annotation) -> None:
    update_annotation(Actor(member=bob), note, now=NOW, text="Strike at the depot", on=STRIKE)
    assert AuditEntry.objects.count() == 1


def test_a_note_that_would_say_nothing_any_more_stays_as_it_was(bob: Member, note: Annotation) -> None:
    with pytest.raises(ValidationError):
        update_annotation(Actor(member=bob), note, now=NOW, text="")
    assert Annotation.objects.get().text == "Strike at the depot"


def test_the_author_may_even_when_the_kpi_is_somebody_elses_by_now(bob: Member, sales: Kpi, note: Annotation) -> None:
    Kpi.objects.update(owner=None)
    note.refresh_from_db()
    remove_annotation(Actor(member=bob), note, now=NOW)
    assert not Annotation.objects.exists()
    assert AuditEntry.objects.get(action="kpi.annotation_removed").changes["note"] == ["Strike at the depot", None]


def test_others_cannot_touch_a_note_even_on_their_own_kpi(in_acme: Organization, as_alice: Actor, bob: Member) -> None:
    carl = make_member(in_acme, "Carl", Role.CONTRIBUTOR)
    note = annotate_kpi(as_alice, make_kpi(in_acme, "visits", owner=carl), now=NOW, on=STRIKE, text="Strike")
    for member in (carl, bob):
        with pytest.raises(PermissionDenied, match="whoever wrote it and by editors"):
            update_annotation(Actor(member=member), note, now=NOW, text="All fine")
        with pytest.raises(PermissionDenied):
            remove_annotation(Actor(member=member), note, now=NOW)
    assert Annotation.objects.get().text == "Strike"


def test_only_who_may_change_a_kpi_notes_something(sales: Kpi, vera: Member) -> None:
    with pytest.raises(PermissionDenied):
        annotate_kpi(Actor(member=vera), sales, now=NOW, on=STRIKE, text="Strike")


def test_notes_of_an_archived_kpi_stay(as_alice: Actor, note: Annotation) -> None:
    Kpi.objects.update(archived_at=NOW)
    archived = Annotation.objects.select_related("kpi").get()
    with pytest.raises(ConflictError):
        update_annotation(as_alice, archived, now=NOW, text="Peace")
    with pytest.raises(ConflictError):
        remove_annotation(as_alice, archived, now=NOW)
    with pytest.raises(ConflictError):
        annotate_kpi(as_alice, archived.kpi, now=NOW, on=STRIKE, text="Peace")
    assert Annotation.objects.get().text == "Strike at the depot"
