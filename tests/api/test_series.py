"""Series, ladder and tree."""

from itertools import pairwise

import pytest
import time_machine

from kpis.models.choices import Aggregation
from tests.api.conftest import errors_of
from tests.cast import NOW, inside, make_kpi, make_link

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def sales(acme, writer):
    """Two regions, monthly, under a total with a target; today is 18 November 2026."""
    with inside(acme):
        total = make_kpi(acme, "total", source="rollup", rollup="sum", position=0)
        for position, key in enumerate(("east", "west"), start=1):
            make_link(total, make_kpi(acme, key, position=position))
    writer.put("kpis/total/targets/", [{"effective_from": "2026-08-01", "target": 700, "floor": 500}])
    values = {"east": {"08": 300, "10": 280}, "west": {"08": 300, "09": 350, "10": 400}}
    items = [
        {"kpi": key, "date": f"2026-{month}-15", "value": value}
        for key, months in values.items()
        for month, value in months.items()
    ]
    assert writer.post("measurements/?wait=true", items).status_code == 200


def points(response, *names):
    return [tuple(point[name] for name in names) for point in response.json()["points"]]


def test_a_series_runs_from_the_first_value_to_the_period_that_runs(sales, reader):
    response = reader.get("kpis/total/series/")
    assert points(response, "period", "value", "score", "status", "coverage", "complete") == [
        ("2026-08-01", 600, 0.5, "at_risk", 1, True),
        ("2026-09-01", 350, 0, "incomplete", 0.5, True),
        ("2026-10-01", 680, 0.9, "on_track", 1, True),
        ("2026-11-01", None, None, "no_data", 0, False),
    ]
    assert set(response.json()["points"][0]) == {
        "period", "value", "target", "floor", "low", "high", "attainment", "score_raw", "score", "status", "coverage",
        "problem", "complete",
    }  # fmt: skip


def test_every_period_whose_first_date_is_asked_for_is_there(sales, reader):
    response = reader.get("kpis/east/series/?from=2026-07-01&to=2026-09-01")
    assert points(response, "period", "value", "problem") == [
        ("2026-07-01", None, "no_data"),
        ("2026-08-01", 300, None),
        ("2026-09-01", None, "no_data"),
    ]
    inner = reader.get("kpis/east/series/?from=2026-07-02&to=2026-08-31")
    assert points(inner, "period") == [("2026-08-01",)]
    assert reader.get("kpis/east/series/?from=2026-09-02&to=2026-09-30").json()["points"] == []
    assert reader.get("kpis/east/series/?from=2026-09-01&to=2026-08-01").json()["points"] == []


def test_targets_are_shown_ahead_of_the_data(sales, reader):
    response = reader.get("kpis/total/series/?from=2026-07-01&to=2027-01-01")
    found = points(response, "period", "target", "floor", "complete")
    assert found[0] == ("2026-07-01", None, None, True)
    assert found[-1] == ("2027-01-01", 700, 500, False)


def test_a_series_without_data_is_empty_unless_periods_are_asked_for(acme, reader):
    with inside(acme):
        make_kpi(acme, "new")
    assert reader.get("kpis/new/series/").json()["points"] == []
    assert points(reader.get("kpis/new/series/?from=2026-10-01"), "period") == [("2026-10-01",), ("2026-11-01",)]


def test_a_coarser_frequency_lifts_by_the_aggregation(acme, sales, reader, writer):
    response = reader.get("kpis/total/series/?frequency=quarterly")
    assert response.json()["frequency"] == "quarterly"
    assert points(response, "period", "value", "coverage", "target", "status", "complete") == [
        ("2026-07-01", 950, 0.75, None, "no_target", True),
        ("2026-10-01", 680, 1, None, "no_target", False),
    ]
    with inside(acme):
        make_kpi(acme, "cash", aggregation=Aggregation.LAST)
    items = [{"kpi": "cash", "date": f"2026-0{month}-10", "value": month} for month in (7, 8)]
    writer.post("measurements/?wait=true", items)
    assert points(reader.get("kpis/cash/series/?frequency=yearly"), "period", "value") == [("2026-01-01", 8)]


def test_a_week_across_a_boundary_is_spread_over_its_days(acme, reader, writer):
    with inside(acme):
        make_kpi(acme, "weekly", frequency="weekly")
    writer.post("measurements/?wait=true", [{"kpi": "weekly", "date": "2026-09-28", "value": 70}])
    found = points(reader.get("kpis/weekly/series/?frequency=monthly&to=2026-10-31"), "period", "value")
    assert found == [("2026-09-01", pytest.approx(30)), ("2026-10-01", pytest.approx(40))]


def test_a_finer_frequency_is_refused_naming_what_would_do(sales, reader):
    response = reader.get("kpis/total/series/?frequency=weekly")
    assert errors_of(response) == [("/frequency", "finer")]
    assert "monthly" in response.json()["detail"]


def test_too_many_points_are_refused(acme, reader):
    with inside(acme):
        make_kpi(acme, "daily", frequency="daily")
    assert errors_of(reader.get("kpis/daily/series/?from=1950-01-01")) == [("/from", "too_many_points")]


def test_a_ladder_leads_to_the_top_with_the_share_of_the_change(acme, sales, reader, writer):
    writer.post("measurements/?wait=true", [{"kpi": "east", "date": "2026-09-15", "value": 250}])
    steps = reader.get("kpis/east/ladder/").json()["steps"]
    east, total = (reader.get(f"kpis/{key}/").json() for key in ("east", "total"))
    assert [(step["key"], step["depth"], step["share"]) for step in steps] == [("east", 0, 1), ("total", 1, 30 / 80)]
    assert [step["fed_by"] for step in steps] == [[], [east["id"]]]
    assert [step["current"] for step in steps] == [east["current"], total["current"]]


def test_a_ladder_has_every_way_up_and_each_step_once(acme, reader):
    with inside(acme):
        top, left, right, leaf = (
            make_kpi(acme, key, position=n) for n, key in enumerate(("top", "left", "right", "leaf"))
        )
        for parent, child in ((top, left), (top, right), (left, leaf), (right, leaf)):
            make_link(parent, child)
    steps = reader.get("kpis/leaf/ladder/").json()["steps"]
    assert [(step["key"], step["depth"]) for step in steps] == [("leaf", 0), ("left", 1), ("right", 1), ("top", 2)]
    assert set(steps[-1]["fed_by"]) == {str(left.pk), str(right.pk)}
    assert [step["share"] for step in steps] == [None] * 4


def test_the_tree_is_nested_and_shows_a_second_place_without_its_children(acme, reader):
    with inside(acme):
        top, left, right, leaf, seed = (
            make_kpi(acme, key, position=n) for n, key in enumerate(("top", "left", "right", "leaf", "seed"))
        )
        for parent, child in ((top, left), (top, right), (left, leaf), (right, leaf), (leaf, seed)):
            make_link(parent, child, contribution=-1 if child is right else 1)
        make_kpi(acme, "archived", archived_at=NOW)
    (root,) = reader.get("kpis/tree/").json()["roots"]
    left, right = root["children"]
    assert (root["key"], root["link"], left["link"]["contribution"], right["link"]["contribution"]) == (
        "top",
        None,
        1,
        -1,
    )
    assert [left["children"][0][name] for name in ("key", "repeated")] == ["leaf", False]
    assert [child["key"] for child in left["children"][0]["children"]] == ["seed"]
    assert [right["children"][0][name] for name in ("key", "repeated", "children")] == ["leaf", True, []]


def test_a_very_deep_tree_is_cut_and_says_so(acme, reader):
    with inside(acme):
        chain = [make_kpi(acme, f"k{number}", position=number) for number in range(70)]
        for parent, child in pairwise(chain):
            make_link(parent, child)
    (node,) = reader.get("kpis/tree/").json()["roots"]
    depth = 0
    while node["children"]:
        (node,) = node["children"]
        depth += 1
    assert (depth, node["key"], node["cut"]) == (60, "k60", True)


def test_an_archived_kpi_is_part_of_no_ladder(acme, reader):
    with inside(acme):
        make_kpi(acme, "old", archived_at=NOW)
    assert reader.get("kpis/old/ladder/").status_code == 404


MONTHLY = {"unit": "number", "direction": "increase", "frequency": "monthly"}


def at(hour):
    """A later hour of today."""
    return time_machine.travel(NOW.replace(hour=hour), tick=False)


def as_of(hour):
    return f"as_of={NOW.replace(hour=hour):%Y-%m-%dT%H:%M:%SZ}"


def test_the_series_is_read_as_it_was_known(writer):
    with at(10):
        writer.post("kpis/", {**MONTHLY, "name": "Sales", "key": "sales", "source": "measured"})
    with at(12):
        writer.put("kpis/sales/values/2026-09-10/", {"value": 100})
    with at(14):
        writer.put("kpis/sales/values/2026-09-10/", {"value": 120})
    with at(16):
        assert writer.get(f"kpis/sales/series/?{as_of(11)}").json()["points"] == []
        found = points(writer.get(f"kpis/sales/series/?{as_of(13)}"), "period", "value", "status")
        assert found[0] == ("2026-09-01", 100.0, "no_target")
        found = points(writer.get(f"kpis/sales/series/?{as_of(13)}&frequency=quarterly"), "period", "value")
        assert found[0] == ("2026-07-01", 100.0)
        assert errors_of(writer.get("kpis/sales/series/?as_of=noon")) == [("/as_of", "invalid")]


def test_a_date_means_its_end_and_today_means_now(writer):
    with at(10):
        writer.post("kpis/", {**MONTHLY, "name": "Sales", "key": "sales", "source": "measured"})
        writer.put("kpis/sales/values/2026-09-10/", {"value": 100})
        assert points(writer.get("kpis/sales/series/?as_of=2026-11-18"), "value")[0] == (100.0,)
        assert writer.get("kpis/sales/series/?as_of=2026-11-17").json()["points"] == []
        assert errors_of(writer.get("kpis/sales/series/?as_of=2026-11-19")) == [("/as_of", "invalid")]


def test_the_tree_and_the_ladder_are_read_as_they_were_known(writer):
    with at(10):
        writer.post("kpis/", {**MONTHLY, "name": "Total", "key": "total", "source": "rollup"})
    with at(12):
        writer.post("kpis/", {**MONTHLY, "name": "Sales", "key": "sales", "source": "measured", "parent": "total"})
        writer.put("kpis/sales/values/2026-09-10/", {"value": 100})
    with at(14):
        writer.patch("kpis/sales/", {"name": "Gross sales", "parents": []})
    with at(16):
        then = writer.get(f"kpis/tree/?{as_of(13)}").json()["roots"]
        assert [(root["key"], [child["name"] for child in root["children"]]) for root in then] == [("total", ["Sales"])]
        assert then[0]["current"]["value"] == 100.0
        assert [root["key"] for root in writer.get(f"kpis/tree/?{as_of(11)}").json()["roots"]] == ["total"]
        assert len(writer.get("kpis/tree/").json()["roots"]) == 2
        steps = writer.get(f"kpis/sales/ladder/?{as_of(13)}").json()["steps"]
        assert [step["key"] for step in steps] == ["sales", "total"]
        assert writer.get(f"kpis/sales/ladder/?{as_of(11)}").status_code == 404
