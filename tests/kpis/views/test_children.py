"""Adding existing KPIs to what feeds one, from its own page."""

import datetime as dt
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import AuditEntry, Member, Organization
from kpis.models import Kpi, KpiLink
from tests.cast import NOW, inside, make_kpi, make_link

URL, PAGE = "/acme/kpis/total/children/", "/acme/kpis/total/"
ALWAYS = {"when": "restate", "since": "", "contribution": "1"}


@pytest.fixture
def total(acme: Organization) -> Kpi:
    with inside(acme):
        return make_kpi(acme, "total", source="rollup", rollup="sum")


@pytest.fixture
def parts(acme: Organization, total: Kpi) -> list[Kpi]:
    with inside(acme):
        return [make_kpi(acme, key) for key in ("north", "south")]


def chosen(*kpis: Kpi, **more: str) -> dict[str, object]:
    return {"children": [str(kpi.pk) for kpi in kpis], **ALWAYS, **more}


def links(acme: Organization) -> list[tuple[str, str, int, float, dt.date | None, dt.date | None]]:
    with inside(acme):
        rows = KpiLink.objects.known().select_related("parent", "child").order_by("child__key", "parent__key")
        return [(r.child.key, r.parent.key, r.contribution, r.weight, r.valid_from, r.valid_to) for r in rows]


def text(response: HttpResponse) -> str:
    return unescape(response.content.decode())


def offered(client: Client) -> list[str]:
    return [each.name for each in client.get(URL).context["candidates"]]


def test_several_are_added_at_once(acme: Organization, parts: list[Kpi], alices: Client) -> None:
    response = alices.post(URL, chosen(*parts))
    assert response["Location"] == f"{PAGE}#fed-by"
    assert links(acme) == [("north", "total", 1, 1.0, None, None), ("south", "total", 1, 1.0, None, None)]
    page = text(alices.get(PAGE))
    assert "2 more KPIs feed “Total”." in page
    with inside(acme):
        told = AuditEntry.objects.filter(action="kpi.parents_set").values_list("subject", flat=True)
        assert sorted(told) == ["North", "South"]


def test_they_count_from_the_chosen_period_and_as_chosen(acme: Organization, parts: list[Kpi], alices: Client) -> None:
    alices.post(URL, chosen(parts[0], contribution="-1", when="from", since="2026-11-01"))
    assert links(acme) == [("north", "total", -1, 1.0, dt.date(2026, 11, 1), None)]


def test_the_weight_is_asked_where_it_counts(acme: Organization, parts: list[Kpi], alices: Client) -> None:
    assert "Weight" not in text(alices.get(URL))
    with inside(acme):
        Kpi.objects.filter(key="total").update(rollup="weighted_mean")
    page = text(alices.get(URL))
    assert "Weight of each" in page
    assert "subtracted" not in page
    alices.post(URL, chosen(parts[0], weight="2.5"))
    assert links(acme) == [("north", "total", 1, 2.5, None, None)]


def test_what_a_kpi_feeds_already_stays(acme: Organization, parts: list[Kpi], alices: Client) -> None:
    with inside(acme):
        goal = make_kpi(acme, "goal")
        make_link(goal, parts[0], valid_from=dt.date(2026, 1, 1))
    assert "feeds Goal" in text(alices.get(URL))
    alices.post(URL, chosen(parts[0]))
    assert [row[:2] for row in links(acme)] == [("north", "goal"), ("north", "total")]


def test_the_first_count_always_and_those_that_join_from_the_running_period(
    acme: Organization, total: Kpi, parts: list[Kpi], alices: Client
) -> None:
    assert alices.get(URL).context["when"]["when"].value() == "restate"
    with inside(acme):
        make_link(total, parts[0])
    when = alices.get(URL).context["when"]
    assert (when["when"].value(), when["since"].value()) == ("from", dt.date(2026, 11, 1))


def test_only_what_could_feed_it_is_offered(acme: Organization, total: Kpi, parts: list[Kpi], alices: Client) -> None:
    with inside(acme):
        make_link(total, parts[0])
        make_link(make_kpi(acme, "company"), total)
        make_kpi(acme, "hours", unit="duration:h")
        make_kpi(acme, "yearly", frequency="yearly")
        make_kpi(acme, "gone", archived_at=NOW)
    assert offered(alices) == ["South"]
    page = text(alices.get(URL))
    assert "“hours” is in duration:h and “total” in number; a roll-up needs one unit." in page
    assert "“yearly” is yearly and “total” monthly; a child cannot be coarser." in page


def test_what_does_not_fit_is_refused_by_name_and_nothing_is_stored(
    acme: Organization, parts: list[Kpi], alices: Client
) -> None:
    with inside(acme):
        hours = make_kpi(acme, "hours", unit="duration:h")
    response = alices.post(URL, chosen(parts[0], hours))
    assert response.status_code == 422
    assert "“Hours”: “hours” is in duration:h and “total” in number" in text(response)
    assert f'value="{parts[0].pk}" checked' in text(response)
    assert links(acme) == []


def test_what_it_feeds_itself_is_refused_with_the_path(acme: Organization, total: Kpi, alices: Client) -> None:
    with inside(acme):
        company = make_kpi(acme, "company")
        make_link(company, total)
    response = alices.post(URL, chosen(company))
    assert "These KPIs would depend on themselves: company -> total -> company." in text(response)
    assert [row[:2] for row in links(acme)] == [("total", "company")]


def test_what_feeds_it_later_is_not_added_twice(
    acme: Organization, total: Kpi, parts: list[Kpi], alices: Client
) -> None:
    with inside(acme):
        make_link(total, parts[0], valid_from=dt.date(2027, 1, 1))
    response = alices.post(URL, chosen(parts[0]))
    assert "“North”: “Total” is a parent twice at the same time" in text(response)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({}, "Choose at least one KPI."),
        ({"children": ["nonsense"]}, "is not there any more, or not yours to change"),
        ({"contribution": "7"}, "Select a valid choice. 7 is not one of the available choices."),
        ({"when": "from"}, "Give the first day, or choose “Always”."),
    ],
)
def test_an_answer_that_cannot_be_is_refused(parts: list[Kpi], alices: Client, answer: dict, said: str) -> None:
    response = alices.post(URL, ALWAYS | answer)
    assert response.status_code == 422
    assert said in text(response)


def test_what_then_counts_twice_is_told(acme: Organization, total: Kpi, parts: list[Kpi], alices: Client) -> None:
    with inside(acme):
        region = make_kpi(acme, "region", source="rollup", rollup="sum")
        make_link(total, region)
        make_link(region, parts[0])
    page = text(alices.post(URL, chosen(parts[0]), follow=True))
    assert "“Total” counts “North” more than once: directly and as a part of “Region”." in page


def test_an_archived_kpi_takes_nothing_in(acme: Organization, parts: list[Kpi], alices: Client) -> None:
    with inside(acme):
        Kpi.objects.filter(key="total").update(archived_at=NOW)
    assert "“Total” is archived; restore it first" in text(alices.post(URL, chosen(parts[0])))
    assert links(acme) == []


def test_a_contributor_adds_what_they_own_to_what_they_own(
    acme: Organization, total: Kpi, parts: list[Kpi], bob: Member, bobs: Client, veras: Client
) -> None:
    assert bobs.get(URL).status_code == veras.get(URL).status_code == 403
    with inside(acme):
        Kpi.objects.filter(key__in=["total", "north"]).update(owner=bob)
    assert offered(bobs) == ["North"]
    assert "Add what feeds it" in text(bobs.get(PAGE))
    assert bobs.post(URL, chosen(parts[1])).status_code == 422
    assert bobs.post(URL, chosen(parts[0])).status_code == 302
    assert [row[:2] for row in links(acme)] == [("north", "total")]


def test_the_page_of_a_roll_up_offers_it(total: Kpi, alices: Client, veras: Client) -> None:
    assert f'href="{URL}"' in text(alices.get(PAGE))
    assert f'href="{URL}"' not in text(veras.get(PAGE))


def test_where_nothing_is_left_to_add_the_page_says_so(total: Kpi, alices: Client) -> None:
    assert "No KPI left to add" in text(alices.get(URL))


def test_kpis_of_others_are_not_offered(
    acme: Organization, globex: Organization, total: Kpi, charlies: Client, alices: Client
) -> None:
    with inside(globex):
        theirs = make_kpi(globex, "theirs")
    assert charlies.get(URL).status_code == 404
    assert alices.post(URL, chosen(theirs)).status_code == 422
    assert links(acme) == []
