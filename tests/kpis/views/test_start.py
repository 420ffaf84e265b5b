"""The first run: roles, isolation, what is made, what waits."""

import datetime as dt

import pytest
from django.test import Client

from accounts.models import ApiToken, Invitation, Member, Organization, Role
from kpis.models import Kpi, KpiLink, Measurement, Standing, Target
from tests.cast import client_of, inside, make_kpi, make_member, record

START = "/acme/start/"
SHOP = "/acme/start/shop/"
NUMBERS = "/acme/start/numbers/"
PASTE = "/acme/kpis/paste/"
TARGETS = "/acme/start/targets/"
LADDER = "/acme/start/ladder/"
TABLE = "Month\tSales\nAug 2026\t100\nSep 2026\t110\nOct 2026\t120"


def chosen(*slugs: str, **more: str) -> dict[str, str]:
    """What the form posts for a shop with these KPIs ticked, under their own names."""
    names = {
        "net_sales": "Net sales",
        "shop_sales": "Sales in the shop",
        "online_sales": "Online sales",
        "returns": "Returns",
        "customers": "Number of sales",
        "margin": "Gross margin",
        "basket": "Average basket",
        "stock": "Stock value",
    }
    posted = {f"{slug}-name": name for slug, name in names.items()}
    return {**posted, **{f"{slug}-is_chosen": "on" for slug in slugs}, **more}


@pytest.mark.parametrize("url", [START, NUMBERS, TARGETS, LADDER])
def test_only_editors_see_the_first_run(url: str, alices: Client, bobs: Client, vera: Member, charlie: Member) -> None:
    assert alices.get(url).status_code == 200
    assert bobs.get(url).status_code == 403
    assert client_of(vera).get(url).status_code == 403
    assert client_of(charlie).get(url).status_code == 404


@pytest.mark.parametrize("url", [SHOP, LADDER + "token/", LADDER + "letters/"])
def test_who_may_not_start_changes_nothing(url: str, bobs: Client, charlie: Member, acme: Organization) -> None:
    assert bobs.post(url, chosen("net_sales")).status_code == 403
    assert client_of(charlie).post(url, chosen("net_sales")).status_code == 404
    with inside(acme):
        assert not Kpi.objects.exists()
        assert not ApiToken.objects.exists()


def test_every_kind_of_business_offers_five_ticked_kpis(alices: Client) -> None:
    for business in ("shop", "software", "services", "factory"):
        page = alices.get(f"{START}?business={business}").content.decode()

        assert page.count('class="form-check-input" id=') == 8
        assert page.count(" checked") == 5


def test_a_kind_of_business_that_is_not_there_is_not_found(alices: Client) -> None:
    assert alices.get(f"{START}?business=circus").status_code == 404
    assert alices.post("/acme/start/circus/").status_code == 404


def test_the_chosen_kpis_are_made_and_laddered(alices: Client, acme: Organization, alice: Member) -> None:
    response = alices.post(SHOP, chosen("net_sales", "shop_sales", "returns", "customers"))

    assert response.url == NUMBERS
    with inside(acme):
        kpis = {kpi.key: kpi for kpi in Kpi.objects.all()}
        links = {(row.child.key, row.parent.key, row.contribution) for row in KpiLink.objects.select_related()}
    assert kpis["net_sales"].source == "rollup"
    assert kpis["net_sales"].unit == "currency:EUR"
    assert kpis["returns"].direction == "decrease"
    assert {kpi.owner_id for kpi in kpis.values()} == {alice.pk}
    assert links == {
        ("sales_in_the_shop", "net_sales", 1),
        ("returns", "net_sales", -1),
        ("number_of_sales", "sales_in_the_shop", 1),
    }


def test_a_sum_without_anything_to_add_up_is_measured(alices: Client, acme: Organization) -> None:
    alices.post(SHOP, chosen("net_sales", "returns"))

    with inside(acme):
        assert Kpi.objects.get(key="net_sales").source == "measured"
        assert KpiLink.objects.get().contribution == 1


def test_a_kpi_can_be_renamed(alices: Client, acme: Organization) -> None:
    alices.post(SHOP, chosen("margin", **{"margin-name": "Rohertrag"}))

    with inside(acme):
        assert Kpi.objects.get().name == "Rohertrag"


def test_nothing_chosen_says_so(alices: Client) -> None:
    response = alices.post(SHOP, chosen())

    assert response.status_code == 422
    assert "Choose at least one KPI" in response.content.decode()


def test_a_wrong_address_stores_nothing(alices: Client, acme: Organization) -> None:
    response = alices.post(SHOP, chosen("net_sales", "margin", **{"margin-owner_email": "ben@"}))

    assert response.status_code == 422
    with inside(acme):
        assert not Kpi.objects.exists()


def test_who_is_named_beside_a_kpi_owns_it_and_is_invited_once(alices: Client, acme: Organization) -> None:
    ben = {"shop_sales-owner_email": "Ben@example.com", "margin-owner_email": "ben@example.com"}
    alices.post(SHOP, chosen("shop_sales", "margin", **ben))

    with inside(acme):
        assert Invitation.objects.get().email == "ben@example.com"
        owners = {kpi.owner for kpi in Kpi.objects.select_related("owner")}
    assert [owner.invited_email for owner in owners if owner] == ["ben@example.com"]


def test_a_colleague_who_is_here_owns_it_without_a_letter(alices: Client, bob: Member, acme: Organization) -> None:
    alices.post(SHOP, chosen("margin", **{"margin-owner_email": "bob@example.com"}))

    with inside(acme):
        assert Kpi.objects.get().owner == bob
        assert not Invitation.objects.exists()


def test_an_editor_who_may_not_invite_is_told_so(acme: Organization) -> None:
    edith = client_of(make_member(acme, "Edith", Role.EDITOR))

    response = edith.post(SHOP, chosen("margin", **{"margin-owner_email": "ben@example.com"}))

    assert response.status_code == 422
    assert "only admins invite" in response.content.decode()
    with inside(acme):
        assert not Kpi.objects.exists()


def test_invitations_of_the_unverified_wait_and_can_be_sent_once_she_is_verified(
    alices: Client, alice: Member, acme: Organization
) -> None:
    address = alice.user.emailaddress_set.get()
    address.verified = False
    address.save()
    alices.post(SHOP, chosen("margin", **{"margin-owner_email": "ben@example.com"}))
    with inside(acme):
        assert Kpi.objects.get().owner.invited_email == "ben@example.com"
        assert not Invitation.objects.exists()
    assert "once your own address is verified" in alices.get(LADDER).content.decode()
    alices.post(LADDER + "letters/")
    with inside(acme):
        assert not Invitation.objects.exists()

    address.verified = True
    address.save()
    page = alices.get(LADDER).content.decode()
    assert "go out by themselves the next" in page
    assert "Send 1 invitation now" in page
    alices.post(LADDER + "letters/")

    with inside(acme):
        assert Invitation.objects.get().email == "ben@example.com"
    assert "Invitations that wait" not in alices.get(LADDER).content.decode()


def test_who_is_named_after_too_many_letters_is_expected_without_one(
    alices: Client, acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.actions.invitations.MOST_LETTERS", 0)
    alices.post(SHOP, chosen("margin", **{"margin-owner_email": "ben@example.com"}))
    with inside(acme):
        assert Kpi.objects.get().owner.invited_email == "ben@example.com"
        assert not Invitation.objects.exists()
    assert "go on tomorrow" in alices.post(LADDER + "letters/", follow=True).content.decode()


def test_own_kpis_are_made_from_the_rows_that_have_a_name(alices: Client, acme: Organization) -> None:
    rows = {
        f"own_{n}-{field}": value
        for n in range(1, 6)
        for field, value in (("unit", "percent"), ("direction", "decrease"))
    }

    response = alices.post("/acme/start/blank/", {**rows, "own_2-name": "Sick leave"})

    assert response.url == NUMBERS
    with inside(acme):
        kpi = Kpi.objects.get()
        assert (kpi.name, kpi.unit, kpi.direction, kpi.aggregation) == ("Sick leave", "percent", "decrease", "mean")


def test_looking_at_a_paste_stores_nothing(alices: Client, acme: Organization) -> None:
    response = alices.post(NUMBERS, {"text": TABLE, "look": "1"})

    assert "3 values, dates running down" in response.content.decode()
    with inside(acme):
        assert not Kpi.objects.exists()


def test_a_paste_is_stored_and_scored_at_once(alices: Client, acme: Organization) -> None:
    with inside(acme):
        make_kpi(acme, "sales")

    response = alices.post(NUMBERS, {"text": TABLE, "store": "1"})

    assert response.url == TARGETS
    with inside(acme):
        assert [row.value for row in Measurement.objects.order_by("date")] == [100, 110, 120]
        assert Standing.objects.get().value == 120


def test_a_column_without_a_kpi_becomes_one(alices: Client, acme: Organization, alice: Member) -> None:
    alices.post(NUMBERS, {"text": "Month\tMargin\nSep 2026\t12.5 %\nOct 2026\t13 %", "store": "1"})

    with inside(acme):
        kpi = Kpi.objects.get()
        assert (kpi.name, kpi.unit, kpi.frequency, kpi.owner_id) == ("Margin", "percent", "monthly", alice.pk)
        assert [row.value for row in Measurement.objects.order_by("date")] == [0.125, 0.13]


def test_a_contributor_pastes_into_what_she_owns_alone(bobs: Client, bob: Member, acme: Organization) -> None:
    with inside(acme):
        make_kpi(acme, "sales", owner=bob)
        make_kpi(acme, "returns")

    page = bobs.post(PASTE, {"text": TABLE.replace("Sales", "Returns"), "look": "1"}).content.decode()
    assert "kpi:returns" not in page
    assert "new:" not in page
    forged = {"name_0": "Returns", "to_0": "kpi:returns", "store": "1"}
    assert bobs.post(PASTE, {"text": TABLE.replace("Sales", "Returns"), **forged}).status_code == 422
    assert bobs.post(PASTE, {"text": TABLE, "store": "1"}).url == "/acme/kpis/"

    with inside(acme):
        assert {row.kpi.key for row in Measurement.objects.select_related("kpi")} == {"sales"}


def test_viewers_and_outsiders_cannot_paste(vera: Member, charlie: Member) -> None:
    assert client_of(vera).get(PASTE).status_code == 403
    assert client_of(charlie).post(PASTE, {"text": TABLE, "store": "1"}).status_code == 404


def test_numbers_of_a_computed_kpi_are_left_out_with_a_word(alices: Client, acme: Organization) -> None:
    with inside(acme):
        make_kpi(acme, "sales", source="rollup", rollup="sum")

    page = alices.post(NUMBERS, {"text": TABLE, "look": "1"}).content.decode()

    assert "“Sales” is computed from the KPIs that feed it" in page


def test_two_columns_of_one_kpi_are_refused(alices: Client, acme: Organization) -> None:
    with inside(acme):
        make_kpi(acme, "sales")
    text = "Month\tSales\tMore\nOct 2026\t1\t2"
    both = {"name_0": "Sales", "to_0": "kpi:sales", "name_1": "More", "to_1": "kpi:sales"}

    response = alices.post(NUMBERS, {"text": text, "store": "1", **both})

    assert response.status_code == 422
    assert "“Sales” goes to Sales already" in response.content.decode()
    with inside(acme):
        assert not Measurement.objects.exists()


def test_dates_that_can_be_read_both_ways_are_asked_about_before_anything_is_stored(
    alices: Client, acme: Organization
) -> None:
    text = "Day\tSales\n1/2/2026\t1\n1/5/2026\t2"

    assert "Please choose" in alices.post(NUMBERS, {"text": text, "store": "1"}).content.decode()
    assert alices.post(NUMBERS, {"text": text, "store": "1", "order": "month"}).status_code == 302

    with inside(acme):
        assert [row.date for row in Measurement.objects.order_by("date")] == [dt.date(2026, 1, 2), dt.date(2026, 1, 5)]


@pytest.mark.parametrize("text", ["", "hello", "Jan 2026\tabc", "\0" * 50, "x\n" * 5000])
def test_what_is_no_table_is_refused_in_a_sentence(text: str, alices: Client) -> None:
    response = alices.post(NUMBERS, {"text": text, "look": "1"})

    assert response.status_code == 422
    assert 'class="message error"' in response.content.decode()


def test_suggested_targets_are_set_with_one_click(alices: Client, acme: Organization) -> None:
    alices.post(NUMBERS, {"text": TABLE, "store": "1"})
    assert "the median of the last 3" in alices.get(TARGETS).content.decode()

    response = alices.post(TARGETS, {"sales-is_chosen": "on", "sales-target": "116", "sales-floor": "92.4"})

    assert response.url == LADDER
    with inside(acme):
        row = Target.objects.get()
        assert (row.effective_from, row.target, row.floor) == (dt.date(2026, 10, 1), 116, 92.4)
        assert Standing.objects.get().status == "on_track"


def test_a_target_that_is_unticked_is_not_set(alices: Client, acme: Organization) -> None:
    alices.post(NUMBERS, {"text": TABLE, "store": "1"})

    alices.post(TARGETS, {"sales-target": "116", "sales-floor": "92.4"})

    with inside(acme):
        assert not Target.objects.exists()


def test_one_wrong_target_keeps_all_from_being_set(alices: Client, acme: Organization) -> None:
    alices.post(NUMBERS, {"text": "Month\tA\tB\nAug 2026\t1\t1\nSep 2026\t2\t2\nOct 2026\t3\t3", "store": "1"})
    posted = {"a-is_chosen": "on", "a-target": "3", "b-is_chosen": "on", "b-target": "3", "b-floor": "4"}

    response = alices.post(TARGETS, posted)

    assert response.status_code == 422
    assert "must lie below the target" in response.content.decode()
    with inside(acme):
        assert not Target.objects.exists()


def test_the_token_is_shown_once_and_may_only_push_numbers(alices: Client, acme: Organization) -> None:
    with inside(acme):
        make_kpi(acme, "sales")

    page = alices.post(LADDER + "token/").content.decode()

    assert "Authorization: Bearer ldr_" in page
    assert "ldr_" not in alices.get(LADDER).content.decode()
    with inside(acme):
        assert ApiToken.objects.get().scopes == ["measurements:write"]


def test_a_number_pushed_through_the_api_shows_with_where_it_landed(alices: Client, acme: Organization) -> None:
    with inside(acme):
        record(acme, make_kpi(acme, "sales"), {"2026-11-17": 1250})

    page = alices.get(f"{LADDER}?part=arrival").content.decode()

    assert "arrived for Sales, dated 17 November 2026" in page


def test_an_organization_sees_nothing_of_another(charlie: Member, alices: Client, acme: Organization) -> None:
    with inside(acme):
        record(acme, make_kpi(acme, "secret_sauce"), {"2026-10-01": 1, "2026-09-01": 1, "2026-08-01": 1})

    for url in ("/globex/start/ladder/", "/globex/start/targets/"):
        assert "Secret sauce" not in client_of(charlie).get(url).content.decode()
    page = client_of(charlie).post("/globex/start/numbers/", {"text": "m\tSecret sauce\nOct 2026\t1", "look": "1"})
    assert "kpi:secret_sauce" not in page.content.decode()
