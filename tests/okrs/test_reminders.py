"""Letters on mornings: once per person, subject and due date, at nine where somebody lives, on working days."""

import datetime as dt
import re
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from time_machine import TimeMachineFixture

from accounts.actions.organizations import create_organization
from accounts.actions.people import change_profile
from accounts.actors import SYSTEM
from accounts.models import Department, Member, Organization, Role, User, Wakeup
from kpis.actions.reviewing import review_kpi
from kpis.models import Kpi
from okrs.actions.checking_in import check_in
from okrs.actions.key_results import remove_key_result
from okrs.actions.reminding import REMIND
from okrs.letters import load_letters
from okrs.models import KeyResult, Reminder
from okrs.reading import load_owed
from okrs.tasks import send_reminders
from tests.cast import client_of, make_kpi, make_member, make_standing, make_user, record
from tests.okrs.conftest import MakeKeyResult, at, date

Run = Callable[[str], list[str]]


@pytest.fixture
def run(acme: Organization, mailoutbox: list) -> Run:
    """Has the workers look on a day at an hour of UTC ("2026-11-20 09:00"); answers who was written to since, and what
    it was about."""

    def look(text: str) -> list[str]:
        mailoutbox.clear()
        send_reminders(str(acme.pk), instant(text))
        return [f"{letter.to[0].partition('@')[0]}: {letter.subject}" for letter in mailoutbox]

    return look


def instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def lives_in(member: Member, time_zone: str) -> None:
    User.objects.filter(pk=member.user_id).update(time_zone=time_zone)


def due_again_at(organization: Organization) -> dt.datetime:
    return Wakeup.objects.get(organization=organization, kind=REMIND).due_at


@pytest.fixture
def weekly(make: MakeKeyResult, bob: Member):
    """Bob's, due every Friday; he last checked in on 13 November."""
    key_result = make("Reach 100 shops", owner=bob)
    check_in(SYSTEM, key_result, now=at("2026-11-13"), value=40, confidence="on_track")
    return key_result


BOBS = "bob: 1 check-in is due at Acme"


class TestOnce:
    def test_per_person_subject_and_due_date(self, run: Run, weekly) -> None:
        assert run("2026-11-19 09:00") == []
        assert run("2026-11-20 08:59") == []
        assert run("2026-11-20 09:00") == [BOBS]
        assert run("2026-11-20 09:00") == run("2026-11-20 17:00") == []
        assert run("2026-11-23 09:00") == run("2026-11-24 09:00") == []
        assert run("2026-11-27 09:00") == [BOBS]  # the next due date is another one
        told = Reminder.objects.order_by("due_on").values_list("subject_id", "due_on")
        assert list(told) == [(weekly.pk, date("2026-11-20")), (weekly.pk, date("2026-11-27"))]

    def test_nothing_is_sent_for_what_was_done_in_time(self, run: Run, weekly) -> None:
        check_in(SYSTEM, weekly, now=at("2026-11-19"), value=50, confidence="on_track")
        assert run("2026-11-20 09:00") == []

    def test_nor_for_what_is_gone(self, run: Run, weekly) -> None:
        remove_key_result(SYSTEM, weekly, now=at("2026-11-19"))
        assert run("2026-11-20 09:00") == []

    def test_a_late_worker_writes_on_the_same_day_and_the_next_working_day_but_not_about_what_is_long_past(
        self, run: Run, weekly
    ) -> None:
        assert run("2026-12-02 09:00") == []
        assert run("2026-12-04 21:30") == [BOBS]
        assert run("2026-12-14 09:00") == [BOBS]  # Friday's, on Monday
        assert "was due on Friday, 11 December 2026; overdue since 20 November 2026" in last_text()

    def test_what_was_set_after_the_morning_waits_for_no_letter_that_day(
        self, run: Run, make: MakeKeyResult, bob: Member
    ) -> None:
        make("New", owner=bob, now=instant("2026-11-20 10:00"))
        assert run("2026-11-20 10:30") == []

    def test_a_letter_that_could_not_be_sent_goes_out_later(
        self, run: Run, weekly, acme: Organization, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as broken:
            broken.setattr("okrs.tasks.send_letter", _refuse)
            assert run("2026-11-20 09:00") == []
        assert not Reminder.objects.exists()
        assert due_again_at(acme) == instant("2026-11-20 09:10")
        assert run("2026-11-20 09:10") == [BOBS]


def _refuse(*args: object) -> None:
    raise OSError("The mail server is away.")


def last_text() -> str:
    """The last letter's text."""
    return str(mail.outbox[-1].body)


class TestWhere:
    @pytest.mark.parametrize(
        ("zone", "nine"),
        [("Europe/Berlin", "08:00"), ("America/New_York", "14:00"), ("Asia/Kolkata", "03:30"), ("UTC", "09:00")],
    )
    def test_at_nine_where_somebody_lives(
        self, run: Run, weekly, bob: Member, acme: Organization, zone: str, nine: str
    ) -> None:
        User.objects.update(time_zone=zone)
        due = instant(f"2026-11-20 {nine}")
        assert run(f"{due - dt.timedelta(minutes=1):%Y-%m-%d %H:%M}") == []
        assert due_again_at(acme) == due
        assert run(f"2026-11-20 {nine}") == [BOBS]
        assert due_again_at(acme) == instant("2026-11-23 09:00") - (instant("2026-11-20 09:00") - due)

    def test_everybody_in_their_own_morning(
        self, run: Run, make: MakeKeyResult, bob: Member, alice: Member, acme: Organization
    ) -> None:
        lives_in(bob, "Asia/Kolkata")
        lives_in(alice, "America/New_York")
        for owner in (bob, alice):
            make(f"{owner}'s", owner=owner, now=instant("2026-11-16 12:00"))
        assert run("2026-11-20 03:30") == [BOBS]
        assert due_again_at(acme) == instant("2026-11-20 14:00")
        assert run("2026-11-20 14:00") == ["alice: 1 check-in is due at Acme"]
        assert due_again_at(acme) == instant("2026-11-23 03:30")

    def test_summer_time_moves_the_morning(
        self, run: Run, make: MakeKeyResult, bob: Member, acme: Organization
    ) -> None:
        User.objects.update(time_zone="Europe/Berlin")  # until 25 October an hour earlier by the sun
        make("Fridays", owner=bob)
        make("Mondays", owner=bob, cadence_day=0)
        assert run("2026-10-23 07:00") == ["bob: 1 check-in is due at Acme"]
        assert due_again_at(acme) == instant("2026-10-26 08:00")
        assert run("2026-10-26 07:30") == []
        assert run("2026-10-26 08:00") == ["bob: 1 check-in is due at Acme"]

    def test_due_on_a_saturday_it_is_told_on_friday(self, run: Run, make: MakeKeyResult, bob: Member) -> None:
        key_result = make("Saturdays", owner=bob, cadence_day=5, now=instant("2026-11-16 12:00"))
        assert run("2026-11-20 09:00") == [BOBS]
        assert "due on Saturday, 21 November 2026" in last_text()
        assert run("2026-11-21 09:00") == run("2026-11-22 09:00") == run("2026-11-23 09:00") == []
        assert Reminder.objects.get().subject_id == key_result.pk

    def test_what_is_done_after_a_reminder_for_a_sunday_tells_no_lead(
        self, run: Run, make: MakeKeyResult, in_acme: Organization, bob: Member, alice: Member
    ) -> None:
        _lead(bob, alice)
        key_result = make("Sundays", owner=bob, cadence_day=6, now=instant("2026-11-16 12:00"))
        assert run("2026-11-20 09:00") == [BOBS]
        check_in(SYSTEM, key_result, now=at("2026-11-20"), value=1, confidence="on_track")
        assert run("2026-11-24 09:00") == run("2026-11-25 09:00") == []
        assert load_owed(in_acme, bob, date("2026-11-22")) == []


class TestWhat:
    def test_one_letter_lists_everything_in_words_with_one_way_to_it(
        self, run: Run, weekly, in_acme: Organization, bob: Member
    ) -> None:
        loss = make_kpi(in_acme, "food_waste", owner=bob, due_after_days=20, created_at=at("2026-08-01"))
        make_standing(loss, "no_data", expected_on=date("2026-11-20"), is_late=False)
        make_kpi(in_acme, "shop_visits", owner=bob, review_cadence="weekly", source="formula", formula="1",
                 created_at=at("2026-11-13"))  # fmt: skip
        assert run("2026-11-20 09:00") == ["bob: 1 check-in, 1 value and 1 review are due at Acme"]
        text = last_text()
        assert "- Reach 100 shops\n  check-in for “Win the region”, due today" in text
        assert "- Food waste\n  value for October 2026, due today" in text
        assert "- Shop visits\n  to be looked at together, due today" in text
        ways = [address.partition("8000")[2] for address in re.findall(r"http\S+", text)]
        assert ways == ["/acme/check-ins/", reverse("accounts:profile")]
        assert "about 2 minutes" in text

    def test_what_data_updates_nobody_is_reminded_of(
        self, run: Run, make: MakeKeyResult, in_acme: Organization, bob: Member
    ) -> None:
        pushed = make_kpi(in_acme, "pushed", owner=bob, frequency="weekly", created_at=at("2026-08-01"))
        record(in_acme, pushed, {"2026-11-02": 1})
        make_standing(pushed, "no_data", period=date("2026-11-02"), expected_on=date("2026-11-17"))
        metric = make_kpi(in_acme, "metric", owner=bob, kind="metric", frequency="weekly", created_at=at("2026-08-01"))
        make_standing(metric, "no_data", expected_on=date("2026-11-17"))
        make("Linked", owner=bob, kpi=pushed, start=0, target=100, reads="last_complete")
        assert run("2026-11-17 09:00") == run("2026-11-20 09:00") == []

    def test_a_review_that_was_held_is_not_asked_for(self, run: Run, in_acme: Organization, bob: Member) -> None:
        kpi = make_kpi(in_acme, "visits", owner=bob, review_cadence="weekly", source="formula", formula="1",
                       created_at=at("2026-11-10"))  # fmt: skip
        assert run("2026-11-17 09:00") == ["bob: 1 review is due at Acme"]
        review_kpi(SYSTEM, Kpi.objects.get(pk=kpi.pk), now=at("2026-11-18"))
        assert run("2026-11-24 09:00") == []
        assert run("2026-11-25 09:00") == ["bob: 1 review is due at Acme"]

    def test_viewers_those_who_do_not_want_it_and_unverified_addresses_get_none(
        self, run: Run, make: MakeKeyResult, in_acme: Organization, bob: Member, vera: Member
    ) -> None:
        uma = make_member(in_acme, "Uma", Role.CONTRIBUTOR)
        EmailAddress.objects.filter(user=uma.user).update(verified=False)
        User.objects.filter(pk=bob.user_id).update(is_reminded=False)
        for owner in (bob, vera, uma):
            make(f"{owner}'s", owner=owner)
        assert run("2026-11-20 09:00") == []

    def test_another_organizations_members_are_left_alone(
        self, run: Run, weekly, globex: Organization, charlie: Member
    ) -> None:
        assert run("2026-11-20 09:00") == [BOBS]
        assert not Wakeup.objects.filter(organization=globex).exists()


def _lead(member: Member, lead: Member) -> Department:
    department = Department.objects.create(name="Fresh", lead=lead)
    Member.objects.filter(pk=member.pk).update(department=department)
    return department


LEADS = "alice: 1 check-in is overdue in your department at Acme"


class TestLeads:
    def test_two_working_days_later_the_lead_is_told_once(self, run: Run, weekly, bob: Member, alice: Member) -> None:
        _lead(bob, alice)
        assert run("2026-11-20 09:00") == [BOBS]
        assert run("2026-11-23 09:00") == []
        assert run("2026-11-24 09:00") == [LEADS]
        assert "Bob\n- Reach 100 shops\n  check-in for “Win the region”, was due on Friday, 20 November" in last_text()
        assert run("2026-11-25 09:00") == []
        assert run("2026-11-27 09:00") == [BOBS]
        assert run("2026-12-01 09:00") == []  # still the same lapse

    def test_one_letter_tells_of_everybody(
        self, run: Run, weekly, make: MakeKeyResult, in_acme: Organization, bob: Member, alice: Member
    ) -> None:
        fresh = _lead(bob, alice)
        uma = make_member(in_acme, "Uma", Role.CONTRIBUTOR)
        Member.objects.filter(pk=uma.pk).update(department=fresh)
        make("Hire 10 bakers", owner=uma, now=instant("2026-11-16 12:00"))
        assert run("2026-11-24 09:00") == ["alice: 2 check-ins are overdue in your department at Acme"]
        assert {"Bob", "Uma"} <= set(last_text().splitlines())

    def test_a_value_that_does_not_come(self, run: Run, in_acme: Organization, bob: Member, alice: Member) -> None:
        _lead(bob, alice)
        kpi = make_kpi(in_acme, "sales", owner=bob, frequency="weekly", due_after_days=2, created_at=at("2026-08-01"))
        standing = make_standing(kpi, "no_data", period=date("2026-11-02"), expected_on=date("2026-11-17"))
        assert run("2026-11-17 09:00") == ["bob: 1 value is due at Acme"]
        assert run("2026-11-19 09:00") == ["alice: 1 value is overdue in your department at Acme"]
        type(standing).objects.filter(kpi_id=kpi.pk).update(expected_on=date("2026-11-24"))
        assert run("2026-11-24 09:00") == ["bob: 1 value is due at Acme"]
        assert run("2026-11-26 09:00") == []

    def test_nobody_is_told_as_their_own_lead_nor_where_nobody_leads(self, run: Run, weekly, bob: Member) -> None:
        assert run("2026-11-24 09:00") == []
        _lead(bob, bob)
        assert run("2026-11-24 10:00") == []

    def test_with_grace_they_are_told_so_much_later(
        self, run: Run, weekly, acme: Organization, bob: Member, alice: Member
    ) -> None:
        Organization.objects.filter(pk=acme.pk).update(grace_days=3)
        _lead(bob, alice)
        assert run("2026-11-24 09:00") == []
        assert run("2026-11-25 09:00") == [LEADS]


def test_letters_take_as_many_statements_for_many_as_for_one(
    weekly, make: MakeKeyResult, in_acme: Organization, bob: Member, alice: Member
) -> None:
    _lead(bob, alice)
    make_kpi(in_acme, "visits", owner=bob, created_at=at("2026-11-13"))

    def statements() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert load_letters(in_acme, instant("2026-11-20 09:00"))
        return len(counted)

    few = statements()
    for name in ("Uma", "Ben", "Kim"):
        owner = make_member(in_acme, name, Role.CONTRIBUTOR)
        make(f"{name}'s", owner=owner)
        make_kpi(in_acme, name.lower(), owner=owner, review_cadence="weekly", created_at=at("2026-11-13"))
    assert statements() == few


class TestMornings:
    def test_a_founder_is_expected_at_the_next_morning(self, db: None) -> None:
        dana = make_user("Dana")
        User.objects.filter(pk=dana.pk).update(time_zone="Europe/Berlin")
        organization = create_organization(dana, now=instant("2026-11-20 12:00"), name="Dana's")
        assert due_again_at(organization) == dt.datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Berlin"))

    def test_who_never_said_where_they_live_lives_where_the_organization_is(self, db: None) -> None:
        dana = make_user("Dana")
        now = instant("2026-11-20 12:00")
        organization = create_organization(dana, now=now, name="Danas", time_zone="America/New_York")
        assert due_again_at(organization) == instant("2026-11-20 14:00")
        other = create_organization(dana, now=now, name="Others", time_zone="Europe/Berlin")
        assert due_again_at(other) == instant("2026-11-20 14:00")

    def test_who_moves_is_expected_where_they_live_now(self, acme: Organization, bob: Member) -> None:
        assert bob.user
        now = instant("2026-11-20 12:00")
        change_profile(bob.user, now=now, name="Bob", time_zone="UTC", is_reminded=True)
        assert due_again_at(acme) == instant("2026-11-23 09:00")
        change_profile(bob.user, now=now, name="Bob", time_zone="Asia/Kolkata", is_reminded=True)
        assert due_again_at(acme) == instant("2026-11-23 03:30")

    def test_where_nobody_is_written_to_nobody_is_woken(self, run: Run, acme: Organization, bob: Member) -> None:
        User.objects.update(is_reminded=False)
        Wakeup.objects.create(organization=acme, kind=REMIND, due_at=instant("2026-11-20 09:00"))
        assert run("2026-11-20 09:00") == []
        assert not Wakeup.objects.filter(organization=acme).exists()


def test_the_way_from_fridays_letter_leads_to_what_it_names(
    make: MakeKeyResult, in_acme: Organization, bob: Member, time_machine: TimeMachineFixture
) -> None:
    make("Saturdays", owner=bob, cadence_day=5, now=instant("2026-11-16 12:00"))
    make_kpi(in_acme, "visits", owner=bob, review_cadence="weekly", created_at=at("2026-11-14"))
    time_machine.move_to(instant("2026-11-20 09:00"), tick=False)
    client = client_of(bob)
    html = client.get("/acme/check-ins/").content.decode()
    assert "Saturdays" in html
    assert "due Saturday" in html
    key_result = KeyResult.objects.get()
    said = {"value": "40", "confidence": "on_track"}
    html = client.post(f"/acme/check-ins/key-results/{key_result.pk}/", said, follow=True).content.decode()
    assert "To be looked at together" in html
    assert 'href="/acme/kpis/visits/#reviews"' in html
