"""What a sum counts more than once."""

import datetime as dt
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from kpis.double_counts import counted_twice
from kpis.tree import Link

TODAY = dt.date(2026, 11, 18)


def link(child, parent, contribution=1, valid_from=None, valid_to=None) -> Link:
    return Link(parent, child, 1.0, contribution, valid_from, valid_to)


def found(*links: Link, top: str = "top") -> dict[str, list[str]]:
    return counted_twice(top, links, since=TODAY)


def test_a_tree_counts_everything_once():
    assert found(link("a", "top"), link("b", "top"), link("c", "a"), link("d", "a")) == {}


def test_two_ways_count_twice():
    assert found(link("a", "top"), link("b", "top"), link("c", "a"), link("c", "b")) == {"c": ["a", "b"]}


def test_a_way_of_one_step_beside_a_longer_one_counts_twice():
    assert found(link("a", "top"), link("c", "a"), link("c", "top")) == {"c": ["top", "a"]}


def test_what_is_added_and_taken_off_is_not_counted_twice():
    ways = [link("a", "top"), link("b", "top", -1), link("c", "a"), link("c", "b")]
    assert found(*ways) == {}
    assert found(*ways[:3], link("c", "b", -1)) == {"c": ["a", "b"]}


def test_ways_that_follow_each_other_count_once():
    ended, begun = dt.date(2027, 3, 31), dt.date(2027, 4, 1)
    both = [link("a", "top"), link("b", "top"), link("c", "a", valid_to=ended)]
    assert found(*both, link("c", "b", valid_from=begun)) == {}
    assert found(*both, link("c", "b", valid_from=ended)) == {"c": ["a", "b"]}
    assert found(*both[1:], link("a", "top", valid_from=begun), link("c", "b")) == {}


def test_what_is_past_is_not_told():
    assert found(link("a", "top"), link("c", "a"), link("c", "top", valid_to=dt.date(2026, 11, 17))) == {}
    assert found(link("a", "top"), link("c", "a"), link("c", "top", valid_to=TODAY)) == {"c": ["top", "a"]}


def test_what_lies_below_is_not_named_again():
    ways = [link("a", "top"), link("b", "top"), link("c", "a"), link("c", "b"), link("d", "c")]
    assert found(*ways) == {"c": ["a", "b"]}
    assert found(*ways, link("d", "top")) == {"c": ["a", "b"], "d": ["top", "c"]}


def test_a_third_way_is_named_only_where_it_counts_like_the_others():
    ways = [link("a", "top"), link("b", "top"), link("x", "top", -1), *(link("c", part) for part in "abx")]
    assert found(*ways) == {"c": ["a", "b"]}


def test_other_sums_do_not_matter():
    assert found(link("a", "top"), link("c", "a"), link("c", "elsewhere"), link("d", "elsewhere")) == {}


days = st.none() | st.integers(0, 6).map(lambda day: TODAY + dt.timedelta(days=day))


@st.composite
def ladders(draw) -> list[Link]:
    """Up to seven KPIs, each below ones that came before it; the first is the top."""
    links = []
    for child in range(1, draw(st.integers(1, 6)) + 1):
        for parent in draw(st.sets(st.integers(0, child - 1), max_size=3)):
            first, last = draw(days), draw(days)
            if first is None or last is None or first <= last:
                links.append(link(child, parent, draw(st.sampled_from([1, -1])), first, last))
    return links


def ways(links: list[Link], child: int) -> Iterator[tuple[int, int, dt.date, dt.date]]:
    """Every way from a child to the top: its first step, sign, first and last day."""
    for each in links:
        if each.child_id == child:
            above = [(0, 1, TODAY, dt.date.max)] if each.parent_id == 0 else ways(links, each.parent_id)
            for _, sign, first, last in above:
                begin, end = max(first, each.valid_from or first), min(last, each.valid_to or last)
                if begin <= end:
                    yield each.parent_id, sign * each.contribution, begin, end


@given(ladders())
def test_it_finds_what_trying_every_way_finds(links):
    expected = {}
    for child in range(1, 8):
        all_ways = list(ways(links, child))
        by = {
            one[0]
            for one in all_ways
            for two in all_ways
            if one[0] != two[0] and one[1] == two[1] and max(one[2], two[2]) <= min(one[3], two[3])
        }
        if by:
            expected[child] = by
    assert {child: set(by) for child, by in found(*links, top=0).items()} == expected
