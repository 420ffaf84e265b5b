"""What if: other values supposed, and what they would do up the ladder. All of it stands in the address."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_required
from kpis.calendars import calendar_of
from kpis.models import Kpi
from reports.downloads import picture_file, table_file
from reports.effects import ShownEffect, csv_rows, drawing_of, picture_of, shown_effects, summary_of
from reports.supposing import MOST, Supposed, asked_of, supposed


@require_GET
@member_required()
def what_if(request: MemberRequest) -> HttpResponse:
    """The page; with htmx the form with its effects, under an address that can be sent on."""
    page = WhatIfPage(request)
    response = render(request, "reports/_what_if.html" if request.htmx else "reports/what_if.html", page.context)
    if request.htmx:
        response["HX-Replace-Url"] = request.path + page.address
    return response


@require_GET
@member_required()
def what_if_csv(request: MemberRequest) -> HttpResponse:
    """The table of effects as a file."""
    page = WhatIfPage(request)
    return table_file(csv_rows(page.effects), name="what-if", on=page.today)


@require_GET
@member_required()
def what_if_png(request: MemberRequest) -> HttpResponse:
    """The effects as a picture."""
    page = WhatIfPage(request)
    drawing, title = picture_of(page.effects), f"What if: {summary_of(page.effects)}"
    return picture_file(drawing, title=title, name="what-if", organization=page.organization, on=page.today)


class WhatIfPage:
    """What the page shows for the rows in its address."""

    def __init__(self, request: MemberRequest) -> None:
        self.organization, self.path = request.organization, request.path
        self.today = self.organization.today(timezone.now())
        lists = (request.GET.getlist(name) for name in ("kpi", "period", "value"))
        self.asked = asked_of(*lists)
        self.rows = supposed(self.asked, calendar_of(self.organization))

    @property
    def context(self) -> dict[str, Any]:
        effects = self.effects
        return {
            "rows": [(row, self._address(self.rows, without=row)) for row in self.rows],
            "choices": self.choices,
            "may_add": len(self.rows) < MOST,
            "problems": list(self.problems),
            "effects": effects,
            "summary": summary_of(effects),
            "drawing": drawing_of(effects),
            "csv": reverse("reports:what-if-csv", args=[self.organization.slug]) + self.address,
            "png": reverse("reports:what-if-png", args=[self.organization.slug]) + self.address,
        }

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The KPIs that can be added, by name."""
        chosen = {row.kpi.key for row in self.rows}
        rows = Kpi.objects.active().order_by("name", "key").values_list("key", "name")
        return [(key, name) for key, name in rows if key not in chosen]

    @cached_property
    def effects(self) -> list[ShownEffect]:
        return shown_effects(self.organization, self.rows, today=self.today)

    @property
    def problems(self) -> Iterator[str]:
        there = {row.kpi.key for row in self.rows}
        for asked in self.asked:
            if asked.key not in there:
                yield f"There is no KPI in use with the key “{asked.key}”."

    @property
    def address(self) -> str:
        return self._address(self.rows)

    def _address(self, rows: list[Supposed], *, without: Supposed | None = None) -> str:
        kept = [row for row in rows if row is not without]
        pairs = [
            pair
            for row in kept
            for pair in (
                ("kpi", row.kpi.key),
                ("period", row.period.isoformat() if row.period else ""),
                ("value", row.asked.value),
            )
        ]
        return f"?{urlencode(pairs)}"
