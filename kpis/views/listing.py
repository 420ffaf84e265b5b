"""The list of KPIs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_required
from accounts.models import Role
from kpis.actions.permissions import may_define
from kpis.calendars import calendar_of
from kpis.drawing.status import status_icon, status_of
from kpis.forms.listing import KpiListForm
from kpis.forms.narrowing import FACETS
from kpis.models.kpis import BY_URGENCY
from kpis.presenting.narrowed import narrowed_by
from kpis.presenting.rows import rows_of
from kpis.vanity_facts import only_looked_at

PAGE_SIZE = 50
# In the order in which they stand on the page.
FILTERS = ("q", "department", "owner", *FACETS, "kind", "archived", "status")
COLUMNS = (
    ("name", "Name"),
    ("status", "Status"),
    ("department", "Department"),
    ("owner", "Owner"),
    ("period", "As of"),
)


@dataclass(frozen=True)
class Tab:
    """A status with how many KPIs have it, as a link that narrows the list to them."""

    status: str
    word: str
    shape: SafeString
    count: int
    address: str
    is_current: bool


@dataclass(frozen=True)
class Column:
    """A heading that sorts; ``order`` is ``ascending``, ``descending`` or empty."""

    label: str
    address: str
    order: str


@require_GET
@member_required()
def kpi_list(request: MemberRequest) -> HttpResponse:
    form = KpiListForm(request.GET.dict(), organization=request.organization)
    narrowed = form.narrowed().with_status()
    counts = narrowed.counts_by_status()
    status, sort = form.cleaned_data.get("status", ""), request.GET.get("sort", "")
    chosen = form.ordered(narrowed.in_status(status) if status else narrowed, sort)
    found = counts.get(status, 0) if status else sum(counts.values())
    page = Paginator(chosen.with_people(), PAGE_SIZE).get_page(request.GET.get("page"))
    today = request.organization.today(timezone.now())
    context: dict[str, Any] = {
        "form": form,
        "more": [*form.facets, form["kind"]],
        "narrowed": narrowed_by(
            form, request.GET, FILTERS, found=found, total=form.all.count(), without=form.found_without
        ),
        "status": status,
        "page": page,
        "rows": rows_of(page.object_list, calendar_of(request.organization), today),
        "tabs": list(_tabs(counts, status, request.GET)),
        "columns": {name: _column(name, label, sort, request.GET) for name, label in COLUMNS},
        "sort": sort,
        "may_define": may_define(request.actor),
        "address": request.path + _address(request.GET, page=request.GET.get("page", "")),
        "may_paste": request.member.has_role(Role.CONTRIBUTOR),
        "unused": 0 if request.htmx else len(only_looked_at(request.organization, today)),
        "is_empty": not sum(counts.values()) and not form.is_narrowed,
    }
    response = render(request, "kpis/_list.html" if request.htmx else "kpis/list.html", context)
    if request.htmx:
        response["HX-Replace-Url"] = context["address"]  # without the filters that are not used
    return response


def _tabs(counts: dict[str, int], current: str, query: QueryDict) -> Iterator[Tab]:
    yield Tab("", "All", mark_safe(""), sum(counts.values()), _address(query, status=""), not current)
    for status in BY_URGENCY:
        count = counts.get(status.value, 0)
        if count or current == status:
            yield Tab(
                status.value,
                status_of(status.value).word,
                mark_safe(status_icon(status.value)),  # noqa: S308 - our own drawing
                count,
                _address(query, status=status.value),
                current == status,
            )


def _column(name: str, label: str, sort: str, query: QueryDict) -> Column:
    order = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
    following = {"": name, "ascending": f"-{name}", "descending": ""}[order]
    return Column(label, _address(query, sort=following), order)


def _address(query: QueryDict, **changed: str) -> str:
    """The list's own address with other parameters, from its first page on, without empty ones."""
    asked = {**query.dict(), "page": "", **changed}
    return f"?{urlencode({name: value for name, value in asked.items() if value})}"
