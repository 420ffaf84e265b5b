"""The theme's colours, read from the style sheet's source, meet WCAG 2.2 AA; the choice of theme is kept."""

import re
from pathlib import Path

import pytest

from config.navigation import THEME_COOKIE, theme_of
from config.views import set_theme

TOKENS = Path(__file__).parents[2] / "config" / "frontend" / "styles" / "_tokens.scss"
TOKEN = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\);")
PAIRS = {name: (light, dark) for name, light, dark in TOKEN.findall(TOKENS.read_text(encoding="utf-8"))}
SURFACES = ("surface", "surface-page", "surface-sunken")
STATUSES = ("status-on-track", "status-at-risk", "status-off-track", "status-none")
THEMES = pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    channels = [int(digits[index : index + 2], 16) / 255 for index in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_of_black_on_white_is_21():
    assert contrast("#000", "#ffffff") == pytest.approx(21)


@THEMES
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("text", [*STATUSES, "accent", "quiet", "ink"])
def test_text_is_readable_on_every_surface(text, surface, theme):
    assert contrast(PAIRS[text][theme], PAIRS[surface][theme]) >= 4.5


@THEMES
@pytest.mark.parametrize("text", [*STATUSES, "accent"])
def test_text_is_readable_on_its_tint(text, theme):
    assert contrast(PAIRS[text][theme], PAIRS[f"{text}-tint"][theme]) >= 4.5


@THEMES
@pytest.mark.parametrize("status", STATUSES)
def test_marks_stand_out_from_every_surface_and_from_their_tint(status, theme):
    mark = PAIRS[f"{status}-mark"][theme]
    for surface in (*SURFACES, f"{status}-tint"):
        assert contrast(mark, PAIRS[surface][theme]) >= 3


@THEMES
def test_a_highlighted_figure_stays_readable(theme):
    assert contrast(PAIRS["ink"][theme], PAIRS["highlight"][theme]) >= 4.5


@pytest.mark.parametrize(
    ("cookie", "theme"), [("dark", "dark"), ("light", "light"), ("pink", "system"), ("", "system")]
)
def test_a_theme_is_read_from_the_cookie_and_anything_else_is_the_systems(rf, cookie, theme):
    request = rf.get("/")
    request.COOKIES[THEME_COOKIE] = cookie
    assert theme_of(request) == theme


def test_choosing_a_theme_keeps_it_and_goes_back(rf):
    response = set_theme(rf.post("/theme/", {"theme": "dark", "next": "/acme/kpis/"}))
    assert response.status_code == 302
    assert response.url == "/acme/kpis/"
    assert response.cookies[THEME_COOKIE].value == "dark"


def test_choosing_a_theme_never_leads_to_another_site(rf):
    assert set_theme(rf.post("/theme/", {"theme": "dark", "next": "https://evil.example/"})).url == "/"


def test_an_unknown_theme_is_refused_with_those_that_exist(rf):
    response = set_theme(rf.post("/theme/", {"theme": "pink"}))
    assert response.status_code == 400
    assert response.content.decode() == "Choose one of light, dark and system."
