"""Lists: pages that neither skip nor repeat, filters, order, and the same number of queries however long they are."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Department, Member, Role
from kpis.models import Action, Annotation, Benchmark, Kpi, KpiInfluence, Review
from tests.api.conftest import errors_of
from tests.cast import NOW, inside, make_kpi, make_link, make_standing

pytestmark = pytest.mark.django_db


def all_pages(api, path, follow="next"):
    """The rows of every page, following the links."""
    rows = []
    while path:
        page = api.get(path).json()
        rows.append(page["results"])
        path = page[follow] and page[follow].removeprefix("http://testserver/api/v1/")
    return rows


def rows_of(pages):
    return [row for page in pages for row in page]


def keys(rows):
    return [row["key"] for row in rows]


@pytest.fixture
def kpis(acme):
    """Seven KPIs of which six stand at the same place."""
    with inside(acme):
        return [make_kpi(acme, f"k{number}", name=f"Name {number // 3}", position=number // 6) for number in range(7)]


def test_pages_neither_skip_nor_repeat(kpis, reader):
    pages = all_pages(reader, "kpis/?limit=3")
    assert [keys(page) for page in pages] == [["k0", "k1", "k2"], ["k3", "k4", "k5"], ["k6"]]


@pytest.mark.parametrize("ordering", ["position", "-position", "name", "-name,key", "key", "-created_at"])
def test_every_order_has_every_row_once_in_both_directions(kpis, reader, ordering):
    forwards = all_pages(reader, f"kpis/?limit=2&ordering={ordering}")
    assert sorted(keys(rows_of(forwards))) == [kpi.key for kpi in kpis]
    last = None
    path = f"kpis/?limit=2&ordering={ordering}"
    while path:
        last, path = path, reader.get(path).json()["next"]
        path = path and path.removeprefix("http://testserver/api/v1/")
    backwards = all_pages(reader, last, follow="previous")
    assert backwards[::-1][1:-1] == forwards[1:-1]
    assert keys(rows_of(backwards[::-1])) == keys(rows_of(forwards))


def test_the_first_page_has_no_previous_and_the_last_no_next(kpis, reader):
    first = reader.get("kpis/?limit=5").json()
    second = reader.get(first["next"].removeprefix("http://testserver/api/v1/")).json()
    assert (first["previous"], second["next"]) == (None, None)
    assert (
        reader.get(second["previous"].removeprefix("http://testserver/api/v1/")).json()["results"] == first["results"]
    )


def test_a_row_that_comes_in_between_moves_nothing(acme, kpis, reader):
    first = reader.get("kpis/?limit=3&ordering=key").json()
    with inside(acme):
        make_kpi(acme, "a_new_one")
    second = reader.get(first["next"].removeprefix("http://testserver/api/v1/")).json()
    assert keys(second["results"]) == ["k3", "k4", "k5"]


def test_a_cursor_of_another_order_is_refused(kpis, reader):
    cursor = reader.get("kpis/?limit=3").json()["next"].split("cursor=")[1].split("&")[0]
    assert errors_of(reader.get(f"kpis/?ordering=-key&cursor={cursor}")) == [("/cursor", "invalid")]


def test_a_page_holds_50_rows_unless_asked_and_never_more_than_200(acme, reader):
    with inside(acme):
        Kpi.objects.bulk_create(
            [
                Kpi(key=f"k{n}", name="Same", unit="number", direction="increase", frequency="daily", created_at=NOW)
                for n in range(1, 412)
            ],
            ignore_conflicts=True,
        )
    assert len(reader.get("kpis/").json()["results"]) == 50
    pages = all_pages(reader, "kpis/?limit=200&ordering=name")
    assert [len(page) for page in pages] == [200, 200, 11]
    assert len({row["id"] for page in pages for row in page}) == 411


def test_kpis_are_filtered(acme, bob, reader):
    with inside(acme):
        sales = Department.objects.create(name="Sales")
        make_standing(make_kpi(acme, "orders", department=sales, category="sales", level="strategic"), "on_track")
        make_standing(make_kpi(acme, "visits", owner=bob, indicator="leading", kind="metric"), "no_data", is_late=True)
        make_kpi(acme, "returns", description="Sent back by customers")
        make_kpi(acme, "old", archived_at=NOW)
    expected = {
        "": ["orders", "returns", "visits"],
        f"department={sales.pk}": ["orders"],
        f"owner={bob.pk}": ["visits"],
        "status=on_track": ["orders"],
        "status=late": ["visits"],
        "status=no_data": ["returns"],
        "category=sales": ["orders"],
        "level=strategic": ["orders"],
        "indicator=leading": ["visits"],
        "kind=metric": ["visits"],
        "archived=true": ["old"],
        "archived=all": ["old", "orders", "returns", "visits"],
        "search=ORDER": ["orders"],
        "search=sent%20back": ["returns"],
        "search=%25": [],
        "status=on_track&kind=metric": [],
    }
    found = {query: sorted(keys(reader.get(f"kpis/?{query}").json()["results"])) for query in expected}
    assert found == expected
    assert reader.get("kpis/?status=late").json()["results"][0]["current"]["status"] == "late"


def test_members_are_listed_by_what_they_are_called(acme, alice, bob, vera, charlie, reader):
    Member.objects.create(organization=acme, invited_email="ann@example.com", role=Role.VIEWER)
    names = [row["name"] for row in rows_of(all_pages(reader, "members/?limit=2"))]
    assert sorted(names) == ["Alice", "Bob", "Vera", "ann@example.com"]
    assert [row["name"] for row in reader.get("members/?role=viewer&search=ver").json()["results"]] == ["Vera"]
    assert [row["name"] for row in reader.get("members/?search=ann@").json()["results"]] == ["ann@example.com"]


def test_the_audit_log_is_filtered_by_what_was_done_and_when(acme, admin):
    made = admin.post("departments/", {"name": "Sales"}).json()
    entries = admin.get("audit/?action=department.created").json()["results"]
    assert [(entry["subject"], entry["subject_id"]) for entry in entries] == [("Sales", made["id"])]
    assert admin.get(f"audit/?subject={made['id']}").json()["results"] == entries
    later = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert admin.get(f"audit/?since={later}").json()["results"] == []


def test_a_time_of_any_offset_is_understood_or_refused(admin):
    assert admin.get("audit/?since=2020-06-05T16:16:31%2B22:28").status_code == 200
    assert admin.get("audit/?since=0001-01-01T00:00:00%2B22:28").status_code == 400


LISTS = ["kpis/", "departments/", "members/", "tokens/", "audit/", "invitations/", "kpis/tree/", "actions/", "reviews/"]
LISTS += [f"kpis/k0/{part}/" for part in ("annotations", "benchmarks", "influences")]


def test_a_list_takes_the_same_queries_for_1_row_and_for_50(acme, alice, admin):
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert admin.get(path).status_code == 200
        return len(captured)

    def add(number: int) -> None:
        with inside(acme):
            parent = Kpi.objects.first()
            department = Department.objects.create(name=f"D{number}", lead=alice)
            kpi = make_kpi(acme, f"k{number}", department=department, owner=alice)
            make_standing(kpi)
            if parent:
                make_link(parent, kpi)
                KpiInfluence.objects.create(leading=parent, lagging=kpi)
            first = parent or kpi
            by = {"kpi": first, "created_at": NOW, "created_by": alice}
            Action.objects.create(title="Call", owner=alice, **by)
            Benchmark.objects.create(median=1, industry=f"I{number}", year=2025, source="Report", **by)
            Annotation.objects.create(kpi=first, on=NOW.date(), text="Strike", member=alice, created_at=NOW)
            Review.objects.create(kpi=first, held_on=NOW.date(), member=alice, recorded_at=NOW)
        assert admin.post("invitations/", {"email": f"p{number}@example.com"}).status_code == 201
        assert admin.post("tokens/", {"name": "Job", "scopes": ["read"]}).status_code == 201

    admin.get("me/")  # notes the use of the token, once a minute
    add(0)
    few = {path: queries(path) for path in LISTS}
    for number in range(1, 50):
        add(number)
    assert {path: queries(path) for path in LISTS} == few
