"""A cycle with its objectives: what it shows to whom, its filters, and that its cost does not grow."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import SYSTEM
from accounts.models import Department, Member, Organization
from okrs.actions.checking_in import check_in
from okrs.actions.cycles import create_cycle
from okrs.actions.key_results import create_key_result
from okrs.actions.objectives import create_objective
from okrs.models import Cycle, KeyResult, Objective
from okrs.presenting.overview import MOST_UNFOLDED
from tests.cast import NOW, inside
from tests.okrs.views.conftest import BEGAN

URL = "/acme/objectives/"


def shown(client: Client, query: str = "") -> dict[str, list[str]]:
    """The titles in the list, by the group they stand in."""
    response = client.get(URL + query)
    assert response.status_code == 200
    return {group.name: [row.title for row in group.rows] for group in response.context["overview"].groups}


def set_objective(acme: Organization, cycle: Cycle, title: str, key_results: int = 0, **fields: object) -> Objective:
    with inside(acme):
        made = create_objective(SYSTEM, cycle, now=BEGAN, title=title, **fields)
        for number in range(key_results):
            create_key_result(SYSTEM, made, now=BEGAN, title=f"Number {number}", start=0, target=10)
    return made


def test_everybody_in_the_organization_sees_the_objectives(
    objective: Objective, alices: Client, bobs: Client, veras: Client
) -> None:
    for client in (alices, veras):
        assert shown(client) == {"The whole company": ["Win the region"]}
    assert shown(bobs) == {"Mine": ["Win the region"]}


def test_an_outsider_gets_the_404_of_an_organization_that_does_not_exist(
    objective: Objective, charlies: Client
) -> None:
    assert charlies.get(URL).status_code == charlies.get("/nowhere/objectives/").status_code == 404


def test_without_a_cycle_editors_are_offered_to_create_one(acme: Organization, alices: Client, bobs: Client) -> None:
    assert "/acme/cycles/new/" in alices.get(URL).content.decode()
    page = bobs.get(URL).content.decode()
    assert "/acme/cycles/new/" not in page
    assert "No cycle yet" in page


def test_without_objectives_contributors_are_offered_a_template(quarter: Cycle, bobs: Client, veras: Client) -> None:
    assert "/acme/objectives/templates/" in bobs.get(URL).content.decode()
    assert "/acme/objectives/templates/" not in veras.get(URL).content.decode()


def test_the_head_says_how_the_cycle_goes(objective: Objective, shops: KeyResult, alices: Client) -> None:
    overview = alices.get(URL).context["overview"]
    assert overview.days_left == "44 days left"
    assert overview.expected == "53\u00a0%"
    assert overview.on_track == "0 of 1"


def test_mine_come_first_then_departments_in_their_order(
    acme: Organization, quarter: Cycle, objective: Objective, bobs: Client
) -> None:
    with inside(acme):
        zoo = Department.objects.create(name="Zoo", position=0)
        art = Department.objects.create(name="Art", position=1)
    set_objective(acme, quarter, "Paint", department=art)
    set_objective(acme, quarter, "Feed", department=zoo)
    set_objective(acme, quarter, "Grow")
    assert list(shown(bobs).items()) == [
        ("Mine", ["Win the region"]),
        ("The whole company", ["Grow"]),
        ("Zoo", ["Feed"]),
        ("Art", ["Paint"]),
    ]


def test_filters_narrow_by_words_owner_department_and_mine(
    acme: Organization, quarter: Cycle, objective: Objective, shops: KeyResult, bobs: Client, bob: Member
) -> None:
    with inside(acme):
        art = Department.objects.create(name="Art")
    set_objective(acme, quarter, "Paint", department=art)
    assert shown(bobs, "?q=sell+us") == {"Mine": ["Win the region"]}
    assert shown(bobs, "?owner=none") == {"Art": ["Paint"]}
    assert shown(bobs, f"?department={art.pk}") == {"Art": ["Paint"]}
    assert shown(bobs, "?department=company") == {"Mine": ["Win the region"]}
    assert shown(bobs, "?mine=on") == {"Mine": ["Win the region"]}
    assert shown(bobs, "?q=zeppelin") == {}


def test_a_status_narrows_and_its_tab_counts(
    acme: Organization, quarter: Cycle, objective: Objective, shops: KeyResult, alices: Client
) -> None:
    set_objective(acme, quarter, "Grow")
    overview = alices.get(f"{URL}?status=off_track").context["overview"]
    assert [(tab.status, tab.count, tab.is_current) for tab in overview.tabs] == [
        ("", 2, False),
        ("off_track", 1, True),
        ("no_data", 1, False),
    ]
    assert shown(alices, "?status=off_track") == {"The whole company": ["Win the region"]}


def test_a_row_says_where_owner_and_numbers_disagree(
    acme: Organization, objective: Objective, shops: KeyResult, alices: Client
) -> None:
    with inside(acme):
        check_in(SYSTEM, shops, now=NOW, value=10, confidence="on_track", comment="All will be well")
    page = alices.get(URL).content.decode()
    assert "Owner says on track" in page
    assert "All will be well" in page
    assert "1 where owner and numbers disagree" in page


def test_a_check_in_that_is_overdue_is_told(objective: Objective, shops: KeyResult, alices: Client) -> None:
    page = alices.get(URL).content.decode()
    assert "1 check-in overdue" in page
    assert "Check-in due since" in page


def test_what_does_not_hang_together_is_told_with_the_way_to_mend_it(
    acme: Organization, quarter: Cycle, objective: Objective, alices: Client
) -> None:
    with inside(acme):
        art = Department.objects.create(name="Art")
    alone = set_objective(acme, quarter, "Paint", 1, department=art)
    mends = {mend.href for mend in alices.get(URL).context["overview"].mends}
    assert f"/acme/objectives/{alone.pk}/edit/#id_aligned" in mends
    assert f"/acme/objectives/{objective.pk}/key-results/new/" in mends


def test_cycles_can_be_switched_and_one_that_is_none_is_not_found(
    acme: Organization, quarter: Cycle, objective: Objective, alices: Client
) -> None:
    with inside(acme):
        year = create_cycle(
            SYSTEM, now=NOW, name="2027", starts_on=dt.date(2027, 1, 1), ends_on=dt.date(2027, 12, 31), length="year"
        )
    assert shown(alices, f"?cycle={year.pk}") == {}
    names = [choice.name for choice in alices.get(URL).context["cycles"]]
    assert names == ["2027", "Q4 2026"]
    for query in ("?cycle=nonsense", "?cycle=01890000-0000-7000-8000-000000000000"):
        assert alices.get(URL + query).status_code == 404


def test_htmx_gets_the_list_alone_with_the_address_that_leads_to_it(objective: Objective, alices: Client) -> None:
    response = alices.get(f"{URL}?q=region&owner=", headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert response["HX-Replace-Url"] == f"{URL}?q=region"


def test_a_long_list_fetches_key_results_when_somebody_unfolds_them(
    acme: Organization, quarter: Cycle, alices: Client
) -> None:
    rows = [set_objective(acme, quarter, f"Objective {number}", 1) for number in range(16)]
    page = alices.get(URL).content.decode()
    address = f"/acme/objectives/{rows[0].pk}/key-results/"
    assert f'hx-get="{address}"' in page
    assert f'href="/acme/objectives/{rows[0].pk}/#key-results"' in page
    assert "Number 0" not in page
    assert "Number 0" in alices.get(address).content.decode()


@pytest.mark.parametrize("count", [1, MOST_UNFOLDED + 2])
def test_the_number_of_queries_does_not_grow(acme: Organization, quarter: Cycle, alices: Client, count: int) -> None:
    for number in range(count):
        set_objective(acme, quarter, f"Objective {number}", 1 + number % 2)
    alices.get(URL)
    with CaptureQueriesContext(connection) as queries:
        assert alices.get(URL).status_code == 200
    expected = LISTED_QUERIES + (UNFOLDED_QUERIES if count < MOST_UNFOLDED else 0)
    assert len(queries) == expected, [query["sql"][:120] for query in queries.captured_queries]


LISTED_QUERIES = 20
UNFOLDED_QUERIES = 7  # for all about the key results, where the list shows them
