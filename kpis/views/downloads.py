"""What a chart shows, as files: a picture for slides, a table for spreadsheets."""

import csv

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_required
from kpis import words
from kpis.drawing.standalone import standalone
from kpis.pictures import png
from kpis.presenting.asked import asked_in
from kpis.presenting.chart import WIDE
from kpis.presenting.page import KpiPage
from kpis.views.fetching import kpi_or_404


@require_GET
@member_required()
def chart_png(request: MemberRequest, key: str) -> HttpResponse:
    """The trend with the layers that are shown, as a picture."""
    page = _page(request, key)
    width, height = WIDE
    known = f" · as it was known on {page.known_on}" if page.known_on else ""
    note = f"{request.organization.name} · {words.day(page.date_of_now)}{known}"
    document = standalone(page.chart.drawn(WIDE), title=page.chart.title, note=note, width=width, height=height)
    return _file(HttpResponse(png(document), content_type="image/png"), page, "png")


@require_GET
@member_required()
def series_csv(request: MemberRequest, key: str) -> HttpResponse:
    """The numbers behind the trend, those of its layers among them."""
    page = _page(request, key)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    rows = list(page.chart.rows())
    table = csv.DictWriter(answer, list(rows[0]) if rows else ["period", "value"])
    table.writeheader()
    table.writerows(rows)
    return _file(answer, page, "csv")


def _page(request: MemberRequest, key: str) -> KpiPage:
    now = timezone.now()
    asked = asked_in(request.GET, request.organization, now=now)
    return KpiPage(kpi_or_404(key), request.organization, request.actor, now=now, asked=asked)


def _file(answer: HttpResponse, page: KpiPage, ending: str) -> HttpResponse:
    known = f"-as-known-{page.today}" if page.known_on else ""
    answer["Content-Disposition"] = f'attachment; filename="{page.kpi.key}{known}.{ending}"'
    return answer
