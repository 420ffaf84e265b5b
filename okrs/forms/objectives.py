"""The form that sets an objective. It shapes input; what makes sense is the actions’ to say."""

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

from django import forms

from accounts.department_tree import department_choices
from accounts.forms.merging import MergingForm
from accounts.models import Department, Member, Organization
from kpis.forms.choices import Choices, choose_from, member_choices, optional
from kpis.forms.numbers import NumberField
from kpis.forms.selects import LongSelect
from okrs.models import Cycle, KeyResult, Objective
from okrs.models.choices import ObjectiveKind, ProgressFrom

OBJECTIVE, KEY_RESULT = "objective", "key-result"
INDENT: Final = "\u2003"


class ObjectiveForm(MergingForm, forms.Form):
    stands_for = {"parent": "aligned", "parent_key_result": "aligned"}

    title = forms.CharField(
        label="Objective",
        max_length=200,
        help_text="Where you want to be, in words that people remember: “Fresh food that customers come back for”.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    description = forms.CharField(
        label="Why it matters",
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="What will be different, for whom, and why now.",
    )
    cycle = forms.ChoiceField()
    aligned = forms.ChoiceField(
        label="Supports",
        required=False,
        widget=LongSelect,
        help_text="The objective, or the key result of one, that this helps to reach.",
    )
    owner = forms.ChoiceField(
        required=False, widget=LongSelect, help_text="Who answers for it. People you have invited can own it already."
    )
    department = forms.ChoiceField(required=False, help_text="Whose it is. Empty: the whole company’s.")
    kind = forms.ChoiceField(
        label="How sure it has to be",
        choices=[
            (ObjectiveKind.ASPIRATIONAL, "Aspirational: a stretch, 70 % is a success"),
            (ObjectiveKind.COMMITTED, "Committed: promised, to be reached in full"),
        ],
        widget=forms.RadioSelect,
        initial=ObjectiveKind.ASPIRATIONAL,
    )
    progress_from = forms.ChoiceField(
        label="Its progress comes from",
        choices=ProgressFrom.choices,
        widget=forms.RadioSelect,
        initial=ProgressFrom.KEY_RESULTS,
    )
    weight = NumberField(
        required=False,
        initial=1.0,
        help_text="How much it counts beside others in the objective above. 1 is usual.",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        organization: Organization,
        cycles: Sequence[Cycle] = (),
        objective: Objective | None = None,
        only: Member | None = None,
        initial: Any = None,
    ) -> None:
        """``only``: the one member for whom the reader may set objectives."""
        super().__init__(data, initial={**_initial(objective), **(initial or {})})
        self.objective = objective
        if objective:
            del self.fields["cycle"]
        else:
            choose_from(self, "cycle", [(str(cycle.pk), cycle.name) for cycle in cycles])
        owners = member_choices(organization) if only is None else [(str(only.pk), str(only))]
        former = _former(objective, owners)
        choose_from(self, "owner", [*optional("Nobody yet", owners), *former] if only is None else [*owners, *former])
        choose_from(self, "department", optional("The whole company", department_choices()))
        choose_from(self, "aligned", optional("Nothing: it stands at the top", alignment_choices(objective)))

    def fields_of_objective(self) -> dict[str, Any]:
        """What ``create_objective`` and ``update_objective`` take."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in ("cycle", "aligned")}
        given["owner"] = _one(Member.objects, given["owner"])
        given["department"] = _one(Department.objects, given["department"])
        given["weight"] = 1.0 if given["weight"] is None else given["weight"]
        kind, _, pk = self.cleaned_data["aligned"].partition(":")
        given["parent"] = _one(Objective.objects.select_related("cycle"), pk if kind == OBJECTIVE else "")
        key_results = KeyResult.objects.select_related("objective__cycle")
        given["parent_key_result"] = _one(key_results, pk if kind == KEY_RESULT else "")
        return given


def alignment_choices(without: Objective | None = None) -> Choices:
    """The objectives of open cycles, each with its key results below it; what is aligned stays to be chosen."""
    rows = list(Objective.objects.exclude(cycle__state="closed").select_related("cycle").order_by("cycle", "position"))
    names = {row.cycle_id for row in rows}
    below: dict[UUID, list[tuple[UUID, str]]] = {}
    key_results = KeyResult.objects.filter(objective__in=[row.pk for row in rows]).in_order()
    for pk, objective_id, title in key_results.values_list("pk", "objective_id", "title"):
        below.setdefault(objective_id, []).append((pk, title))
    found: Choices = []
    for row in rows:
        if without is not None and row.pk == without.pk:
            continue
        found.append((f"{OBJECTIVE}:{row.pk}", f"{row.title}{_cycle(row, names)}"))
        found += [(f"{KEY_RESULT}:{pk}", f"{INDENT}{title}") for pk, title in below.get(row.pk, [])]
    return [*found, *_aligned_now(without, found)]


def aligned_key(objective: Objective) -> str:
    """What stands for what an objective is aligned to, among the choices."""
    if objective.parent_id:
        return f"{OBJECTIVE}:{objective.parent_id}"
    return f"{KEY_RESULT}:{objective.parent_key_result_id}" if objective.parent_key_result_id else ""


def _aligned_now(objective: Objective | None, offered: Choices) -> Choices:
    """What it is aligned to, where that belongs to a cycle that was closed since."""
    key = aligned_key(objective) if objective else ""
    if not key or not objective or key in {value for value, _ in offered}:
        return []
    above: Any = objective.parent or objective.parent_key_result
    return [(key, f"{above.title} (closed)")]


def _cycle(row: Objective, names: Collection[UUID]) -> str:
    return f" ({row.cycle.name})" if len(names) > 1 else ""


def _initial(objective: Objective | None) -> dict[str, Any]:
    if objective is None:
        return {}
    names = ("title", "description", "kind", "progress_from")
    return {name: getattr(objective, name) for name in names} | {
        "aligned": aligned_key(objective),
        "owner": objective.owner_id or "",
        "department": objective.department_id or "",
        "weight": objective.weight,
    }


def _former(objective: Objective | None, owners: Choices) -> Choices:
    """Its owner, where that is no member any more."""
    if objective is None or objective.owner is None or str(objective.owner_id) in {pk for pk, _ in owners}:
        return []
    return [(str(objective.owner_id), f"{objective.owner}")]


def _one(manager: Any, pk: str) -> Any:
    """The row a choice names; the choices were the organization's own."""
    return manager.get(pk=UUID(pk)) if pk else None
