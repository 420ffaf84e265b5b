"""Pictures as PNG, for slides and mails."""

import math
from functools import cache
from pathlib import Path
from typing import Final

import resvg_py
from django.contrib.staticfiles import finders

from kpis.drawing.standalone import size_of

FONTS: Final = ("dist/fonts/inter-regular.ttf", "dist/fonts/inter-semibold.ttf")
SHARPNESS: Final = 2  # pixels of the picture for one of the drawing, so that it is sharp on good screens and paper
MOST_PIXELS: Final = 40_000_000  # of a picture; larger drawings are made as large as that


def png(svg: str) -> bytes:
    """Render an SVG document, with the product's own type whatever is installed on the machine."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, zoom=_zoom(svg), font_files=_fonts(), font_family="Inter", skip_system_fonts=True
        )
    )


def _zoom(svg: str) -> float:
    """How much larger than drawn; a drawing that would take too much memory is made smaller."""
    width, height = size_of(svg)
    return min(float(SHARPNESS), math.sqrt(MOST_PIXELS / (width * height)))


@cache
def _fonts() -> list[str]:
    found = [finders.find(name) for name in FONTS]
    return [str(Path(path)) for path in found if isinstance(path, str)]
