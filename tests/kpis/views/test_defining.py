"""Forms that define KPIs: who may, what is stored, and that refusals stand beside their fields."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from accounts.actors import Actor
from accounts.models import Department, Member, Organization
from kpis.actions.targets import TargetRow, set_targets
from kpis.models import Kpi, KpiLink
from tests.cast import NOW, inside, make_kpi, make_member
from tests.kpis.views.conftest import Measured, rows

NEW = "/acme/kpis/new/blank/"


def answers(**changed: Any) -> dict[str, Any]:
    """What somebody who fills in the form sends."""
    given = {
        "name": "Net sales",
        "unit_choice": "currency:EUR",
        "direction": "increase",
        "kind": "kpi",
        "frequency": "monthly",
        "source": "measured",
        "rollup": "sum",
        "aggregation": "sum",
        "category": "financial",
        "level": "strategic",
        "indicator": "lagging",
    }
    return given | changed


def the_kpi(organization: Organization) -> Kpi:
    with inside(organization):
        return Kpi.objects.with_people().get()


def test_an_editor_defines_a_kpi(acme: Organization, alices: Client, bob: Member) -> None:
    with inside(acme):
        sales = Department.objects.create(name="Sales")
    answer = alices.post(NEW, answers(owner=str(bob.pk), department=str(sales.pk)))
    assert (answer.status_code, answer["Location"]) == (302, "/acme/kpis/net_sales/")
    kpi = the_kpi(acme)
    assert (kpi.key, kpi.unit, kpi.owner, kpi.department, kpi.level) == (
        "net_sales", "currency:EUR", bob, sales, "strategic",
    )  # fmt: skip


def test_contributors_and_viewers_define_nothing(acme: Organization, bobs: Client, veras: Client) -> None:
    for client in (bobs, veras):
        assert client.get(NEW).status_code == client.post(NEW, answers()).status_code == 403
    with inside(acme):
        assert not Kpi.objects.exists()


def test_a_kpi_can_be_made_below_another_like_it(acme: Organization, alices: Client) -> None:
    with inside(acme):
        parent = make_kpi(acme, "total", source="rollup", rollup="sum", unit="currency:USD", frequency="weekly")
    form = alices.get(f"{NEW}?parent=total").context["form"]
    assert (form["unit_choice"].value(), form["unit_detail"].value(), form["frequency"].value()) == (
        "currency", "USD", "weekly",
    )  # fmt: skip
    alices.post(
        NEW,
        answers(
            unit_choice="currency", unit_detail="usd", frequency="weekly", parent=str(parent.pk), contribution="-1"
        ),
    )
    with inside(acme):
        link = KpiLink.objects.select_related("child").get()
        assert (link.child.unit, link.contribution) == ("currency:USD", -1)


@pytest.mark.parametrize(
    ("changed", "field", "message"),
    [
        ({"name": ""}, "name", "This field is required."),
        ({"key": "max"}, "key", "“max” is a word that Ladder uses itself; choose another key."),
        ({"unit_choice": "currency"}, "unit_detail", "Give a code, such as USD."),
        ({"unit_choice": "currency", "unit_detail": "XYZ"}, "unit_choice",
         "“XYZ” is not a currency. Use an ISO 4217 code, such as currency:EUR."),
        ({"unit_choice": "custom"}, "unit_detail", "Give a word, such as boxes."),
        ({"owner": "01890000-0000-7000-8000-000000000000"}, "owner",
         "Select a valid choice. 01890000-0000-7000-8000-000000000000 is not one of the available choices."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_stored(
    acme: Organization, alices: Client, changed: dict[str, str], field: str, message: str
) -> None:
    answer = alices.post(NEW, answers(**changed))
    assert answer.status_code == 422
    assert answer.context["form"].errors[field] == [message]
    with inside(acme):
        assert not Kpi.objects.exists()


def test_a_kpi_that_does_not_fit_its_parent_is_not_stored(acme: Organization, alices: Client) -> None:
    with inside(acme):
        parent = make_kpi(acme, "total", source="rollup", rollup="sum")
    answer = alices.post(NEW, answers(parent=str(parent.pk)))
    assert "a roll-up needs one unit" in answer.content.decode()
    with inside(acme):
        assert [kpi.key for kpi in Kpi.objects.all()] == ["total"]


def test_a_member_of_another_organization_cannot_be_chosen(acme: Organization, alices: Client, charlie: Member) -> None:
    answer = alices.post(NEW, answers(owner=str(charlie.pk)))
    assert "owner" in answer.context["form"].errors


def test_people_who_have_not_arrived_can_own_kpis(acme: Organization, alices: Client) -> None:
    invited = Member.objects.create(organization=acme, invited_email="carla@example.com")
    assert "carla@example.com (invited)" in alices.get(NEW).content.decode()
    alices.post(NEW, answers(owner=str(invited.pk)))
    assert the_kpi(acme).owner == invited


def test_the_owner_edits_their_kpi_and_nobody_elses(acme: Organization, bob: Member, bobs: Client) -> None:
    with inside(acme):
        make_kpi(acme, "own", owner=bob, unit="percent", decimals=2)
        make_kpi(acme, "other")
    form = bobs.get("/acme/kpis/own/edit/").context["form"]
    kept = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    answer = bobs.post("/acme/kpis/own/edit/", kept | {"name": "My own"})
    assert answer.status_code == 302
    with inside(acme):
        own = Kpi.objects.get(key="own")
        assert (own.name, own.unit, own.decimals, own.owner) == ("My own", "percent", 2, bob)
    assert bobs.get("/acme/kpis/other/edit/").status_code == 403
    assert bobs.post("/acme/kpis/other/edit/", answers()).status_code == 403


def test_an_edit_that_would_corrupt_values_is_refused_at_its_field(
    acme: Organization, measured: Measured, alices: Client
) -> None:
    measured("net_sales", {"2026-10-01": 5}, unit="currency:EUR")
    answer = alices.post("/acme/kpis/net_sales/edit/", answers(unit_choice="percent"))
    assert answer.status_code == 422
    assert "which cannot be read as percent" in answer.context["form"].errors["unit_choice"][0]
    assert the_kpi(acme).unit == "currency:EUR"


# Its place in the ladder


PARENTS = "/acme/kpis/north/parents/"


def links(organization: Organization) -> list[tuple[str, dt.date | None, dt.date | None]]:
    with inside(organization):
        known = KpiLink.objects.known().select_related("parent").order_by("recorded_at", "id")
        return [(row.parent.key, row.valid_from, row.valid_to) for row in known]


def test_a_move_holds_from_the_day_chosen(acme: Organization, alices: Client) -> None:
    with inside(acme):
        make_kpi(acme, "north")
        one, two = (make_kpi(acme, key, source="rollup", rollup="sum") for key in ("one", "two"))
    always = {"when": "restate", "since": ""}
    alices.post(PARENTS, rows({"parent": str(one.pk), "contribution": "1", "weight": "1"}) | always)
    assert links(acme) == [("one", None, None)]
    moved = {"parent": str(two.pk), "contribution": "1", "weight": "1"}
    alices.post(PARENTS, rows(moved, initial=1) | {"when": "from", "since": "2026-11-01"})
    assert sorted(links(acme)) == [("one", None, dt.date(2026, 10, 31)), ("two", dt.date(2026, 11, 1), None)]


def test_what_feeds_a_kpi_is_not_offered_as_its_parent(acme: Organization, alices: Client) -> None:
    with inside(acme):
        north, total = make_kpi(acme, "north"), make_kpi(acme, "total")
        KpiLink.objects.create(parent=north, child=total, recorded_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        make_kpi(acme, "goal")
    form = alices.get(PARENTS).context["rows"].forms[-1]
    assert [label for _, label in form.fields["parent"].choices] == ["Nothing", "Goal"]


def test_a_parent_in_another_unit_is_refused_in_its_row(acme: Organization, alices: Client) -> None:
    with inside(acme):
        make_kpi(acme, "north", unit="percent")
        total = make_kpi(acme, "total", source="rollup", rollup="sum")
    row = {"parent": str(total.pk), "contribution": "1", "weight": "1"}
    answer = alices.post(PARENTS, rows(row) | {"when": "restate"})
    assert answer.status_code == 422
    assert "“north” is in percent and “total” in number; a roll-up needs one unit." in answer.content.decode().replace(
        "&#x27;", "'"
    )
    assert links(acme) == []


# Archiving, removing, ordering


def test_archiving_names_what_follows(acme: Organization, measured: Measured, alices: Client, bobs: Client) -> None:
    kpi = measured("north", {"2026-10-01": 1})
    with inside(acme):
        total = make_kpi(acme, "total", source="rollup", rollup="sum")
        KpiLink.objects.create(parent=total, child=kpi, recorded_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    page = alices.get("/acme/kpis/north/archive/").content.decode()
    assert "It counts in Total up to the period that runs now" in page
    assert "the 1 value it has stays" in page
    assert bobs.post("/acme/kpis/north/archive/").status_code == 403
    assert alices.post("/acme/kpis/north/archive/").status_code == 302
    assert "Archived on 18 November 2026" in alices.get("/acme/kpis/north/").content.decode()
    assert alices.post("/acme/kpis/north/restore/").status_code == 302
    with inside(acme):
        assert Kpi.objects.get(key="north").archived_at is None


def test_removing_for_good_asks_for_the_key(acme: Organization, measured: Measured, alices: Client) -> None:
    measured("north", {"2026-10-01": 1})
    remove = "/acme/kpis/north/remove/"
    answer = alices.post(remove, {"key": "south"})
    assert (answer.status_code, "Type north to say that you mean it." in answer.content.decode()) == (422, True)
    assert alices.post(remove, {"key": "north"})["Location"] == "/acme/kpis/"
    with inside(acme):
        assert not Kpi.objects.exists()


def test_only_admins_remove_for_good(acme: Organization, measured: Measured, bobs: Client) -> None:
    measured("north")
    editor = make_member(acme, "Eve", "editor")
    client = Client()
    assert editor.user is not None
    client.force_login(editor.user)
    for one in (client, bobs):
        assert one.post("/acme/kpis/north/remove/", {"key": "north"}).status_code == 403
    with inside(acme):
        assert Kpi.objects.exists()


def test_children_are_put_in_order_with_buttons(acme: Organization, alices: Client, bobs: Client) -> None:
    with inside(acme):
        total = make_kpi(acme, "total")
        for key in ("one", "two", "three"):
            child = make_kpi(acme, key, position=9)
            KpiLink.objects.create(parent=total, child=child, recorded_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))

    def order() -> list[str]:
        return [child.key for child in alices.get("/acme/kpis/total/").context["page"].rail.children]

    assert order() == ["one", "three", "two"]
    assert bobs.post("/acme/kpis/two/order/", {"parent": "total", "step": "up"}).status_code == 403
    answer = alices.post("/acme/kpis/two/order/", {"parent": "total", "step": "up"})
    assert answer["Location"] == "/acme/kpis/total/#fed-by"
    assert order() == ["one", "two", "three"]
    alices.post("/acme/kpis/one/order/", {"parent": "total", "step": "up"})
    alices.post("/acme/kpis/one/order/", {"parent": "total", "step": "down"})
    assert order() == ["two", "one", "three"]


def test_another_way_between_targets_asks_why_beside_its_field(
    acme: Organization, alices: Client, as_alice: Actor
) -> None:
    with inside(acme):
        kpi = make_kpi(acme, "net_sales", unit="currency:EUR")
        promised = [TargetRow(dt.date(2026, 1, 1), target=100), TargetRow(dt.date(2027, 1, 1), target=200)]
        set_targets(as_alice, kpi, promised, now=NOW)
    given = answers(key="net_sales", target_path="linear")
    asked = alices.post("/acme/kpis/net_sales/edit/", given)
    assert asked.status_code == 422
    assert "which is over. Say why in a few words." in asked.context["form"].errors["reason"][0]
    assert alices.post("/acme/kpis/net_sales/edit/", {**given, "reason": "Step by step"}).status_code == 302
    assert the_kpi(acme).target_path == "linear"
