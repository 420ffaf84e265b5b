"""Cycles: making, changing and beginning them, and which are made ahead."""

import datetime as dt

from django.test import Client

from accounts.actors import SYSTEM
from accounts.models import Organization
from okrs.actions.cycles import create_cycle
from okrs.models import Cycle, CycleRhythm, Objective
from tests.cast import NOW, inside

URL = "/acme/cycles/"


def make(acme: Organization, name: str = "Sprint") -> Cycle:
    with inside(acme):
        return create_cycle(
            SYSTEM, now=NOW, name=name, starts_on=dt.date(2026, 12, 1), ends_on=dt.date(2026, 12, 20), length="custom"
        )


def test_everybody_sees_them_with_their_objectives_counted(
    acme: Organization, objective: Objective, veras: Client, alices: Client
) -> None:
    [row] = veras.get(URL).context["rows"]
    assert (row.cycle.name, row.objectives, row.time) == ("Q4 2026", 1, "44 days left")
    assert "/acme/cycles/new/" not in veras.get(URL).content.decode()
    assert "/acme/cycles/new/" in alices.get(URL).content.decode()


def test_the_calendars_cycles_are_offered_without_those_that_are_there(quarter: Cycle, alices: Client) -> None:
    labels = [label for _, label in alices.get(f"{URL}new/").context["form"].fields["which"].choices]
    assert labels[0] == "Q1 2027, 1 January to 31 March 2027"
    assert labels[-1] == "Another stretch of time"


def test_one_of_the_calendar_is_made_with_one_click(acme: Organization, alices: Client) -> None:
    alices.post(f"{URL}new/", {"which": "quarter:2026-10-01", "name": ""})
    with inside(acme):
        made = Cycle.objects.get()
    assert (made.name, made.length, made.ends_on) == ("Q4 2026", "quarter", dt.date(2026, 12, 31))


def test_one_with_dates_of_its_own_needs_them(acme: Organization, alices: Client) -> None:
    response = alices.post(f"{URL}new/", {"which": "own", "name": "", "starts_on": "", "ends_on": ""})
    assert set(response.context["form"].errors) == {"name", "starts_on", "ends_on"}
    sent = {"which": "own", "name": "Sprint", "starts_on": "2026-12-20", "ends_on": "2026-12-01"}
    assert "cannot end on" in alices.post(f"{URL}new/", sent).context["form"].errors["ends_on"][0]
    assert alices.post(f"{URL}new/", sent | {"starts_on": "2026-11-20"}).status_code == 302


def test_it_begins_when_somebody_says_so(acme: Organization, alices: Client, bobs: Client) -> None:
    cycle = make(acme)
    assert bobs.post(f"{URL}{cycle.pk}/activate/").status_code == 403
    alices.post(f"{URL}{cycle.pk}/activate/")
    with inside(acme):
        assert Cycle.objects.get().state == "active"
    assert alices.post(f"{URL}{cycle.pk}/activate/").status_code == 302  # twice does no harm


def test_it_is_renamed_and_removed_while_nothing_is_set_in_it(acme: Organization, alices: Client) -> None:
    cycle = make(acme)
    sent = {"name": "December", "starts_on": "2026-12-01", "ends_on": "2026-12-31"}
    assert alices.post(f"{URL}{cycle.pk}/edit/", sent).status_code == 302
    with inside(acme):
        assert Cycle.objects.get().name == "December"
    alices.post(f"{URL}{cycle.pk}/remove/")
    with inside(acme):
        assert not Cycle.objects.exists()


def test_one_with_objectives_stays(acme: Organization, objective: Objective, alices: Client) -> None:
    page = alices.post(f"{URL}{objective.cycle_id}/remove/", follow=True).content.decode()
    assert "1 objective was set in “Q4 2026”, so it stays" in page


def test_rhythms_say_which_are_made_ahead(acme: Organization, alices: Client) -> None:
    alices.post(f"{URL}rhythms/", {"quarter": "on", "quarter_days": "14", "half_days": "", "year_days": ""})
    with inside(acme):
        assert list(CycleRhythm.objects.values_list("length", "days_ahead")) == [("quarter", 14)]
    page = alices.post(f"{URL}rhythms/", {"quarter": "on", "quarter_days": "999"}, follow=True).content.decode()
    assert "less than or equal to 366" in page
