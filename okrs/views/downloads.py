"""What charts show, as files: pictures for slides, tables for spreadsheets."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_required
from kpis import words
from kpis.drawing.standalone import standalone
from kpis.pictures import png
from kpis.views.downloads import table
from okrs.presenting.charts import WIDE, CourseChart
from okrs.presenting.key_result_page import KeyResultPage
from okrs.presenting.looking import Looking, looking_in
from okrs.presenting.objective_page import ObjectivePage
from okrs.views.fetching import key_result_or_404, objective_or_404


@require_GET
@member_required()
def objective_png(request: MemberRequest, objective_id: UUID) -> HttpResponse:
    """The progress of an objective, as a picture."""
    page = _objective(request, objective_id)
    return _picture(request, page.chart, page.looking)


@require_GET
@member_required()
def objective_csv(request: MemberRequest, objective_id: UUID) -> HttpResponse:
    """The progress of an objective, day by day."""
    page = _objective(request, objective_id)
    return _table(page.chart, page.looking)


@require_GET
@member_required()
def key_result_png(request: MemberRequest, key_result_id: UUID) -> HttpResponse:
    """The course of a key result, as a picture."""
    page = _key_result(request, key_result_id)
    return _picture(request, page.chart, page.looking)


@require_GET
@member_required()
def key_result_csv(request: MemberRequest, key_result_id: UUID) -> HttpResponse:
    """What was recorded of a key result, and said about it."""
    page = _key_result(request, key_result_id)
    return _table(page.chart, page.looking)


def _objective(request: MemberRequest, objective_id: UUID) -> ObjectivePage:
    looking = looking_in(request.GET, request.organization, now=timezone.now())
    return ObjectivePage(objective_or_404(objective_id), request.organization, request.actor, looking)


def _key_result(request: MemberRequest, key_result_id: UUID) -> KeyResultPage:
    looking = looking_in(request.GET, request.organization, now=timezone.now())
    return KeyResultPage(key_result_or_404(key_result_id), request.organization, request.actor, looking)


def _picture(request: MemberRequest, chart: CourseChart, looking: Looking) -> HttpResponse:
    width, height = WIDE
    known = f" · as it was known on {looking.known_on}" if looking.known_on else ""
    note = f"{request.organization.name} · {words.day(looking.today)}{known}"
    document = standalone(chart.drawn(WIDE), title=chart.title, note=note, width=width, height=height)
    return _file(HttpResponse(png(document), content_type="image/png"), chart, looking, "png")


def _table(chart: CourseChart, looking: Looking) -> HttpResponse:
    rows: Sequence[Mapping[str, Any]] = list(chart.rows())
    return _file(table(rows), chart, looking, "csv")


def _file(answer: HttpResponse, chart: CourseChart, looking: Looking, ending: str) -> HttpResponse:
    known = f"-as-known-{looking.date}" if looking.as_of else ""
    name = slugify(chart.name)[:60].strip("-") or "progress"
    answer["Content-Disposition"] = f'attachment; filename="{name}{known}.{ending}"'
    return answer
