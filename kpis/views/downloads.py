"""What a chart shows, as files: a picture for slides, a table for spreadsheets."""

import csv
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_required
from kpis import words
from kpis.drawing.standalone import standalone
from kpis.pictures import png
from kpis.presenting.asked import asked_in
from kpis.presenting.chart import WIDE
from kpis.presenting.page import KpiPage
from kpis.presenting.why import WIDE as WHY_WIDE
from kpis.presenting.why import Why
from kpis.views.fetching import kpi_or_404


@require_GET
@member_required()
def chart_png(request: MemberRequest, key: str) -> HttpResponse:
    """The trend with the layers that are shown, as a picture."""
    page = _page(request, key)
    width, height = WIDE
    document = standalone(page.chart.drawn(WIDE), title=page.chart.title, note=_note(page), width=width, height=height)
    return _file(HttpResponse(png(document), content_type="image/png"), page, "png")


@require_GET
@member_required()
def series_csv(request: MemberRequest, key: str) -> HttpResponse:
    """The numbers behind the trend, those of its layers among them."""
    page = _page(request, key)
    return _file(table(list(page.chart.rows())), page, "csv")


@require_GET
@member_required()
def why_png(request: MemberRequest, key: str) -> HttpResponse:
    """Why the value moved, as a picture."""
    page = _page(request, key)
    why = _why(page)
    title = f"{page.kpi.name}: {why.base_label} to {why.period_label}"
    document = standalone(why.drawn(WHY_WIDE), title=title, note=_note(page), width=WHY_WIDE, height=why.height)
    return _file(HttpResponse(png(document), content_type="image/png"), page, "png", "-why")


@require_GET
@member_required()
def why_csv(request: MemberRequest, key: str) -> HttpResponse:
    """The parts of a change with their own parts."""
    page = _page(request, key)
    return _file(table(list(_why(page).table())), page, "csv", "-why")


def _why(page: KpiPage) -> Why:
    if page.why is None:
        raise Http404("Nothing is computed here that could be explained.")
    return page.why


def table(rows: Sequence[Mapping[str, Any]]) -> HttpResponse:
    """Rows as CSV, headed by the names of their columns."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    written = csv.DictWriter(answer, list(rows[0]) if rows else [])
    written.writeheader()
    written.writerows([{name: _plain(value) for name, value in row.items()} for row in rows])
    return answer


def _plain(value: Any) -> Any:
    """Names that a spreadsheet would take for formulas stand as text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t\r") else value


def _note(page: KpiPage) -> str:
    known = f" · as it was known on {page.known_on}" if page.known_on else ""
    return f"{page.organization.name} · {words.day(page.date_of_now)}{known}"


def _page(request: MemberRequest, key: str) -> KpiPage:
    now = timezone.now()
    asked = asked_in(request.GET, request.organization, now=now)
    return KpiPage(kpi_or_404(key), request.organization, request.actor, now=now, asked=asked)


def _file(answer: HttpResponse, page: KpiPage, ending: str, what: str = "") -> HttpResponse:
    known = f"-as-known-{page.known_date}" if page.known_date else ""
    answer["Content-Disposition"] = f'attachment; filename="{page.kpi.key}{what}{known}.{ending}"'
    return answer
