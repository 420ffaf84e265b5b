"""The hierarchy as pages and the API read it."""

import datetime as dt
from itertools import pairwise
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from uuid_utils.compat import uuid7

from accounts.models import Department, Member, Organization
from kpis.models import Kpi, KpiOperand
from kpis.tree import Forest, Link, Node, Standing, load_forest, load_place
from tests.cast import NOW, make_kpi, make_link, make_standing

TODAY = NOW.date()


def node(key: str, status: str = "on_track", score: float | None = None, target: float | None = 1.0, **fields) -> Node:
    standing = Standing(status=status, score=score, target=target)
    defaults = dict.fromkeys(Node._fields, "") | {"kind": "kpi", "decimals": 0, "position": 0}
    return Node(**defaults | {"id": uuid7(), "key": key, "name": key, "standing": standing} | fields)


def forest(nodes: list[Node], *pairs: str) -> Forest:
    """A forest of ``nodes`` with the links ``"child>parent"``."""
    ids: dict[str, UUID] = {node.key: node.id for node in nodes}
    split = [pair.split(">") for pair in pairs]
    links = [Link(ids[parent], ids[child], 1.0, 1, None, None) for child, parent in split]
    return Forest(nodes, links, on_track_at=0.9, at_risk_at=0.0)


def ways(forest: Forest, key: str, **options) -> list[str]:
    chains = forest.chains(forest.by_key(key), **options)
    return [" > ".join(step.node.key for step in chain) for chain in chains]


def keys(nodes: list[Node]) -> list[str]:
    return [node.key for node in nodes]


def test_a_kpi_with_two_parents_has_a_chain_through_each_the_shortest_first() -> None:
    grown = forest(
        [node("sales"), node("fresh"), node("north"), node("produce")],
        "produce>fresh",
        "fresh>north",
        "north>sales",
        "produce>sales",
    )
    assert ways(grown, "produce") == ["produce > sales", "produce > fresh > north > sales"]
    assert keys(grown.parents(grown.by_key("produce"))) == ["sales", "fresh"]
    assert keys(grown.roots) == ["sales"]


def test_a_kpi_at_the_top_is_its_own_chain() -> None:
    assert ways(forest([node("sales")]), "sales") == ["sales"]


def test_a_chain_names_the_link_by_which_each_step_is_fed() -> None:
    grown = forest([node("sales"), node("fresh")], "fresh>sales")
    (chain,) = grown.chains(grown.by_key("fresh"))
    assert chain[0].link is None
    assert chain[1].link == grown.links_up(grown.by_key("fresh"))[0]


def test_chains_stay_few_where_the_ways_up_are_countless() -> None:
    layers = [[node(f"k{layer}{index}") for index in range(4)] for layer in range(20)]
    pairs = [f"{low.key}>{high.key}" for upper, lower in pairwise(layers) for high in upper for low in lower]
    grown = forest([node for layer in layers for node in layer], *pairs)
    assert len(ways(grown, "k190")) == 12
    assert len(ways(grown, "k190", limit=3)) == 3


def test_a_cycle_that_should_not_exist_ends_a_chain_instead_of_hanging_the_page() -> None:
    grown = forest([node("a"), node("b")], "a>b", "b>a")
    assert ways(grown, "a") == ["a > b"]
    assert keys(grown.descendants(grown.by_key("a"))) == ["b"]


def test_descendants_come_once_however_many_paths_lead_to_them() -> None:
    nodes = [node("top"), node("left"), node("right"), node("foot")]
    grown = forest(nodes, "left>top", "right>top", "foot>left", "foot>right")
    assert keys(grown.descendants(nodes[0])) == ["left", "right", "foot"]
    assert keys(grown.ancestors(nodes[3])) == ["left", "right", "top"]


def test_a_fold_says_how_many_kpis_it_hides_and_how_many_are_off_track() -> None:
    nodes = [node("top"), node("a", "off_track"), node("b"), node("visits", kind="metric")]
    grown = forest(nodes, "a>top", "b>top", "visits>b")
    assert str(grown.counts_below(nodes[0])) == "2 KPIs, 1 off track"
    assert str(grown.counts([nodes[1]])) == "1 KPI, 1 off track"
    assert str(grown.counts([nodes[2]])) == "1 KPI"


def test_late_data_is_told_before_missing_data() -> None:
    late = node("sales", standing=Standing(status="no_data", is_late=True))
    assert late.status == "late"
    assert node("sales", standing=Standing(status="at_risk", is_late=True)).status == "at_risk"


def test_health_counts_a_parent_and_its_child_once() -> None:
    nodes = [node("top", "on_track", 1.0), node("foot", "off_track", 0.0), node("other", "at_risk", 0.5)]
    grown = forest(nodes, "foot>top")
    assert grown.health(grown).score == pytest.approx(0.75)


def test_health_of_a_set_without_the_parent_counts_the_child() -> None:
    nodes = [node("top", "on_track", 1.0), node("foot", "at_risk", 0.2)]
    assert forest(nodes, "foot>top").health(nodes[1:]).score == pytest.approx(0.2)


def test_health_is_not_better_than_at_risk_while_a_strategic_kpi_is_off_track() -> None:
    nodes = [node("a", "on_track", 1.0), node("b", "off_track", 0.85, level="strategic")]
    found = forest(nodes).health(nodes)
    assert (found.score, found.status.code) == (pytest.approx(0.925), "at_risk")


def test_health_leaves_out_metrics_and_reports_what_could_not_be_judged() -> None:
    nodes = [node("a", "on_track", 1.0), node("b", "no_data"), node("visits", "off_track", 0.0, kind="metric")]
    found = forest(nodes).health(nodes)
    assert (found.score, found.coverage) == (1.0, 0.5)


def test_a_part_of_the_hierarchy_has_roots_of_its_own() -> None:
    nodes = [node("top"), node("left"), node("foot")]
    part = forest(nodes, "left>top", "foot>left").only({nodes[1].id, nodes[2].id})
    assert keys(part.roots) == ["left"]
    assert keys(part.children(nodes[1])) == ["foot"]


def test_the_nodes_of_departments_keep_the_organizations_order() -> None:
    fresh, produce, other = uuid7(), uuid7(), uuid7()
    nodes = [node("a", department_id=produce), node("b", department_id=fresh), node("c", department_id=other)]
    assert keys(forest(nodes).of_departments([fresh, produce])) == ["a", "b"]


def test_the_open_period_comes_as_the_api_shows_it(in_acme: Organization) -> None:
    shown = {"period": "2026-11-01", "value": 12.5, "problem": None}
    make_standing(make_kpi(in_acme, "sales"), open=shown)
    make_standing(make_kpi(in_acme, "stock"))
    grown = load_forest(in_acme, on=TODAY)
    assert grown.by_key("sales").standing.open == shown
    assert grown.by_key("stock").standing.open is None


@pytest.fixture
def fresh(in_acme: Organization, alice: Member) -> tuple[Kpi, Kpi]:
    department = Department.objects.create(name="Fresh")
    sales = make_kpi(in_acme, "net_sales", unit="currency:EUR", position=2)
    produce = make_kpi(in_acme, "produce_sales", department=department, owner=alice, position=1)
    return sales, produce


def test_a_loaded_node_knows_its_people_and_where_it_stands(fresh: tuple[Kpi, Kpi], in_acme: Organization) -> None:
    make_standing(fresh[1], "at_risk", value=94.0, target=100.0, score=0.7, recent_values=[90.0, None, 94.0])
    found = load_forest(in_acme, on=TODAY).by_key("produce_sales")
    assert (found.department, found.owner, found.status) == ("Fresh", "Alice", "at_risk")
    assert found.standing.value == 94.0
    assert list(found.standing.recent_values) == [90.0, None, 94.0]


def test_a_kpi_that_was_never_scored_has_no_data(fresh: tuple[Kpi, Kpi], in_acme: Organization) -> None:
    found = load_forest(in_acme, on=TODAY).by_key("net_sales")
    assert (found.status, found.department, found.owner) == ("no_data", "", "")


def test_nodes_come_in_the_order_of_the_organization(fresh: tuple[Kpi, Kpi], in_acme: Organization) -> None:
    assert keys(load_forest(in_acme, on=TODAY).roots) == ["produce_sales", "net_sales"]


def test_an_owner_who_has_not_arrived_is_named_by_the_invited_address(in_acme: Organization) -> None:
    dana = Member.objects.create(organization=in_acme, invited_email="dana@example.com")
    make_kpi(in_acme, "returns", owner=dana)
    assert load_forest(in_acme, on=TODAY).by_key("returns").owner == "dana@example.com"


def test_a_link_counts_from_its_first_to_its_last_day(fresh: tuple[Kpi, Kpi], in_acme: Organization) -> None:
    make_link(*fresh, valid_from=dt.date(2026, 10, 1), valid_to=dt.date(2026, 12, 31), weight=2.0, contribution=-1)
    on = [dt.date(2026, 9, 30), dt.date(2026, 10, 1), dt.date(2026, 12, 31), dt.date(2027, 1, 1)]
    assert [len(load_forest(in_acme, on=day).links) for day in on] == [0, 1, 1, 0]
    (link,) = load_forest(in_acme, on=TODAY).links
    assert (link.weight, link.contribution) == (2.0, -1)


def test_replaced_links_and_archived_kpis_are_not_in_it(fresh: tuple[Kpi, Kpi], in_acme: Organization) -> None:
    sales, produce = fresh
    make_link(sales, produce, replaced_at=NOW)
    make_link(make_kpi(in_acme, "old", archived_at=NOW), produce)
    grown = load_forest(in_acme, on=TODAY)
    assert len(grown.links) == 0
    assert grown.by_key("old") is None
    assert keys(grown.roots) == ["produce_sales", "net_sales"]


def test_around_a_kpi_stands_only_what_is_seen_from_it(in_acme: Organization) -> None:
    names = ("top", "middle", "chosen", "below", "deep", "sibling", "named", "elsewhere")
    kpis = {name: make_kpi(in_acme, name) for name in names}
    for name in names:
        make_standing(kpis[name], value=1.0)
    for child, parent in map(
        str.split, ("middle top", "chosen middle", "sibling middle", "below chosen", "deep below")
    ):
        make_link(kpis[parent], kpis[child])
    KpiOperand.objects.create(kpi=kpis["chosen"], operand=kpis["named"], is_parent=False)
    KpiOperand.objects.create(kpi=kpis["middle"], operand=kpis["elsewhere"], is_parent=False)
    place, whole = load_place(in_acme, kpis["chosen"].pk, on=TODAY), load_forest(in_acme, on=TODAY)
    assert {one.key for one in place if one.standing.value} == {"top", "middle", "chosen", "below", "named"}
    assert place.links == whole.links
    assert list(map(definition, place)) == list(map(definition, whole))


def definition(one: Node) -> Node:
    return one._replace(standing=Standing())


@pytest.mark.parametrize("size", [5, 200])
def test_loading_takes_three_queries_whatever_the_size(in_acme: Organization, size: int) -> None:
    top = make_kpi(in_acme, "top")
    for index in range(size):
        make_link(top, make_kpi(in_acme, f"k{index}"))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(load_forest(in_acme, on=TODAY)) == size + 1
    assert len(queries) == 3
