"""Checking in on everything one owes, one thing at a time."""

import re

import pytest
from django.test import Client

from accounts.actors import SYSTEM
from accounts.models import Member, Organization
from kpis.models import Kpi, Measurement
from okrs.actions.checking_in import check_in
from okrs.actions.milestones import MilestoneSpec
from okrs.models import CheckIn, KeyResult
from tests.cast import NOW, client_of, inside, make_kpi, make_standing
from tests.okrs.conftest import MakeKeyResult, at, date

pytestmark = pytest.mark.usefixtures("in_acme")

FLOW = "/acme/check-ins/"


@pytest.fixture
def client(alice: Member) -> Client:
    return client_of(alice)


@pytest.fixture
def shops(make: MakeKeyResult, alice: Member) -> KeyResult:
    """Alice's, last checked in on 6 November, so that the one of 13 November is owed."""
    key_result = make("Reach 100 shops", owner=alice)
    check_in(SYSTEM, key_result, now=at("2026-11-06"), value=40, confidence="on_track", comment="Two more signed.")
    return key_result


def body(client: Client, address: str = FLOW) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def said(client: Client, key_result: KeyResult, query: str = "", **fields: object):
    return client.post(f"{FLOW}key-results/{key_result.pk}/{query}", {"confidence": "on_track", **fields})


def test_what_is_owed_comes_up_with_what_was_said_last(client: Client, shops: KeyResult) -> None:
    html = body(client)
    assert "1 of 1" in html
    assert "Reach 100 shops" in html
    assert "40 on 6 November 2026" in html
    assert "Two more signed." in html
    assert re.search(r'<input[^>]*name="value"[^>]*value="40"', html)
    assert re.search(r'value="on_track"[^>]*checked', html)


def test_saving_goes_on_to_the_next_and_ends_with_when_the_next_is_due(
    client: Client, shops: KeyResult, make: MakeKeyResult, alice: Member
) -> None:
    make("Hire 10 bakers", owner=alice, start=0, target=10)
    html = body(client)
    assert "1 of 2" in html
    assert "Hire 10 bakers" in html  # nobody ever checked in on it, so it is owed longest
    other = KeyResult.objects.get(title="Hire 10 bakers")
    response = client.post(f"{FLOW}key-results/{other.pk}/", {"value": "4", "confidence": "at_risk"}, follow=True)
    assert "2 of 2" in response.content.decode()
    query = response.redirect_chain[-1][0].partition("?")[2]
    response = said(client, shops, f"?{query}", value="52", comment="Going well")
    html = client.get(response.headers["Location"]).content.decode()
    assert "Done. Next due Friday." in html
    assert CheckIn.objects.get(key_result=shops, on=NOW.date()).comment == "Going well"


def test_with_htmx_the_next_takes_its_place(client: Client, shops: KeyResult) -> None:
    response = client.post(
        f"{FLOW}key-results/{shops.pk}/", {"value": "52", "confidence": "on_track"}, headers={"HX-Request": "true"}
    )
    assert response.status_code == 200
    assert response.content.decode().lstrip().startswith('<div id="check-in"')
    assert f"did={shops.pk}" in response.headers["HX-Replace-Url"]


def test_skipping_keeps_it_for_later(client: Client, shops: KeyResult, make: MakeKeyResult, alice: Member) -> None:
    make("Hire 10 bakers", owner=alice, start=0, target=10)
    skipped = re.search(r'href="([^"]+)"[^>]*data-skip', body(client))
    assert skipped
    html = body(client, skipped[1].replace("&amp;", "&"))
    assert "2 of 2" in html
    assert "Reach 100 shops" in html
    html = body(client, f"{FLOW}?did={shops.pk}&skip={KeyResult.objects.get(title='Hire 10 bakers').pk}")
    assert "1 was skipped and still waits" in html


def test_an_error_is_told_where_it_was_made(client: Client, shops: KeyResult) -> None:
    response = client.post(f"{FLOW}key-results/{shops.pk}/", {"value": "many"})
    assert response.status_code == 422
    html = response.content.decode()
    assert "is not a number" in html
    assert "Say how sure you are: press 1, 2 or 3." in html
    assert not CheckIn.objects.filter(on=NOW.date()).exists()


def test_a_contradiction_is_shown_gently_and_leads_back(client: Client, shops: KeyResult) -> None:
    response = said(client, shops, value="5")
    html = client.get(response.headers["Location"]).content.decode()
    assert "is saved. You say on track, the numbers say off track" in html
    assert f"at={shops.pk}" in html
    again = body(client, f"{FLOW}?at={shops.pk}")
    assert "Reach 100 shops" in again
    assert 'value="5"' in again


def test_what_a_kpi_moves_takes_confidence_and_words_only(
    client: Client, make: MakeKeyResult, alice: Member, acme: Organization
) -> None:
    kpi = make_kpi(acme, "sales")
    make("Sales to 200", owner=alice, kpi=kpi, start=100, target=200)
    html = body(client)
    assert "Sales moves it by itself" in html
    assert 'name="value"' not in html
    linked = KeyResult.objects.get(title="Sales to 200")
    said(client, linked, comment="The campaign starts on Monday.")
    stored = CheckIn.objects.get(key_result=linked)
    assert (stored.value, stored.confidence) == (None, "on_track")


def test_milestones_are_ticked_on_the_way(client: Client, make: MakeKeyResult, alice: Member) -> None:
    key_result = make(
        "Open", owner=alice, kind="milestones", milestones=[MilestoneSpec("Lease"), MilestoneSpec("Ovens")]
    )
    lease = key_result.milestones.get(title="Lease")
    assert "Done since then" in body(client)
    said(client, key_result, done=[str(lease.pk)])
    lease.refresh_from_db()
    assert lease.done_on == NOW.date()


def test_values_of_kpis_are_asked_for_with_their_period(client: Client, alice: Member, acme: Organization) -> None:
    with inside(acme):
        kpi = make_kpi(acme, "sales", owner=alice, source="measured", unit="currency:EUR")
        make_standing(kpi, period=date("2026-09-01"), value=401_204.0, expected_on=date("2026-11-05"))
    html = body(client)
    assert "The value of October 2026" in html
    assert "401,204" in html
    response = client.post(f"{FLOW}values/sales/", {"date": "2026-10-01", "value": "410000"})
    assert response.status_code == 302
    assert "did=sales" in response.headers["Location"]
    with inside(acme):
        assert Measurement.objects.get(kpi=kpi).value == 410_000
    assert "Done." in client.get(response.headers["Location"]).content.decode()


def test_what_is_counted_anew_in_each_period_starts_empty(client: Client, alice: Member, acme: Organization) -> None:
    with inside(acme):
        for key, aggregation in (("sales", "sum"), ("stock", "last")):
            kpi = make_kpi(acme, key, owner=alice, source="measured", aggregation=aggregation)
            make_standing(kpi, period=date("2026-09-01"), value=7.0, expected_on=date("2026-11-05"))
    assert not re.search(r'name="value"[^>]*value="7"', body(client, f"{FLOW}?did=stock"))
    assert re.search(r'name="value"[^>]*value="7"', body(client, f"{FLOW}?did=sales"))


def test_whoever_owns_nothing_is_told_what_the_page_is_for(vera: Member, quarter: object) -> None:
    assert "Nothing waits for you." in body(client_of(vera))


def test_others_cannot_say_it(shops: KeyResult, vera: Member, charlie: Member) -> None:
    assert said(client_of(vera), shops, value="1").status_code == 403
    assert client_of(vera).get(f"{FLOW}?at={shops.pk}").status_code == 403
    assert said(client_of(charlie), shops, value="1").status_code == 404


def test_what_does_not_exist_is_not_found(client: Client, shops: KeyResult) -> None:
    assert client.get(f"{FLOW}?at=nonsense").status_code == 404
    assert client.get(f"{FLOW}?said=nonsense").status_code == 200
    assert client.post(f"{FLOW}values/nothing/", {}).status_code == 404


@pytest.mark.django_db
def test_a_kpi_of_somebody_else_is_theirs_to_enter(bob: Member, alice: Member, acme: Organization) -> None:
    with inside(acme):
        make_kpi(acme, "sales", owner=alice, source="measured")
    assert client_of(bob).post(f"{FLOW}values/sales/", {"date": "2026-10-01", "value": "1"}).status_code == 403
    with inside(acme):
        assert Kpi.objects.get(key="sales").owner == alice
