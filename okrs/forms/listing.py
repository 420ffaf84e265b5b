"""The filters of a cycle's objectives."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django import forms

from accounts.department_tree import DepartmentTree
from accounts.models import Member, Organization
from kpis.forms.choices import choose_from, member_choices, optional
from okrs.reading import ObjectiveView

NOBODY = "none"
COMPANY = "company"


class ObjectiveListForm(forms.Form):
    """What the overview shows. Everything is optional; what cannot be read is as if it were not there."""

    q = forms.CharField(
        label="Search",
        required=False,
        max_length=120,
        widget=forms.SearchInput({"placeholder": "Objective or key result"}),
    )
    department = forms.ChoiceField(required=False)
    owner = forms.ChoiceField(required=False)
    status = forms.CharField(required=False, max_length=20)
    mine = forms.BooleanField(label="Only mine", required=False)

    def __init__(self, data: Mapping[str, str], *, organization: Organization, member: Member) -> None:
        super().__init__(data, auto_id="filter_%s", label_suffix="")
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-control" if name == "q" else "form-select"
        self.member, self.departments = member, DepartmentTree()
        departments = [(COMPANY, "The whole company"), *self.departments.choices()]
        choose_from(self, "department", optional("Any department", departments))
        choose_from(self, "owner", optional("Anyone", [(NOBODY, "Nobody"), *member_choices(organization)]))
        self.is_valid()

    @property
    def is_narrowed(self) -> bool:
        return any(value for name, value in self.cleaned_data.items())

    @property
    def chosen_status(self) -> str:
        return str(self.cleaned_data.get("status", ""))

    def fits(self, view: ObjectiveView) -> bool:
        """Whether an objective passes every filter but the status, whose counts the page shows."""
        own, chosen = view.objective, self.cleaned_data
        return (
            (not chosen.get("mine") or self._is_mine(view))
            and (not chosen.get("owner") or _owned(own.owner_id, chosen["owner"]))
            and (not chosen.get("department") or own.department_id in self._within)
            and (not chosen.get("q") or _says(view, chosen["q"].casefold()))
        )

    @property
    def _within(self) -> Collection[UUID | None]:
        department = self.cleaned_data["department"]
        return [None] if department == COMPANY else self.departments.within(UUID(department))

    def _is_mine(self, view: ObjectiveView) -> bool:
        owners = {view.objective.owner_id, *(one.owner_id for one in view.key_results)}
        return self.member.pk in owners


def _owned(owner_id: UUID | None, chosen: str) -> bool:
    return owner_id is None if chosen == NOBODY else str(owner_id) == chosen


def _says(view: ObjectiveView, text: str) -> bool:
    titles = [view.objective.title, *(one.title for one in view.key_results)]
    return any(text in title.casefold() for title in titles)
