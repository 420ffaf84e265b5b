"""How a definition was, what a change does to values that are there, what holds a KPI in place, whether it is used."""

import datetime as dt
import html
import re
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.actors import SYSTEM
from accounts.models import Department, Member, Organization
from kpis.actions.definitions import create_kpi
from kpis.models import Kpi, KpiVersion
from tests.cast import NOW, inside, make_kpi, make_link
from tests.kpis.views.conftest import Measured
from tests.kpis.views.test_defining import answers

EDIT = "/acme/kpis/net_sales/edit/"


def stored(organization: Organization, key: str = "net_sales") -> Kpi:
    with inside(organization):
        return Kpi.objects.get(key=key)


def said(answer: Any) -> list[str]:
    """The sentences of the page that asks for confirmation."""
    return [
        html.unescape(line) for line in re.findall(r"<li>(.*?)</li>", answer.content.decode().partition("<main")[2])
    ]


def days(count: int, until: dt.date = dt.date(2026, 11, 10)) -> list[str]:
    return [str(until - dt.timedelta(days=day)) for day in range(count)][::-1]


@pytest.fixture
def daily(measured: Measured) -> Kpi:
    """A year of days with 1,000 each."""
    values = dict.fromkeys(days(365), 1000.0)
    return measured("net_sales", values, frequency="daily", unit="currency:EUR", name="Net sales")


# Another frequency or unit


def test_a_coarser_frequency_says_first_what_it_does(acme: Organization, daily: Kpi, alices: Client) -> None:
    answer = alices.post(EDIT, answers(frequency="monthly"))
    assert answer.status_code == 200
    assert said(answer) == [
        "The 365 daily values become 13 months.",
        "October 2026 will read €\N{NO-BREAK SPACE}31,000.",
        "Nothing is lost: what was entered stays, and can be read by the day again.",
    ]
    assert re.findall(r'<th scope="row">(.*?)</th>', answer.content.decode()) == [
        "November 2026", "October 2026", "September 2026",
    ]  # fmt: skip
    kpi = stored(acme)
    assert (kpi.frequency, kpi.name) == ("daily", "Net sales")
    with inside(acme):
        assert not KpiVersion.objects.exists()


def test_it_is_done_once_that_is_confirmed(acme: Organization, daily: Kpi, alices: Client) -> None:
    sent = answers(frequency="monthly", description="After discounts")
    token = alices.post(EDIT, sent).context["redefinition"].token
    page = alices.post(EDIT, sent).content.decode()
    assert '<input type="hidden" name="description" value="After discounts"' in page
    assert alices.post(EDIT, sent | {"confirmed": "yearly currency:EUR"}).status_code == 200
    assert stored(acme).frequency == "daily"
    assert alices.post(EDIT, sent | {"confirmed": token})["Location"] == "/acme/kpis/net_sales/"
    kpi = stored(acme)
    assert (kpi.frequency, kpi.description) == ("monthly", "After discounts")


def test_the_form_comes_back_as_it_was_filled_in(acme: Organization, daily: Kpi, alices: Client) -> None:
    answer = alices.post(EDIT, answers(frequency="monthly", back="yes"))
    assert answer.context["form"]["frequency"].value() == "monthly"
    assert stored(acme).frequency == "daily"


def test_what_is_refused_is_refused_before_anything_is_asked(acme: Organization, daily: Kpi, alices: Client) -> None:
    answer = alices.post(EDIT, answers(frequency="monthly", key="max"))
    assert (answer.status_code, "key" in answer.context["form"].errors) == (422, True)


def test_what_is_computed_from_it_is_named(acme: Organization, daily: Kpi, alices: Client) -> None:
    with inside(acme):
        make_link(
            make_kpi(acme, "total", source="rollup", rollup="sum", unit="currency:EUR", frequency="yearly"), daily
        )
        fields: dict[str, Any] = {"unit": "number", "direction": "increase", "frequency": "yearly", "source": "formula"}
        create_kpi(SYSTEM, now=NOW, name="Doubled", formula="net_sales * 2", **fields)
    answer = alices.post(EDIT, answers(frequency="monthly"))
    assert "Total and Doubled are computed from it and worked out anew." in said(answer)


def test_another_label_shows_how_values_will_read(acme: Organization, measured: Measured, alices: Client) -> None:
    measured("rate", {"2026-09-01": 0.1, "2026-10-01": 0.125}, unit="percent", decimals=1)
    sent = answers(name="Rate", unit_choice="ratio", decimals="2")
    answer = alices.post("/acme/kpis/rate/edit/", sent)
    assert said(answer) == [
        "The 2 values stay as stored; what was percent reads as a ratio.",
        "Nothing is lost: the unit can be changed back.",
    ]
    first = re.findall(r"<tr>(.*?)</tr>", answer.content.decode())[1]
    assert ["October 2026" in first, "12.5" in first, "0.13" in first] == [True] * 3
    alices.post("/acme/kpis/rate/edit/", sent | {"confirmed": answer.context["redefinition"].token})
    assert stored(acme, "rate").unit == "ratio"


def test_nothing_is_asked_where_nothing_is_there(acme: Organization, measured: Measured, alices: Client) -> None:
    measured("net_sales", unit="number")
    assert alices.post(EDIT, answers(frequency="weekly")).status_code == 302
    assert stored(acme).frequency == "weekly"


# Versions


def test_the_history_tells_who_changed_what_and_when(
    acme: Organization, alice: Member, bob: Member, alices: Client, veras: Client
) -> None:
    with inside(acme):
        team = Department.objects.create(name="Shops")
    alices.post("/acme/kpis/new/blank/", answers(owner=str(alice.pk)))
    with time_machine.travel(NOW + dt.timedelta(days=1), tick=False):
        changed = answers(owner=str(bob.pk), department=str(team.pk), unit_choice="number", frequency="weekly")
        alices.post(EDIT, changed)
    with time_machine.travel(NOW + dt.timedelta(days=2), tick=False):
        alices.post("/acme/kpis/net_sales/archive/")
    archived, edited, defined = veras.get("/acme/kpis/net_sales/history/").context["versions"]
    assert (archived.actor, archived.verb, archived.changes) == ("Alice", "archived it", [])
    assert edited.at == NOW + dt.timedelta(days=1)
    assert {change.field: (change.before, change.after) for change in edited.changes} == {
        "Unit": ("EUR", "a plain number"),
        "How often it is judged": ("Monthly", "Weekly"),
        "Department": ("nothing", "Shops"),
        "Owner": ("Alice", "Bob"),
    }
    assert (defined.actor, defined.verb, defined.changes) == ("Alice", "defined it", [])


def test_the_history_of_another_organization_does_not_exist(acme: Organization, charlies: Client) -> None:
    with inside(acme):
        make_kpi(acme, "net_sales")
    assert charlies.get("/acme/kpis/net_sales/history/").status_code == 404
    assert charlies.get("/globex/kpis/net_sales/history/").status_code == 404


# Removing


def test_what_formulas_use_is_not_removed_and_they_are_named_with_links(acme: Organization, alices: Client) -> None:
    with inside(acme):
        make_kpi(acme, "baskets")
        fields: dict[str, Any] = {
            "unit": "number",
            "direction": "increase",
            "frequency": "monthly",
            "source": "formula",
        }
        create_kpi(SYSTEM, now=NOW, name="Doubled", formula="baskets * 2", **fields)
    page = alices.get("/acme/kpis/baskets/remove/").content.decode()
    assert '<a class="linked" href="/acme/kpis/doubled/edit/#formula">Doubled</a> is computed from it' in page
    assert page.count("is computed from it") == 1
    assert 'href="/acme/kpis/baskets/archive/"' in page
    assert alices.post("/acme/kpis/baskets/remove/", {"key": "baskets"}).status_code == 422
    assert stored(acme, "baskets").key == "baskets"


def test_archiving_names_the_formulas_that_end_with_it(acme: Organization, alices: Client) -> None:
    with inside(acme):
        make_kpi(acme, "baskets")
        fields: dict[str, Any] = {
            "unit": "number",
            "direction": "increase",
            "frequency": "monthly",
            "source": "formula",
        }
        create_kpi(SYSTEM, now=NOW, name="Doubled", formula="baskets * 2", **fields)
    assert "Doubled is computed from it" in alices.get("/acme/kpis/baskets/archive/").content.decode()


# Only looked at


@pytest.fixture
def idle(acme: Organization) -> Kpi:
    with inside(acme):
        return make_kpi(acme, "page_views", created_at=NOW - dt.timedelta(days=400))


def test_the_list_leads_to_what_nobody_uses_where_there_is_any(
    acme: Organization, measured: Measured, alices: Client
) -> None:
    measured("net_sales")
    assert "not-used" not in alices.get("/acme/kpis/").content.decode()
    with inside(acme):
        make_kpi(acme, "page_views", created_at=NOW - dt.timedelta(days=400))
    assert "/acme/kpis/not-used/" in alices.get("/acme/kpis/").content.decode()


def test_what_nobody_uses_is_archived_from_there(acme: Organization, idle: Kpi, alices: Client, bobs: Client) -> None:
    address = "/acme/kpis/not-used/"
    page = alices.get(address).content.decode()
    assert "“Page views” feeds no other KPI" in page
    assert f"/acme/kpis/page_views/archive/?next={address}" in page
    assert "archive/" not in bobs.get(address).content.decode()
    confirm = alices.get(f"/acme/kpis/page_views/archive/?next={address}").content.decode()
    assert f'name="next" value="{address}"' in confirm
    assert alices.post("/acme/kpis/page_views/archive/", {"next": address})["Location"] == address
    assert "Every KPI is used" in alices.get(address).content.decode()


# Whether it is a good one


def test_the_page_says_what_a_kpi_lacks_and_where_that_is_mended(
    acme: Organization, idle: Kpi, alices: Client, veras: Client
) -> None:
    for address in ("/acme/kpis/page_views/", "/acme/kpis/page_views/edit/"):
        page = alices.get(address).content.decode()
        assert 'href="/acme/kpis/page_views/edit/#id_description">Describe it' in page
        assert 'href="/acme/kpis/page_views/targets/">Set a target' in page
        assert 'href="/acme/kpis/page_views/#actions">Plan a step' in page
        assert "No value has come since" in page
    read = veras.get("/acme/kpis/page_views/").content.decode()
    assert ("Nothing says what counts." in read, "Describe it" in read) == (True, False)


def test_an_archived_kpi_is_not_judged(acme: Organization, idle: Kpi, alices: Client) -> None:
    with inside(acme):
        Kpi.objects.update(archived_at=NOW)
    assert "Is it a good KPI?" not in alices.get("/acme/kpis/page_views/").content.decode()
