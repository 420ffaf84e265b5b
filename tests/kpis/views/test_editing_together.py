"""Two people change one KPI at a time: nothing of what either of them does is undone without a word."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from accounts.actors import SYSTEM
from accounts.models import Department, Member, Organization
from kpis.actions.acting import create_action, update_action
from kpis.actions.benchmarking import BenchmarkRow, set_benchmarks
from kpis.actions.definitions import update_kpi
from kpis.actions.influencing import set_influences
from kpis.actions.links import LinkSpec, links_of, set_parents
from kpis.actions.targets import TargetRow, set_targets, targets_of
from kpis.models import Action, Kpi
from tests.cast import NOW, client_of, inside, make_kpi, record
from tests.kpis.views.conftest import score
from tests.pages import filled_in

EDIT = "/acme/kpis/orders/edit/"


@pytest.fixture
def orders(acme: Organization, bob: Member) -> Kpi:
    with inside(acme):
        return make_kpi(acme, "orders", description="Paid\r\norders", due_after_days=5, owner=bob)


def change(kpi: Kpi, **changed: object) -> None:
    with inside(kpi.organization):
        update_kpi(SYSTEM, kpi, now=NOW, **changed)


def stored(kpi: Kpi) -> Kpi:
    with inside(kpi.organization):
        return Kpi.objects.with_people().get(pk=kpi.pk)


def test_what_one_leaves_alone_stays_as_the_other_has_put_it(
    acme: Organization, orders: Kpi, alices: Client, vera: Member
) -> None:
    page = alices.get(EDIT).content.decode()
    with inside(acme):
        sales = Department.objects.create(name="Sales")
    change(orders, owner=vera, department=sales, description="", due_after_days=2, category="customer")
    assert alices.post(EDIT, filled_in(page, name="Paid orders")).status_code == 302
    now = stored(orders)
    assert (now.name, now.owner, now.department, now.category) == ("Paid orders", vera, sales, "customer")
    assert (now.description, now.due_after_days) == ("", 2)


def test_what_both_changed_is_refused_once_with_what_it_is_now(
    orders: Kpi, alices: Client, bob: Member, vera: Member
) -> None:
    sent = filled_in(alices.get(EDIT).content.decode(), name="Paid orders", owner="", level="strategic")
    change(orders, name="All orders", owner=vera, category="customer")
    refused = alices.post(EDIT, sent)
    assert refused.status_code == 422
    assert refused.context["form"].non_field_errors() == [
        "“Name” became “All orders” while you were editing. Save again to put yours in its place.",
        "“Owner” became “Vera” while you were editing. Save again to put yours in its place.",
    ]
    assert stored(orders).name == "All orders"
    again = filled_in(refused.content.decode())
    assert (again["name"], again["owner"], again["level"], again["category"]) == (
        "Paid orders", "", "strategic", "customer",
    )  # fmt: skip
    assert alices.post(EDIT, again).status_code == 302
    now = stored(orders)
    assert (now.name, now.owner, now.level, now.category) == ("Paid orders", None, "strategic", "customer")


def test_a_weight_that_is_archived_by_now_stays(acme: Organization, orders: Kpi, alices: Client) -> None:
    with inside(acme):
        visits = make_kpi(acme, "visits", archived_at=NOW)
        Kpi.objects.filter(pk=orders.pk).update(weight_by=visits)
    page = alices.get(EDIT).content.decode()
    assert "Visits (archived)" in page
    assert alices.post(EDIT, filled_in(page, name="Paid orders")).status_code == 302
    assert stored(orders).weight_by_id == visits.pk


def test_who_means_the_same_is_not_stopped(orders: Kpi, alices: Client) -> None:
    sent = filled_in(alices.get(EDIT).content.decode(), name="Paid orders", description="")
    change(orders, name="Paid orders", description="")
    assert alices.post(EDIT, sent).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_in_the_same_moment_one_is_refused(orders: Kpi, alice: Member) -> None:
    page = client_of(alice).get(EDIT).content.decode()
    start = threading.Barrier(2)

    def save(name: str) -> int:
        client = client_of(alice)
        start.wait()
        try:
            return client.post(EDIT, filled_in(page, name=name)).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(save, ("Paid orders", "All orders"))) == [302, 422]


def test_it_is_remembered_while_a_formula_is_checked(orders: Kpi, alices: Client) -> None:
    sent = filled_in(alices.get(EDIT).content.decode(), source="formula", formula="1 + 1", check="yes")
    change(orders, category="customer")
    checked = filled_in(alices.post(EDIT, sent).content.decode(), source="measured")
    assert alices.post(EDIT, checked).status_code == 302
    assert stored(orders).category == "customer"


@pytest.mark.parametrize("shown", ["", "{", "[1]", "null", "[" * 100_000, '{"name": 7, "nothing": "x"}'])
def test_a_page_that_remembers_nothing_is_taken_at_its_word(orders: Kpi, alices: Client, shown: str) -> None:
    sent = filled_in(alices.get(EDIT).content.decode(), shown=shown)
    change(orders, category="customer")
    assert alices.post(EDIT, sent).status_code == 302
    assert stored(orders).category == "other"


# Rows: each editor saves all of them, so that others' are said before they are replaced.


def test_a_target_that_another_set_meanwhile_is_said_before_it_is_replaced(orders: Kpi, alices: Client) -> None:
    address = "/acme/kpis/orders/targets/"
    page = alices.get(address).content.decode()
    sent = filled_in(page, **{"rows-0-effective_from": "2026-11-01", "rows-0-target": "700"})
    with inside(orders.organization):
        set_targets(SYSTEM, orders, [TargetRow(dt.date(2026, 12, 1), 900.25, 5)], now=NOW)
    refused = alices.post(address, sent)
    assert refused.status_code == 422
    assert refused.context["why"].non_field_errors() == [
        "Its targets became “target 900.25, red flag 5 from 1 December 2026” while you were editing. Save again to"
        " put yours in their place."
    ]
    assert alices.post(address, filled_in(refused.content.decode())).status_code == 302
    with inside(orders.organization):
        assert [(row.effective_from, row.target) for row in targets_of(orders)] == [(dt.date(2026, 11, 1), 700)]


def test_what_is_only_suggested_is_no_ones_change(orders: Kpi, alices: Client) -> None:
    """From when on a move holds: always, until the KPI has values; from a period on, once it has."""
    address = "/acme/kpis/orders/parents/"
    with inside(orders.organization):
        sales, other = (make_kpi(orders.organization, key, source="rollup", rollup="sum") for key in ("sales", "other"))
        set_parents(SYSTEM, orders, [LinkSpec(sales)], now=NOW)
    sent = filled_in(alices.get(address).content.decode(), **{"rows-0-parent": str(other.pk)})
    assert sent["when"] == "restate"
    with inside(orders.organization):
        record(orders.organization, orders, {"2026-10-01": 5.0})
    score(orders.organization)
    assert filled_in(alices.get(address).content.decode())["when"] == "from"
    assert alices.post(address, sent).status_code == 302
    with inside(orders.organization):
        assert [(link.parent, link.valid_from) for link in links_of(orders)] == [(other, None)]


def test_a_parent_that_another_chose_meanwhile_is_said_before_it_is_taken_away(orders: Kpi, alices: Client) -> None:
    address = "/acme/kpis/orders/parents/"
    with inside(orders.organization):
        sales, other = (make_kpi(orders.organization, key, source="rollup", rollup="sum") for key in ("sales", "other"))
    sent = filled_in(alices.get(address).content.decode(), **{"rows-0-parent": str(other.pk)})
    with inside(orders.organization):
        set_parents(SYSTEM, orders, [LinkSpec(sales, contribution=-1)], now=NOW)
    refused = alices.post(address, sent)
    assert refused.status_code == 422
    assert "Its parents became “Sales, subtracted, always” while you were editing." in refused.content.decode()


@pytest.mark.parametrize("page", ["benchmarks", "influences"])
def test_rows_that_nobody_else_changed_are_saved_as_they_are(orders: Kpi, alices: Client, page: str) -> None:
    address = f"/acme/kpis/orders/{page}/"
    with inside(orders.organization):
        Kpi.objects.update(indicator="leading")
        lagging = make_kpi(orders.organization, "sales")
        set_influences(SYSTEM, orders, [lagging], now=NOW)
        set_benchmarks(SYSTEM, orders, [BenchmarkRow(12.5, "Shops", 2025, "A report")], now=NOW)
    before = alices.get(address).content.decode()
    assert alices.post(address, filled_in(before)).status_code == 302
    with inside(orders.organization):
        set_influences(SYSTEM, orders, [], now=NOW)
        set_benchmarks(SYSTEM, orders, [], now=NOW)
    refused = alices.post(address, filled_in(before))
    assert refused.status_code == 422
    assert f"Its {page} became empty while you were editing." in refused.content.decode()


def test_an_action_that_was_done_meanwhile_stays_done(
    acme: Organization, orders: Kpi, alices: Client, bob: Member
) -> None:
    with inside(acme):
        action = create_action(SYSTEM, orders, now=NOW, title="Call them", owner=bob)
    address = f"/acme/kpis/orders/actions/{action.pk}/"
    page = alices.get(address).content.decode()
    with inside(acme):
        update_action(SYSTEM, action, now=NOW, state="done")
    assert alices.post(address, filled_in(page, title="Call all of them")).status_code == 302
    with inside(acme):
        now = Action.objects.get(pk=action.pk)
    assert (now.title, now.state, now.closed_on is None) == ("Call all of them", "done", False)
