"""What is laid over a trend is drawn where it belongs, whatever it is given."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.drawing.layers import Cone, Flag, Layers, LimitLines, Yardstick
from kpis.drawing.trend import TrendPoint, trend
from tests.kpis.drawing.test_pictures import HOSTILE, find, text, texts, values
from tests.lots import examples

MONTHS = ("April", "May", "June", "July")


def drawn(layers: Layers, points=None, **options) -> ElementTree.Element:
    points = points or [TrendPoint(month, 10.0 + at, target=12.0) for at, month in enumerate(MONTHS)]
    return ElementTree.fromstring(trend(points, format_value=text, label="Sales", layers=layers, **options))


def words(root: ElementTree.Element) -> list[str]:
    return list(root.itertext())


@st.composite
def laid_over(draw, count: int) -> Layers:
    line = st.lists(values, min_size=count, max_size=count)
    at = st.integers(0, count - 1)
    return Layers(
        cone=draw(st.none() | st.builds(Cone, line, line, line)),
        limits=draw(st.none() | st.builds(LimitLines, line, line, line, st.dictionaries(at, texts, max_size=3))),
        flags=draw(st.lists(st.builds(Flag, at, st.integers(1, 99), texts, st.booleans()), max_size=4)),
        yardsticks=draw(st.lists(st.builds(Yardstick, texts, st.floats(), values, values, st.booleans()), max_size=3)),
    )


@examples(50)
@given(st.data(), st.lists(values, min_size=1, max_size=5), st.booleans())
def test_any_layers_are_well_formed(data, numbers, is_linear):
    points = [TrendPoint(str(at), number, target=number, floor=1.0) for at, number in enumerate(numbers)]
    root = drawn(data.draw(laid_over(len(points))), points, is_linear=is_linear)
    assert root.get("aria-label") == "Sales"


def test_hostile_notes_stay_text():
    layers = Layers(
        limits=LimitLines([1.0] * 4, [0.0] * 4, [2.0] * 4, {1: HOSTILE}),
        flags=[Flag(0, 1, HOSTILE)],
        yardsticks=[Yardstick(HOSTILE, 5.0)],
    )
    root = drawn(layers)
    assert not [node for node in root.iter() if "script" in node.tag]
    assert words(root).count(HOSTILE) >= 3


def test_a_forecast_is_a_cone_that_widens_and_says_where_it_ends():
    points = [TrendPoint("April", 10.0), TrendPoint("May", None), TrendPoint("June", None)]
    root = drawn(Layers(cone=Cone([None, 11.0, 12.0], [None, 10.0, 9.0], [None, 12.0, 15.0])), points)
    [cone] = find(root, "trend-cone")
    corners = [pair.split() for pair in cone.get("d")[1:-1].split("L")]
    (_, top_left), (_, top_right), (_, bottom_right), (_, bottom_left) = [map(float, corner) for corner in corners]
    assert bottom_right - top_right == pytest.approx(3 * (bottom_left - top_left), abs=0.4)
    assert "12" in words(root)


def test_a_signal_is_marked_by_shape_and_named():
    root = drawn(Layers(limits=LimitLines([11.5] * 4, [10.5] * 4, [12.5] * 4, {3: "July lies outside."})))
    [mark] = find(root, "trend-signal")
    assert "".join(mark.itertext()) == "July lies outside."
    assert len(find(root, "trend-limit")) == 2
    assert {"Upper limit", "Lower limit"} <= set(words(root))


def test_limits_break_where_none_hold():
    root = drawn(Layers(limits=LimitLines([1.0, None, 3.0, 3.0], [None] * 4, [None] * 4)))
    [centre] = find(root, "trend-centre")
    assert centre.get("d").count("M") == 2


def test_flags_of_one_period_stand_below_each_other():
    root = drawn(Layers(flags=[Flag(1, 1, "Campaign"), Flag(1, 2, "Strike", is_change=True)]))
    first, second = find(root, "trend-flag")
    assert "is-change" in second.get("class")
    heights = [float(node.get("y")) for flag in (first, second) for node in flag.iter() if node.get("y")]
    assert heights[1] - heights[0] >= 16


def test_a_dated_benchmark_is_greyed_and_says_its_quartiles():
    root = drawn(Layers(yardsticks=[Yardstick("Retail 2021", 11.0, 9.0, 13.0, is_dated=True)]))
    [stick] = find(root, "trend-yardstick")
    assert "is-dated" in stick.get("class")
    assert "Retail 2021: 11; half lie between 9 and 13" in words(root)


def test_labels_beside_the_chart_never_cover_each_other():
    sticks = [Yardstick(f"Retail {year}", 13.0) for year in range(2020, 2026)]
    root = drawn(Layers(yardsticks=sticks))
    right = max(float(node.get("x")) for node in root.iter() if node.get("x") and node.text.startswith("Retail"))
    places = sorted(float(node.get("y")) for node in root.iter() if node.get("x") == f"{right:.1f}")
    assert len(places) == 8
    assert all(below - above >= 14.9 for above, below in pairwise(places))


def test_a_target_that_moves_in_a_line_is_drawn_as_one():
    points = [TrendPoint(month, 1.0, target=float(at)) for at, month in enumerate(MONTHS)]
    [line] = find(drawn(Layers(), points, is_linear=True), "trend-target")
    [steps] = find(drawn(Layers(), points), "trend-target")
    assert line.get("d").count("L") == 3
    assert "V" in steps.get("d")
