"""The course of a cycle: a line, where it should be, and words for both."""

import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from okrs.drawing.course import Days, Expected, Point, course
from tests.lots import examples

POINTS = [Point(0, 10.0, "1 October: 10"), Point(30, 40.0, "31 October: 40", "at_risk", 1)]
LINE = Expected(line=[(0, 10.0), (91, 100.0)])


MARKS = ((0, "1 Oct"), (31, "1 Nov"))


def drawn(points=POINTS, expected=LINE, marks=MARKS, today=48, **given):
    asked = {"last": "40", "label": "Shops", "format_axis": lambda ticks: [f"{tick:g}" for tick in ticks]}
    return course(points, expected, Days(92, marks, today), **{**asked, **given})


def test_draws_what_was_known_and_that_it_holds_until_today():
    svg = drawn()
    assert svg.count('class="trend-line"') == svg.count('class="trend-open"') == 1
    assert ">Today<" in svg
    assert ">Expected<" in svg


def test_points_carry_their_status_their_words_and_their_number():
    svg = drawn()
    assert 'class="trend-point is-at_risk"' in svg
    assert "<title>31 October: 40</title>" in svg
    assert re.search(r'class="course-number"[^>]*>1<', svg)


def test_steps_where_what_was_known_holds_until_the_next():
    assert re.search(r'trend-line" d="M[\d.]+ [\d.]+H[\d.]+V', drawn(is_stepped=True))


def test_draws_a_band_to_be_kept_within_up_to_the_edge_where_one_end_is_open():
    svg = drawn(expected=Expected(low=20.0))
    assert svg.count("trend-band") == svg.count("trend-target") == 1


def test_draws_only_what_is_expected_before_anything_is_known():
    svg = drawn(points=[], today=None)
    assert "trend-line" not in svg
    assert "Today" not in svg
    assert "trend-target" in svg


def test_names_under_the_axis_never_touch():
    svg = drawn(marks=[(day, "1 October") for day in range(92)])
    assert 3 < svg.count(">1 October<") < 15


@examples(40)
@given(
    st.lists(st.tuples(st.integers(0, 91), st.floats(allow_nan=False, min_value=-1e299, max_value=1e299)), max_size=9),
    st.one_of(st.none(), st.integers(-3, 200)),
    st.booleans(),
)
def test_is_well_formed_whatever_it_is_given(places, through, is_stepped):
    points = [Point(day, value, '"<&', "on_track", 1) for day, value in sorted(places)]
    svg = drawn(points=points, today=through, is_stepped=is_stepped, last="<&", label='"<&')
    assert ElementTree.fromstring(svg).tag == "svg"
    assert "nan" not in svg
