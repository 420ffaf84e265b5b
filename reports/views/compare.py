"""Comparison: KPIs, periods or departments side by side; everything chosen stands in the address."""

from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_required
from kpis.forms.narrowing import FACETS
from kpis.models import Kpi
from kpis.presenting.narrowed import Narrowed, narrowed_by
from kpis.tree import Forest
from reports.comparison import MOST, MOST_PERIODS, Comparison, compare, stretch_of
from reports.department_comparison import DepartmentComparison, compare_departments
from reports.departments import Departments
from reports.downloads import picture_file, table_file
from reports.forms import CompareForm
from reports.reading import Reading


@require_GET
@member_required()
def comparison(request: MemberRequest) -> HttpResponse:
    """The page, or its part that follows the data."""
    page = ComparePage(request)
    return render(request, "reports/_compare.html" if request.htmx else "reports/compare.html", page.context)


@require_GET
@member_required()
def comparison_csv(request: MemberRequest) -> HttpResponse:
    """The table behind the charts as a file."""
    page = ComparePage(request)
    shown = page.of_departments if page.is_of_departments else page.of_kpis
    if shown is None:
        raise Http404("Nothing is chosen to compare.")
    return table_file(shown.csv_rows(), name="comparison", on=page.reading.today)


@require_GET
@member_required()
def comparison_png(request: MemberRequest) -> HttpResponse:
    """One of the charts as a picture: that of the KPI named by ``chart``, or without it all in one chart."""
    page, key = ComparePage(request), request.GET.get("chart", "")
    drawing, title = page.picture(key)
    if not drawing:
        raise Http404("There is no such chart.")
    return picture_file(
        drawing,
        title=title,
        name=key or "comparison",
        organization=page.organization,
        on=page.reading.today,
        as_known=page.reading.as_known,
    )


class Choice(NamedTuple):
    """A KPI that can be compared."""

    key: str
    name: str
    category: str
    level: str
    indicator: str
    department_id: UUID | None


class ComparePage:
    """What the page shows for the choices in its address."""

    def __init__(self, request: MemberRequest) -> None:
        self.request, self.organization = request, request.organization
        self.form = CompareForm(request.GET)
        if not self.form.is_valid():
            raise Http404("There is no such comparison.")
        self.choice: dict[str, Any] = self.form.cleaned_data
        self.reading = Reading.of(self.organization, self.choice["as_of"], now=timezone.now())
        asked = dict.fromkeys(key for key in request.GET.getlist("kpi") if key)
        self.keys, self.surplus = list(asked)[:MOST], max(len(asked) - MOST, 0)
        self.departments = Departments(self.organization)

    @property
    def context(self) -> dict[str, Any]:
        return {
            **self.reading.context,
            "form": self.form,
            "is_of_departments": self.is_of_departments,
            "comparison": None if self.is_of_departments else self.of_kpis,
            "department_comparison": self.of_departments if self.is_of_departments else None,
            "problems": list(self.problems),
            "choices": self.offered,
            "has_kpis": bool(self.choices),
            "facets": self.form.facets,
            "narrowed": self.narrowed,
            "within_choices": self.departments.choices(),
            "keys": [*self.keys, *[""] * (MOST - len(self.keys))],
            "chosen_departments": self.chosen_departments,
            "department_choices": [(row.pk, row.name) for row in self.departments.all.values()],
            "addresses": self.addresses,
            "latest": self.organization.today(self.reading.now),
        }

    @property
    def is_of_departments(self) -> bool:
        return bool(self.choice["what"] == "departments")

    @property
    def addresses(self) -> dict[str, str]:
        file = reverse("reports:compare-csv", args=[self.organization.slug])
        return {
            "same": self.address(),
            "now": self.address(as_of=""),
            "kpis": self.address(what=""),
            "departments": self.address(what="departments"),
            "csv": file + self.address(),
            "png": reverse("reports:compare-png", args=[self.organization.slug]) + self.address(),
        }

    def picture(self, key: str) -> tuple[str, str]:
        """The chart of a KPI, or without a key that of all, with its title; empty where there is none."""
        comparison = None if self.is_of_departments else self.of_kpis
        shown = comparison.shown if comparison else []
        if not key and comparison:
            return comparison.picture, ", ".join(each.kpi.name for each in shown)
        return next(((each.picture, each.kpi.name) for each in shown if each.kpi.key == key), ("", ""))

    def address(self, **changes: Any) -> str:
        chosen = {name: value for name, value in {**self.choice, **changes}.items() if value}
        several = {"kpi": self.keys, "department": [str(id) for id in self.chosen_departments]}
        return f"?{urlencode({**several, **chosen}, doseq=True)}"

    @cached_property
    def choices(self) -> list[Choice]:
        """The KPIs in use, by name."""
        return [Choice(*row) for row in Kpi.objects.active().order_by("name", "key").values_list(*Choice._fields)]

    @property
    def offered(self) -> list[Choice]:
        """Those that the filters leave, and those that are compared already."""
        left = {choice.key for choice in self.left()} | set(self.keys)
        return [choice for choice in self.choices if choice.key in left]

    def left(self, *, without: str = "") -> list[Choice]:
        """The KPIs that fit every filter, or every one but one."""
        within = self.choice["within"] if without != "within" else None
        fitting = self.form.fitting(self.choices, without=without)
        if within not in self.departments.all:
            return fitting
        departments = self.departments.within(within)
        return [choice for choice in fitting if choice.department_id in departments]

    @property
    def narrowed(self) -> Narrowed:
        """The filters in force: of the KPIs that are offered, or of those that count for their departments."""
        if self.is_of_departments:
            found, total = len(self.forest), len(self.reading.forest)
            return narrowed_by(self.form, self.request.GET, FACETS, found=found, total=total)
        within = self.departments.all.get(self.choice["within"])
        return narrowed_by(
            self.form,
            self.request.GET,
            ("within", *FACETS),
            found=len(self.left()),
            total=len(self.choices),
            without=lambda name: len(self.left(without=name)),
            called={"within": within.name} if within else None,
        )

    @cached_property
    def forest(self) -> Forest:
        """The KPIs that count for their departments."""
        whole = self.reading.forest
        return whole.only({node.id for node in self.form.fitting(whole)}) if self.form.chosen_facets else whole

    @cached_property
    def kpis(self) -> list[Kpi]:
        found = {kpi.key: kpi for kpi in Kpi.objects.filter(key__in=self.keys)}
        return [found[key] for key in self.keys if key in found]

    @cached_property
    def of_kpis(self) -> Comparison | None:
        if not self.kpis:
            return None
        choice = self.choice
        stretch = stretch_of(
            self.kpis,
            self.reading.settings,
            frequency=choice["frequency"],
            first=choice["first"],
            last=choice["last"],
            against=choice["against"],
            today=self.reading.today,
        )
        if len(stretch.periods) > MOST_PERIODS:
            return None
        return compare(self.kpis, stretch, self.reading, choice["against"])

    @cached_property
    def of_departments(self) -> DepartmentComparison:
        return compare_departments(self.reading, self.departments, self.chosen_departments, forest=self.forest)

    @cached_property
    def chosen_departments(self) -> list[UUID]:
        known = {str(id): id for id in self.departments.all}
        return [known[text] for text in self.request.GET.getlist("department") if text in known]

    @property
    def problems(self) -> Any:
        """What of the choices cannot be shown, in sentences."""
        if self.surplus:
            yield f"Up to {MOST} KPIs stand side by side; the last {self.surplus} are left out."
        there = {kpi.key for kpi in self.kpis}
        for key in self.keys:
            if key not in there:
                yield f"There is no KPI with the key “{key}”."
        if self.kpis and not self.is_of_departments and self.of_kpis is None:
            yield f"One page holds {MOST_PERIODS} periods. Choose a shorter stretch or a coarser frequency."
        for each in self.of_kpis.problems if self.of_kpis and not self.is_of_departments else ():
            yield f"{each.kpi.name} cannot be shown here: {each.problem}"
