"""Lanes, lines and moves are well-formed whatever they are given, and show what they were given."""

from itertools import pairwise
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from kpis.drawing.lanes import Lane, LaneNode, lanes
from kpis.drawing.lines import Line, lines
from kpis.drawing.moves import Move, moves
from kpis.drawing.status import STATUSES
from kpis.drawing.tree import NODE_HEIGHT, NODE_WIDTH, TreeNode
from tests.kpis.drawing.test_pictures import HOSTILE, find, texts, values

statuses = st.sampled_from(list(STATUSES))


feeds = st.lists(st.tuples(st.integers(0, 11), st.booleans()), max_size=2)


@st.composite
def laned(draw: st.DrawFn) -> tuple[Lane, list[Lane]]:
    """A company and departments with nodes that feed any earlier ones."""
    homes = draw(st.lists(st.tuples(st.integers(0, 3), feeds), max_size=12))
    parts: list[list[LaneNode]] = [[], [], [], []]
    for index, (home, above) in enumerate(homes):
        fed = [(str(other), is_operand) for other, is_operand in above if other < index]
        parts[home].append(LaneNode(str(index), TreeNode(f"Node {index}", "1", "on_track"), fed))
    return Lane("Company", parts[0]), [Lane("Department", part, "at_risk", "72 % health") for part in parts[1:]]


def axis(ticks: list[float]) -> list[str]:
    return [f"{tick:g}" for tick in ticks]


def places(root: ElementTree.Element) -> list[tuple[int, int]]:
    found = [node.get("transform") for node in find(root, "tree-node")]
    return [tuple(map(int, place.removeprefix("translate(").removesuffix(")").split())) for place in found]


@given(laned(), texts)
def test_any_lanes_are_well_formed_and_show_every_node_once(drawn, label):
    company, departments = drawn
    root = ElementTree.fromstring(lanes(company, departments, label=label))
    assert len(find(root, "tree-node")) == sum(len(lane.nodes) for lane in (company, *departments))
    assert len(find(root, "lane")) == len(departments) + bool(company.nodes)


@given(laned())
def test_nodes_in_lanes_never_overlap_and_stay_in_the_picture(drawn):
    root = ElementTree.fromstring(lanes(*drawn, label="Ladder"))
    found = places(root)
    width, height = int(root.get("width")), int(root.get("height"))
    for index, (x, y) in enumerate(found):
        assert 0 <= x <= width - NODE_WIDTH
        assert 0 <= y <= height - NODE_HEIGHT
        assert not any(abs(x - a) < NODE_WIDTH and abs(y - b) < NODE_HEIGHT for a, b in found[index + 1 :])


def test_hostile_names_stay_text():
    node = LaneNode("a", TreeNode(HOSTILE, HOSTILE, "late", HOSTILE, HOSTILE))
    drawn = lanes(Lane(HOSTILE, [node]), [Lane(HOSTILE, [], "late", HOSTILE, HOSTILE)], label=HOSTILE)
    assert "<script" not in drawn
    assert ElementTree.fromstring(drawn).get("aria-label") == HOSTILE


def test_operands_have_dashed_links_and_others_whole_ones():
    top = LaneNode("top", TreeNode("Basket", "€ 31", "on_track"))
    child = LaneNode("child", TreeNode("Sales", "€ 3 k", "on_track"), [("top", False)])
    operand = LaneNode("operand", TreeNode("Visits", "90", "no_target"), [("top", True)])
    drawn = lanes(Lane("Company", [top]), [Lane("Shops", [child, operand])], label="Ladder")
    links = find(ElementTree.fromstring(drawn), "tree-link")
    assert [link.get("class") for link in links] == ["tree-link", "tree-link is-operand"]
    assert [link.get("d").count("M") for link in links] == [1, 1]


@given(st.lists(st.lists(values, min_size=3, max_size=3), max_size=6), texts)
def test_any_lines_are_well_formed_and_mark_every_value(columns, label):
    drawn = [Line(f"Line {at}", column, ["title"] * 3, at) for at, column in enumerate(columns)]
    root = ElementTree.fromstring(lines(["Jan", "Feb", "Mar"], drawn, format_axis=axis, label=label))
    assert root.get("aria-label") == label
    assert len(find(root, "line-name")) <= len(columns)


def test_names_at_the_ends_of_lines_stand_apart():
    drawn = [Line(f"Line {at}", [1.0, 2.0 + at / 1000], ["", ""], at) for at in range(6)]
    root = ElementTree.fromstring(lines(["Jan", "Feb"], drawn, format_axis=axis, label="Six"))
    heights = sorted(float(name.get("y")) for name in find(root, "line-name"))
    assert all(below - above > 14 for above, below in pairwise(heights))


@given(st.lists(st.builds(Move, texts, values, values, values, texts, texts, statuses, statuses), max_size=5), texts)
def test_any_moves_are_well_formed(drawn, label):
    root = ElementTree.fromstring(moves(drawn, label=label))
    assert len(find(root, "move-name")) == len(drawn)


def test_a_move_says_its_values_and_its_statuses():
    move = Move("Net sales", 1.0, 2.0, 3.0, "€ 1", "€ 2", "off_track", "at_risk")
    assert "€ 1 → € 2 · off track → at risk" in moves([move], label="Moves")
