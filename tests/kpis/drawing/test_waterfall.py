"""The waterfall shows how a value came from another, part by part."""

from itertools import pairwise
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from kpis.drawing.standalone import standalone
from kpis.drawing.waterfall import Bar, waterfall
from tests.kpis.drawing.test_pictures import HOSTILE, find, text, texts

BARS = ("waterfall-good", "waterfall-bad", "waterfall-plain", "waterfall-end")


def signed(value: float) -> str:
    return f"{value:+g}"


def drawn(base: float, parts: list[Bar], value: float, label: str = "Why") -> ElementTree.Element:
    picture = waterfall(
        ("May", base), parts, ("June", value), format_value=text, format_change=signed, label=label, width=600
    )
    return ElementTree.fromstring(picture)


def spans(root: ElementTree.Element) -> list[tuple[float, float]]:
    """Where each bar begins and ends, from the top."""
    bars = [node for node in root.iter() if node.get("class") in BARS]
    return [(float(bar.get("x")), float(bar.get("x")) + float(bar.get("width"))) for bar in bars]


@given(
    st.floats(), st.lists(st.builds(Bar, texts, st.floats(), st.sampled_from([True, False, None])), max_size=9), texts
)
def test_any_waterfall_is_well_formed(base, parts, label):
    root = drawn(base, parts, base, label)
    assert root.get("aria-label") == label
    for node in root.iter():
        if node.get("width"):
            assert float(node.get("width")) >= 0


@given(st.floats(-1e6, 1e6), st.lists(st.floats(-1e6, 1e6), max_size=8))
def test_each_part_begins_where_the_one_before_ended(base, changes):
    value = base + sum(changes)
    bars = spans(drawn(base, [Bar("part", change) for change in changes], value))
    for one, following in pairwise(bars):
        assert any(abs(a - b) <= 1.2 for a in one for b in following)


def test_bars_lie_within_the_picture_on_both_sides_of_zero():
    for begin, end in spans(drawn(50.0, [Bar("a", -120.0, is_good=False), Bar("b", 30.0, is_good=True)], -40.0)):
        assert 0 <= begin <= end <= 600


def test_good_and_bad_parts_differ_by_class_and_all_say_their_number():
    root = drawn(10.0, [Bar("Produce", -7.1, is_good=False), Bar("Dairy", 0.3, is_good=True, note="joined")], 3.2)
    assert len(find(root, "waterfall-bad")) == len(find(root, "waterfall-good")) == 1
    said = list(root.itertext())
    assert "Produce: -7.1" in said
    assert "Dairy: +0.3, joined" in said


def test_hostile_names_stay_text():
    root = drawn(1.0, [Bar(HOSTILE, 1.0, note=HOSTILE)], 2.0, HOSTILE)
    assert not [node for node in root.iter() if "script" in node.tag]


def test_a_picture_of_its_own_has_title_note_and_colours():
    picture = waterfall(("May", 1.0), [], ("June", 1.0), format_value=text, format_change=signed, label="Why")
    document = standalone(picture, title=HOSTILE, note="Acme", width=760, height=68)
    root = ElementTree.fromstring(document)
    said = list(root.itertext())
    assert HOSTILE in said
    assert "Acme" in said
    assert root.get("width") == str(760 + 48)
