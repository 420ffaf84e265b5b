"""The filters of the KPI list."""

from uuid import UUID

from django import forms

from accounts.department_tree import DepartmentTree
from accounts.models import Organization
from kpis.forms.choices import choose_from, member_choices, optional
from kpis.forms.narrowing import FACETS, NarrowingForm
from kpis.models import Kpi
from kpis.models.choices import Kind, Status
from kpis.models.kpis import KpiQuerySet

NOBODY = "none"
ORDERS = {
    "name": ("name", "id"),
    "status": ("urgency", "name", "id"),
    "department": ("department__name", "name", "id"),
    "owner": ("owner__user__name", "owner__user__email", "owner__invited_email", "name", "id"),
    "period": ("standing_period", "name", "id"),
}


class KpiListForm(NarrowingForm):
    """What the list shows. Everything is optional; what cannot be read is as if it were not there."""

    q = forms.CharField(
        label="Search", required=False, max_length=120, widget=forms.SearchInput({"placeholder": "Name or key"})
    )
    department = forms.ChoiceField(required=False)
    owner = forms.ChoiceField(required=False)
    status = forms.ChoiceField(required=False, choices=optional("Any status", Status.choices))
    kind = forms.ChoiceField(required=False, choices=optional("KPIs and metrics", Kind.choices))
    archived = forms.BooleanField(label="Archived", required=False)

    def __init__(self, data: dict[str, str], *, organization: Organization) -> None:
        super().__init__(data)
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-control" if name == "q" else "form-select"
        self.departments = DepartmentTree()
        choose_from(self, "department", optional("Any department", self.departments.choices()))
        choose_from(self, "owner", optional("Anyone", [(NOBODY, "Nobody"), *member_choices(organization)]))
        self.is_valid()

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.values())

    @property
    def all(self) -> KpiQuerySet:
        """What there is to be narrowed: the KPIs in use, or those that are archived."""
        return Kpi.objects.archived() if self.cleaned_data.get("archived") else Kpi.objects.active()

    def found_without(self, name: str) -> int:
        """How many KPIs fit every filter but one."""
        status = self.cleaned_data.get("status") if name != "status" else ""
        kpis = self.narrowed(without=name).with_status()
        return (kpis.in_status(status) if status else kpis).count()

    def narrowed(self, *, without: str = "") -> KpiQuerySet:
        """The KPIs that fit every filter, or every one but one, save the status, whose counts the page shows."""
        chosen = {name: value for name, value in self.cleaned_data.items() if name != without}
        kpis = Kpi.objects.active() if without == "archived" else self.all
        for field in (*FACETS, "kind"):
            if chosen.get(field):
                kpis = kpis.filter(**{field: chosen[field]})
        if department := chosen.get("department"):
            kpis = kpis.filter(department__in=self.departments.within(UUID(department)))
        if owner := chosen.get("owner"):
            kpis = kpis.filter(owner=None) if owner == NOBODY else kpis.filter(owner=owner)
        return kpis.search(chosen["q"]) if chosen.get("q") else kpis

    def ordered(self, kpis: KpiQuerySet, sort: str) -> KpiQuerySet:
        """``sort`` is a key of ORDERS, with a minus in front to turn it round; anything else is the ladder's order."""
        columns = ORDERS.get(sort.removeprefix("-"))
        if columns is None:
            return kpis.in_order()
        first, *others = columns
        return kpis.order_by(f"-{first}" if sort.startswith("-") else first, *others)
