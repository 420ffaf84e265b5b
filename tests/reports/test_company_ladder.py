"""The ladder of the company, as a list and drawn."""

import csv
import re
from html import unescape
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from accounts.models import Member, Organization
from kpis.models import Standing
from tests.cast import client_of, inside, make_kpi, make_link
from tests.reports.conftest import Company

HTMX = {"hx-request": "true"}


@pytest.fixture
def client(vera: Member, company: Company) -> Client:
    return client_of(vera)


def body(client: Client, address: str, **options) -> str:
    response = client.get(address, **options)
    assert response.status_code == 200, address
    return response.content.decode()


def text(html: str) -> str:
    """What a reader, or a screen reader, finds on a page."""
    return re.sub(r"[ \n]+", " ", unescape(strip_tags(html)))


def listed(html: str) -> list[str]:
    """The names of the KPIs in the nested list, from the top."""
    return re.findall(r'class="rung-name">\s*<a[^>]*>([^<]+)</a>', html)


def large(acme: Organization) -> None:
    """Three levels of more KPIs than are open from the start."""
    with inside(acme):
        top = make_kpi(acme, "top", level="strategic")
        for index in range(8):
            middle = make_kpi(acme, f"middle{index}", position=index)
            make_link(top, middle)
            for below in range(8):
                make_link(middle, make_kpi(acme, f"leaf{index}{below}", position=100))


def test_the_company_stands_at_the_top_and_what_feeds_it_below(client: Client) -> None:
    html = body(client, "/acme/ladder/")
    assert listed(html) == ["Net sales", "Fresh sales", "Produce sales", "Returns"]
    assert html.index("Produce sales") < html.index("Not on the ladder yet") < html.index(">Returns<")
    assert re.search(r'<details class="rung-below" id="below-net_sales" open>', html)
    assert "2 KPIs, 1 off track" in html


def test_a_node_shows_value_target_and_status(client: Client) -> None:
    html = body(client, "/acme/ladder/")
    assert 'data-watch="net_sales"><span class="value"><span class="unit">€</span>\u00a0400\u00a0k</span>' in html
    assert "target €\u00a0395\u00a0k" in html
    assert "Off track" in html
    assert "Produce · Bob" in html


def test_a_change_says_what_it_is_measured_against(bob: Member, client: Client, company: Company) -> None:
    mine, said = client_of(bob), "−4.8\u00a0% on September"
    for page in ("/acme/", "/acme/my-ladder/"):
        assert said in text(body(mine, page)), page
    for page in ("/acme/ladder/", "/acme/ladder/?focus=produce_sales", f"/acme/departments/{company.fresh.pk}/"):
        assert said in text(body(client, page)), page


def test_a_partial_value_is_compared_with_nothing(client: Client, acme: Organization, company: Company) -> None:
    with inside(acme):
        Standing.objects.filter(kpi_id=company.produce_sales.pk).update(status="incomplete")
    assert "−4.8" not in text(body(client, "/acme/ladder/"))


def test_it_is_drawn_as_a_tree_whose_nodes_are_links(client: Client) -> None:
    html = body(client, "/acme/ladder/?view=tree")
    assert html.count('class="tree-node"') == 3
    assert 'href="?view=tree&amp;focus=fresh_sales"' in html
    assert listed(html) == ["Returns"]


def test_a_large_ladder_opens_at_two_levels_and_counts_what_hides(vera: Member, acme: Organization) -> None:
    large(acme)
    html = body(client_of(vera), "/acme/ladder/")
    assert len(listed(html)) == 9
    assert html.count("8 KPIs<") == 8


def test_a_folded_node_unfolds_by_its_link_without_script(vera: Member, acme: Organization) -> None:
    large(acme)
    client = client_of(vera)
    link = (
        re.search(r'id="fold-middle3" href="(\?[^"#]*)', body(client, "/acme/ladder/")).group(1).replace("&amp;", "&")
    )
    html = body(client, f"/acme/ladder/{link}")
    assert {f"Leaf3{below}" for below in range(8)} <= set(listed(html))
    assert len(listed(html)) == 17


def test_what_was_unfolded_stays_so_when_the_page_is_refreshed(vera: Member, acme: Organization) -> None:
    large(acme)
    html = body(client_of(vera), "/acme/ladder/?open=middle3&open=middle5", headers=HTMX)
    assert "<html" not in html
    assert re.findall(r'name="open" value="(\w+)"', html) == ["middle3", "middle5"]
    assert len(listed(html)) == 25


def test_htmx_unfolds_one_node_in_place(client: Client) -> None:
    html = body(client, "/acme/ladder/net_sales/children/", headers=HTMX)
    assert listed(html) == ["Fresh sales"]
    assert 'hx-get="/acme/ladder/fresh_sales/children/"' in html
    assert client.get("/acme/ladder/net_sales/children/")["Location"] == "/acme/ladder/?open=net_sales"
    assert client.get("/acme/ladder/nothing/children/", headers=HTMX).status_code == 404


def test_everything_unfolds_for_printing(vera: Member, acme: Organization) -> None:
    large(acme)
    assert len(listed(body(client_of(vera), "/acme/ladder/?levels=100"))) == 73


def test_a_focus_leaves_out_what_does_not_belong_to_it(client: Client, acme: Organization, company: Company) -> None:
    with inside(acme):
        make_link(company.net_sales, make_kpi(acme, "grocery_sales"))
    html = body(client, "/acme/ladder/?focus=fresh_sales")
    assert listed(html) == ["Net sales", "Fresh sales", "Produce sales"]
    assert "is-focus" in html
    assert "Show the whole ladder" in html


def test_a_department_shows_its_own_kpis_and_dims_what_they_feed(client: Client, company: Company) -> None:
    html = body(client, f"/acme/ladder/?department={company.fresh.pk}")
    assert listed(html) == ["Net sales", "Fresh sales", "Produce sales", "Returns"]
    assert html.count("is-dim") == 1


def test_a_kpi_with_two_parents_unfolds_once(client: Client, acme: Organization, company: Company) -> None:
    with inside(acme):
        make_link(make_kpi(acme, "north", level="strategic", position=9), company.fresh_sales)
    html = body(client, "/acme/ladder/")
    assert listed(html).count("Fresh sales") == 2
    assert listed(html).count("Produce sales") == 1
    assert "listed above" in html


@pytest.mark.parametrize(
    "query", ["focus=nothing", "department=4", f"department={UUID(int=7)}", "levels=x", "view=cube"]
)
def test_what_does_not_exist_cannot_be_chosen(client: Client, query: str) -> None:
    assert client.get(f"/acme/ladder/?{query}").status_code == 404


def test_an_empty_organization_says_what_the_ladder_is_for(vera: Member) -> None:
    assert "The ladder starts with one number" in body(client_of(vera), "/acme/ladder/")


def test_an_outsider_finds_nothing(charlie: Member, acme: Organization) -> None:
    assert client_of(charlie).get("/acme/ladder/").status_code == 404


def count_queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        body(client, address)
    return len(queries)


@pytest.mark.parametrize(
    "address", ["/acme/ladder/?levels=100", "/acme/ladder/?view=tree", "/acme/", "/acme/my-ladder/"]
)
def test_pages_ask_as_often_for_200_kpis_as_for_5(vera: Member, acme: Organization, address: str) -> None:
    client = client_of(vera)
    with inside(acme):
        top = make_kpi(acme, "top", owner=vera)
        for index in range(5):
            make_link(top, make_kpi(acme, f"few{index}", owner=vera))
    body(client, address)
    few = count_queries(client, address)
    with inside(acme):
        for index in range(195):
            make_link(top, make_kpi(acme, f"many{index}", owner=vera))
    assert count_queries(client, address) == few


def test_filters_dim_what_does_not_fit_and_can_be_dropped(client: Client, company: Company) -> None:
    html = body(client, "/acme/ladder/?level=operational&department=" + str(company.fresh.pk))
    assert listed(html) == ["Net sales", "Fresh sales", "Produce sales", "Returns"]
    assert html.count("is-dim") == 1
    assert "3 of 4 KPIs" in text(html)
    assert 'href="?level=operational"' in html
    assert "Department: Fresh" in text(html)


@pytest.mark.parametrize("view", ["list", "tree"])
def test_where_nothing_fits_the_ladder_says_why(client: Client, company: Company, view: str) -> None:
    said = text(body(client, f"/acme/ladder/?level=strategic&department={company.fresh.pk}&view={view}"))
    assert "No KPI fits all 2 filters at once. Drop one of them:" in said
    assert "Without “Level: Strategic” there are 3" in said
    assert "Without “Department: Fresh” there is one" in said


def test_the_ladder_is_a_picture_and_a_table(client: Client, company: Company) -> None:
    picture = client.get("/acme/ladder/png/?level=operational")
    assert picture["Content-Disposition"] == 'attachment; filename="ladder-2026-11-18.png"'
    assert picture.content.startswith(b"\x89PNG")
    rows = list(csv.DictReader(client.get("/acme/ladder/csv/?level=operational").content.decode().splitlines()))
    assert [(row["key"], row["status"], row["feeds"]) for row in rows] == [
        ("fresh_sales", "at_risk", "net_sales"),
        ("produce_sales", "off_track", "fresh_sales"),
        ("returns", "no_data", ""),
    ]
    assert "/acme/ladder/png/?view=tree" in body(client, "/acme/ladder/?view=tree")
