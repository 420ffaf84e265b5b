"""The bar of a progress with its tick: where it ends, and what it says beyond its ends."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrs.drawing.progress_bar import progress_bar


def filled(svg: str) -> float:
    found = re.search(r'class="progress-fill" width="([\d.]+)%"', svg)
    return float(found[1]) if found else 0.0


def tick(svg: str) -> float:
    found = re.search(r'class="progress-tick" x="(-?[\d.]+)%"', svg)
    assert found
    return float(found[1])


@pytest.mark.parametrize(("progress", "percent"), [(0.0, 0), (0.25, 25), (1.0, 100), (-0.4, 0), (1.7, 100)])
def test_is_filled_to_its_progress_within_its_ends(progress, percent):
    assert filled(progress_bar(progress, width=200)) == percent


@pytest.mark.parametrize(("expected", "percent"), [(0.0, 0), (0.5, 50), (1.0, 100), (3.0, 100)])
def test_ticks_where_it_should_be_by_now(expected, percent):
    assert tick(progress_bar(0.1, expected, width=200)) == percent


def test_shows_that_it_moved_backwards_or_beyond():
    assert "progress-back" in progress_bar(-0.01)
    assert "progress-beyond" in progress_bar(1.01)
    assert "progress-back" not in progress_bar(0.5)
    assert "progress-beyond" not in progress_bar(1.0)


def test_is_an_empty_track_without_a_progress():
    svg = progress_bar(None)
    assert "progress-track" in svg
    assert "progress-fill" not in svg
    assert "progress-tick" not in svg


def test_takes_the_colour_of_its_status():
    assert 'class="progress-bar-drawn status-at_risk"' in progress_bar(0.3, status="at_risk")


def test_is_named_or_hidden():
    assert 'aria-label="37 % &amp; more"' in progress_bar(0.37, label="37 % & more")
    assert 'aria-hidden="true"' in progress_bar(0.37)


@given(
    st.one_of(st.none(), st.floats()),
    st.one_of(st.none(), st.floats()),
    st.sampled_from(["", "on_track", '"><script>']),
)
def test_is_well_formed_whatever_it_is_given(progress, expected, status):
    root = ElementTree.fromstring(progress_bar(progress, expected, status, label='"<&'))
    assert root.tag == "svg"
    for rect in root.iter("rect"):
        assert float(rect.get("width", "0").removesuffix("%")) >= 0
