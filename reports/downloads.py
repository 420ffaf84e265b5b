"""Drawings and tables of reports as files."""

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

from accounts.models import Organization
from kpis.drawing.standalone import size_of, standalone
from kpis.pictures import png
from kpis.words import day


def picture_file(
    drawing: str, *, title: str, name: str, organization: Organization, on: dt.date, as_known: str = ""
) -> HttpResponse:
    """A drawing (SVG) as a PNG with its title above it, and whose it is and of when below it."""
    width, height = size_of(drawing)
    known = f" · as it was known on {as_known}" if as_known else ""
    note = f"{organization.name} · {day(on)}{known}"
    document = standalone(drawing, title=title, note=note, width=width, height=height)
    return _named(HttpResponse(png(document), content_type="image/png"), f"{name}-{on}.png")


def table_file(rows: Iterable[Sequence[Any]], *, name: str, on: dt.date) -> HttpResponse:
    """Rows as a CSV, the first of them its heads."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    csv.writer(answer).writerows([_plain(cell) for cell in row] for row in rows)
    return _named(answer, f"{name}-{on}.csv")


def _plain(cell: Any) -> Any:
    """Names that a spreadsheet would take for formulas stand as text."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in tuple("=+-@\t\r") else cell


def _named(answer: HttpResponse, name: str) -> HttpResponse:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
