"""The list of KPIs: what it shows to whom, its filters, and that its cost does not grow."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from accounts.models import Department, Member, Organization
from accounts.tenancy.context import organization_context
from kpis.models import Kpi
from tests.cast import NOW, inside, make_kpi, make_standing

URL = "/acme/kpis/"


def shown(client: Client, query: str = "") -> list[str]:
    """The names in the list, in its order."""
    response = client.get(URL + query)
    assert response.status_code == 200
    return [row.name for row in response.context["rows"]]


def test_everybody_in_the_organization_sees_the_list(
    acme: Organization, alices: Client, bobs: Client, veras: Client
) -> None:
    with inside(acme):
        make_kpi(acme, "net_sales")
    for client in (alices, bobs, veras):
        assert shown(client) == ["Net sales"]


def test_an_outsider_gets_the_404_of_an_organization_that_does_not_exist(acme: Organization, charlies: Client) -> None:
    assert charlies.get(URL).status_code == charlies.get("/nowhere/kpis/").status_code == 404


def test_only_editors_are_offered_a_new_kpi(acme: Organization, alices: Client, bobs: Client) -> None:
    assert "/acme/kpis/new/" in alices.get(URL).content.decode()
    assert "/acme/kpis/new/" not in bobs.get(URL).content.decode()


def test_a_row_shows_value_target_change_and_lateness(acme: Organization, alices: Client, bob: Member) -> None:
    with inside(acme):
        kpi = make_kpi(acme, "net_sales", unit="currency:EUR", owner=bob)
        make_standing(
            kpi,
            "at_risk",
            period=dt.date(2026, 9, 1),
            value=429.0,
            previous_value=400.0,
            target=500.0,
            recent_values=[400.0, 429.0],
            recent_targets=[500.0, 500.0],
            expected_on=dt.date(2026, 11, 5),
            is_late=True,
        )
    response = alices.get(URL)
    row = response.context["rows"][0]
    assert (row.period, row.compared, row.owner, row.lateness) == ("Sep 26", "on August", "Bob", "13 days late")
    assert "429" in row.value
    assert "500" in row.target
    assert '<span class="good nowrap">+7.3' in row.change
    assert "At risk" in row.status
    assert "spark-line" in row.spark
    words = " ".join(strip_tags(response.content.decode()).split())
    assert "€ 429 target € 500 +7.3 % on August" in words


def test_a_partial_value_is_compared_with_nothing(acme: Organization, alices: Client) -> None:
    with inside(acme):
        make_standing(
            make_kpi(acme, "total"), "incomplete", value=60.0, previous_value=100.0, period=dt.date(2026, 10, 1)
        )
    assert alices.get(URL).context["rows"][0].change == ""


def test_names_are_escaped(acme: Organization, alices: Client) -> None:
    with inside(acme):
        make_kpi(acme, "evil", name="<script>alert(1)</script>", unit="custom:<b>boxes</b>")
    page = alices.get(URL).content.decode()
    assert "<script>alert" not in page
    assert "<b>boxes" not in page


@pytest.fixture
def several(acme: Organization, bob: Member) -> None:
    with inside(acme):
        sales = Department.objects.create(name="Sales")
        fresh = Department.objects.create(name="Fresh", parent=sales)
        net = make_kpi(acme, "net_sales", department=sales, category="financial", level="strategic")
        produce = make_kpi(acme, "produce", department=fresh, owner=bob, indicator="leading")
        visits = make_kpi(acme, "visits", kind="metric")
        make_kpi(acme, "fax_sales", archived_at=NOW)
        make_standing(net, "on_track", period=dt.date(2026, 10, 1))
        make_standing(produce, "off_track", period=dt.date(2026, 9, 1))
        make_standing(visits, "no_data", is_late=True)


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Net sales", "Produce", "Visits"]),
        ("?q=SALE", ["Net sales"]),
        ("?q=net+sales", ["Net sales"]),
        ("?q=net_s", ["Net sales"]),
        ("?q=%25", []),
        ("?owner=none", ["Net sales", "Visits"]),
        ("?category=financial", ["Net sales"]),
        ("?level=strategic", ["Net sales"]),
        ("?indicator=leading", ["Produce"]),
        ("?kind=metric", ["Visits"]),
        ("?archived=on", ["Fax sales"]),
        ("?status=off_track", ["Produce"]),
        ("?status=late", ["Visits"]),
        ("?status=no_data", []),
        ("?sort=status", ["Produce", "Visits", "Net sales"]),
        ("?sort=-name", ["Visits", "Produce", "Net sales"]),
        ("?sort=period", ["Produce", "Net sales", "Visits"]),
        ("?sort=nonsense&category=nonsense&department=nonsense&page=99", ["Net sales", "Produce", "Visits"]),
    ],
)
def test_filters_and_orders(alices: Client, query: str, names: list[str]) -> None:
    assert shown(alices, query) == names


@pytest.mark.usefixtures("several")
def test_a_department_includes_those_below_it(acme: Organization, alices: Client, bob: Member) -> None:
    with organization_context(acme.pk):
        sales, fresh = (Department.objects.get(name=name) for name in ("Sales", "Fresh"))
    assert shown(alices, f"?department={sales.pk}") == ["Net sales", "Produce"]
    assert shown(alices, f"?department={fresh.pk}") == ["Produce"]
    assert shown(alices, f"?owner={bob.pk}") == ["Produce"]


@pytest.mark.usefixtures("several")
def test_the_counts_by_status_do_not_follow_the_chosen_status(alices: Client) -> None:
    tabs = alices.get(f"{URL}?status=late").context["tabs"]
    assert [(tab.word, tab.count, tab.is_current) for tab in tabs] == [
        ("All", 3, False),
        ("Off track", 1, False),
        ("Late", 1, True),
        ("On track", 1, False),
    ]


@pytest.mark.usefixtures("several")
def test_a_filter_by_htmx_answers_with_the_list_alone(alices: Client) -> None:
    page = alices.get(f"{URL}?q=net", headers={"HX-Request": "true"}).content.decode()
    assert page.lstrip().startswith('<div id="kpi-list"')
    assert "<html" not in page


def test_an_empty_organization_says_what_the_page_is_for(acme: Organization, alices: Client, veras: Client) -> None:
    assert "Choose the first ones" in alices.get(URL).content.decode()
    assert "Choose the first ones" not in veras.get(URL).content.decode()


def test_nothing_found_offers_the_way_back(acme: Organization, alices: Client) -> None:
    with inside(acme):
        make_kpi(acme, "net_sales")
    assert "No KPI fits" in alices.get(f"{URL}?q=nothing").content.decode()


@pytest.mark.usefixtures("several")
def test_filters_in_force_are_links_that_drop_them(acme: Organization, alices: Client) -> None:
    with inside(acme):
        Kpi.objects.filter(key="net_sales").update(level="strategic", indicator="lagging")
    response = alices.get(f"{URL}?q=net&level=strategic&indicator=lagging&sort=-name&page=2&owner=")
    narrowed = response.context["narrowed"]
    assert narrowed.count == "1 of 3 KPIs"
    assert [(chip.words, chip.address) for chip in narrowed.chips] == [
        ("Search: “net”", "?level=strategic&indicator=lagging&sort=-name"),
        ("Level: Strategic", "?q=net&indicator=lagging&sort=-name"),
        ("Indicator: Lagging", "?q=net&level=strategic&sort=-name"),
    ]
    assert narrowed.cleared == "?sort=-name"
    assert not alices.get(f"{URL}?sort=name").context["narrowed"]


@pytest.mark.usefixtures("several")
def test_nothing_found_says_which_filters_hide_everything(acme: Organization, alices: Client) -> None:
    with inside(acme):
        Kpi.objects.filter(key="net_sales").update(level="strategic")
    words = " ".join(strip_tags(alices.get(f"{URL}?q=net&level=operational").content.decode()).split())
    assert "0 of 3 KPIs" in words
    assert "No KPI fits all 2 filters at once. Drop one of them:" in words
    assert "Without “Search: “net”” there are 2" in words
    assert "Without “Level: Operational” there is one" in words
    alone = " ".join(strip_tags(alices.get(f"{URL}?q=zeppelin").content.decode()).split())
    assert "“Search: “zeppelin”” fits none of the 3." in alone
    assert "Show all 3 KPIs" in alone


def test_fifty_rows_cost_as_many_queries_as_one(acme: Organization, alices: Client, bob: Member) -> None:
    with inside(acme):
        department = Department.objects.create(name="Sales")
        make_standing(make_kpi(acme, "kpi_0", owner=bob, department=department))
    alices.get(URL)
    with CaptureQueriesContext(
        connection,
    ) as one:
        assert len(shown(alices)) == 1
    with inside(acme):
        for number in range(1, 50):
            make_standing(make_kpi(acme, f"kpi_{number}", owner=bob, department=department))
    with CaptureQueriesContext(connection) as fifty:
        assert len(shown(alices)) == 50
    assert len(fifty) == len(one)


def test_a_longer_list_has_pages(acme: Organization, alices: Client) -> None:
    with inside(acme):
        Kpi.objects.bulk_create(
            [
                Kpi(
                    key=f"kpi_{n:03}",
                    name=f"KPI {n:03}",
                    unit="number",
                    direction="increase",
                    frequency="daily",
                    created_at=NOW,
                )
                for n in range(120)
            ],
            ignore_conflicts=True,
        )
    assert len(shown(alices)) == 50
    assert shown(alices, "?page=3&sort=name")[-1] == "KPI 119"
