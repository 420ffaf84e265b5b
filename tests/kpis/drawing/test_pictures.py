"""Every picture is well-formed XML whatever it is given, and shows what it was given."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from kpis.drawing.bullet import bullet
from kpis.drawing.sparkline import sparkline
from kpis.drawing.status import STATUSES
from kpis.drawing.tree import TreeNode, tree
from kpis.drawing.trend import TrendPoint, trend
from tests.lots import examples

HOSTILE = "\"><script>alert(1)</script>&amp;'<!-- ]]>"

values = st.none() | st.floats()
# Texts that XML can hold at all: the database refuses NUL, and people do not type control characters into names.
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=40)
points = st.builds(
    TrendPoint, texts, values, values, values, values, values, st.sampled_from([*STATUSES, ""]), st.booleans()
)
leaves = st.builds(
    TreeNode, texts, texts, st.sampled_from(list(STATUSES)), texts, texts, st.lists(values, max_size=13), values, texts
)
trees = st.recursive(
    leaves,
    lambda below: st.builds(
        TreeNode, texts, texts, st.sampled_from(list(STATUSES)), children=st.lists(below, max_size=9)
    ),
    max_leaves=30,
)


def text(value: float) -> str:
    return f"{value:g}"


def find(root: ElementTree.Element, css: str) -> list[ElementTree.Element]:
    return [node for node in root.iter() if css in node.get("class", "").split()]


@given(st.lists(values, max_size=20), st.one_of(values, st.lists(values, max_size=20)), texts)
def test_any_sparkline_is_well_formed(trail, target, label):
    root = ElementTree.fromstring(sparkline(trail, target, label=label))
    assert len(find(root, "spark-end")) <= 1


@given(values, values, values, values, values, texts)
def test_any_bullet_is_well_formed(value, target, floor, low, high, label):
    root = ElementTree.fromstring(bullet(value, target, floor, low=low, high=high, label=label))
    for bar in root:
        assert float(bar.get("width")) >= 0


@given(st.lists(points, max_size=15), texts)
def test_any_trend_is_well_formed(periods, label):
    root = ElementTree.fromstring(trend(periods, format_value=text, label=label))
    assert root.get("aria-label") == label


@examples(40)  # to draw a tree by lot takes longer than to picture it
@given(st.lists(trees, max_size=3), texts)
def test_any_tree_is_well_formed_and_shows_every_node(roots, label):
    def count(node):
        return 1 + sum(map(count, node.children))

    root = ElementTree.fromstring(tree(roots, label=label))
    assert len(find(root, "tree-node")) == sum(map(count, roots))


@examples(40)
@given(st.lists(trees, min_size=1, max_size=3))
def test_nodes_of_a_tree_never_overlap(roots):
    root = ElementTree.fromstring(tree(roots, label="Ladder"))
    places = []
    for node in find(root, "tree-node"):
        x, y = map(int, node.get("transform").removeprefix("translate(").removesuffix(")").split())
        places.append((x, y))
    width, height = int(root.get("width")), int(root.get("height"))
    for index, (x, y) in enumerate(places):
        assert 0 <= x <= width - 200
        assert 0 <= y <= height - 84
        for other_x, other_y in places[index + 1 :]:
            assert abs(x - other_x) >= 200 or abs(y - other_y) >= 84


def test_hostile_text_stays_text():
    node = TreeNode(HOSTILE, HOSTILE, "on_track", href='javascript:"', note=HOSTILE, hidden=HOSTILE)
    pictures = [
        sparkline([1, 2], label=HOSTILE),
        bullet(1, 2, label=HOSTILE),
        trend([TrendPoint(HOSTILE, 1.0)], format_value=lambda _: HOSTILE, label=HOSTILE),
        tree([node], label=HOSTILE),
    ]
    for picture in pictures:
        root = ElementTree.fromstring(picture)
        assert not [node for node in root.iter() if "script" in node.tag]
        assert HOSTILE in {root.get("aria-label"), *root.itertext()}


def test_no_picture_has_a_style_attribute():
    node = TreeNode("Net sales", "€ 1", "late", "/x/", trail=[1, 2], target=1.5)
    trended = trend([TrendPoint("May", 1.0, 2.0, 0.5)], format_value=text, label="Trend")
    for picture in (sparkline([1, 2], 1), bullet(1, 2, 0.5), trended, tree([node], label="Ladder")):
        assert "style=" not in picture


def test_a_sparkline_without_values_draws_nothing_but_its_target():
    root = ElementTree.fromstring(sparkline([None] * 13, 5))
    assert not find(root, "spark-line")
    assert not find(root, "spark-end")
    assert find(root, "spark-target")


def test_a_missing_period_leaves_a_gap_in_the_line():
    (line,) = find(ElementTree.fromstring(sparkline([1, 2, None, 2, 1])), "spark-line")
    assert line.get("d").count("M") == 2


def test_a_sparkline_marks_its_last_value():
    root = ElementTree.fromstring(sparkline([0, 10], width=100, height=28))
    (end,) = find(root, "spark-end")
    assert (end.get("cx"), end.get("cy")) == ("970", "30")


def test_equal_values_run_through_the_middle():
    (line,) = find(ElementTree.fromstring(sparkline([7, 7, 7], height=28)), "spark-line")
    assert "140" in line.get("d")


def test_a_single_value_is_a_dot_in_the_middle():
    root = ElementTree.fromstring(sparkline([5], width=100))
    assert find(root, "spark-end")[0].get("cx") == "500"


def test_a_bullet_starts_at_zero():
    root = ElementTree.fromstring(bullet(50, 100, width=106))
    (bar,) = find(root, "bullet-value")
    assert float(bar.get("x")) == 0
    assert float(bar.get("width")) == 50


def test_a_negative_value_reaches_left_of_zero():
    root = ElementTree.fromstring(bullet(-50, 50, width=112))
    (bar,) = find(root, "bullet-value")
    assert float(bar.get("x")) == 6
    assert float(bar.get("x")) + float(bar.get("width")) == 56


def test_an_open_period_is_hollow_and_said_to_be_so_far():
    periods = [TrendPoint("April", 1.0, status="on_track"), TrendPoint("May", 2.0, target=3.0, complete=False)]
    root = ElementTree.fromstring(trend(periods, format_value=text, label="Sales"))
    first, last = find(root, "trend-point")
    assert "is-open" not in first.get("class")
    assert "is-open" in last.get("class")
    assert "".join(first.itertext()) == "April: 1 · on track"
    assert "".join(last.itertext()) == "May: 2 · target 3 · so far"


def test_a_trend_labels_its_axis_with_round_values():
    root = ElementTree.fromstring(
        trend([TrendPoint("May", 97.0), TrendPoint("June", 12.0)], format_value=text, label="Sales")
    )
    assert [node.text for node in root.iter() if node.get("text-anchor") == "end"] == ["0", "25", "50", "75", "100"]


def test_period_names_are_thinned_but_the_newest_is_shown():
    periods = [TrendPoint(f"Month {index}", float(index)) for index in range(60)]
    root = ElementTree.fromstring(trend(periods, format_value=text, label="Sales"))
    named = [node.text for node in root.iter() if node.get("text-anchor") == "middle"]
    assert "Month 59" in named
    assert len(named) < 20


def test_a_node_says_name_value_and_status_and_links_to_its_page():
    node = TreeNode("Meat and fish in all stores of the north", "€ 70 k", "at_risk", href="/acme/kpis/1/")
    root = ElementTree.fromstring(tree([node], label="Ladder"))
    (link,) = [item for item in root.iter() if item.get("href")]
    assert link.get("href") == "/acme/kpis/1/"
    assert "Meat and fish in all stores of the north: € 70 k, at risk" in list(root.itertext())
    assert "At risk" in list(root.itertext())
