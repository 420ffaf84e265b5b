"""The form that sets a key result, with its rows. It shapes input; what makes sense is the actions’ to say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django import forms
from django.forms.formsets import BaseFormSet

from accounts.forms.merging import MergingForm
from accounts.models import Member, Organization
from kpis.engine.units import Unit
from kpis.forms.choices import choose_from, kpi_choices, member_choices, optional
from kpis.forms.dates import date_field
from kpis.forms.definition import OTHER_CURRENCY, OWN_LABEL, UNITS, unit_controls, unit_of_choice
from kpis.forms.numbers import NumberField
from kpis.forms.rows import Rows
from kpis.forms.selects import LongSelect
from kpis.models import Kpi
from kpis.words import day
from okrs.actions.milestones import MilestoneSpec
from okrs.models import KeyResult, Milestone, Objective
from okrs.models.choices import Cadence, KeyResultKind, Reads
from okrs.presenting.words import WEEKDAYS

NUMBERS: Final = ("start", "target", "low", "high")
SHAPED: Final = {"unit_choice", "unit_detail", "weekday", "month_day", "reason"}
BY_WEEK: Final = (Cadence.WEEKLY, Cadence.BIWEEKLY)
KINDS: Final = [
    (KeyResultKind.METRIC, "Move a number from a start to a target"),
    (KeyResultKind.AT_LEAST, "Keep a number at or above a bound"),
    (KeyResultKind.AT_MOST, "Keep a number at or below a bound"),
    (KeyResultKind.BETWEEN, "Keep a number between two bounds"),
    (KeyResultKind.MILESTONES, "Tick off milestones"),
]
# Which numbers each kind has.
NUMBERS_OF: Final[Mapping[str, Sequence[str]]] = {
    KeyResultKind.METRIC: ("start", "target"),
    KeyResultKind.AT_LEAST: ("low",),
    KeyResultKind.AT_MOST: ("high",),
    KeyResultKind.BETWEEN: ("low", "high"),
    KeyResultKind.MILESTONES: (),
}


class KeyResultForm(MergingForm, forms.Form):
    stands_for = {"unit": "unit_choice", "cadence_day": "weekday"}

    title = forms.CharField(
        label="Key result",
        max_length=200,
        help_text="The number that will tell: “Orders delivered on time”, not “Improve deliveries”.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label="How it is measured", choices=KINDS, widget=forms.RadioSelect, initial=KeyResultKind.METRIC
    )
    kpi = forms.ChoiceField(
        label="Moved by the KPI",
        required=False,
        widget=LongSelect,
        help_text="Then its data moves the key result, and check-ins only say how sure you are.",
    )
    reads = forms.ChoiceField(label="Which of its values", required=False)
    unit_choice = forms.ChoiceField(label="Unit", required=False, initial="number")
    unit_detail = forms.CharField(
        label="Which one",
        required=False,
        max_length=33,
        help_text="A currency’s code, such as USD, or the word for what is counted, such as boxes.",
    )
    owner = forms.ChoiceField(required=False, widget=LongSelect, help_text="Who checks in on it.")
    cadence = forms.ChoiceField(label="Check-ins", choices=Cadence.choices, initial=Cadence.WEEKLY)
    weekday = forms.ChoiceField(label="On which day", choices=list(enumerate(WEEKDAYS)), required=False, initial=4)
    month_day = forms.IntegerField(
        label="On day", min_value=1, max_value=31, required=False, initial=31, help_text="1 to 31; 31 is the last day."
    )
    reason = forms.CharField(
        label="Why it changes",
        required=False,
        max_length=500,
        help_text="Needed once somebody has checked in and what it is to reach changes. Both stay known.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        organization: Organization,
        objective: Objective,
        key_result: KeyResult | None = None,
        initial: Any = None,
    ) -> None:
        super().__init__(data, initial={**_initial(key_result, objective, organization), **(initial or {})})
        self.key_result, self.is_new = key_result, key_result is None
        money = f"currency:{organization.currency}"
        choose_from(self, "unit_choice", [*UNITS[:1], (money, f"Money in {organization.currency}"), *UNITS[1:]])
        linked = key_result.kpi if key_result else None
        others = kpi_choices()
        former = [(str(linked.pk), linked.name)] if linked and str(linked.pk) not in {pk for pk, _ in others} else []
        choose_from(self, "kpi", optional("None: people report it", [*others, *former]))
        choose_from(self, "reads", optional("What is usual for the KPI", Reads.choices))
        owners = member_choices(organization)
        owner = key_result.owner if key_result else None
        left = [(str(owner.pk), str(owner))] if owner and str(owner.pk) not in {pk for pk, _ in owners} else []
        choose_from(self, "owner", optional("Nobody yet", [*owners, *left]))
        self.unit = self._unit()
        for name, label in (("start", "Start"), ("target", "Target"), ("low", "At least"), ("high", "At most")):
            self.fields[name] = NumberField(is_percent=self.is_percent, required=False, label=label)
        self.fields[
            "start"
        ].help_text = "Where it stands as the cycle begins. With a KPI it may be empty: its value then."
        self.fields["weight"] = NumberField(
            required=False, label="Weight", initial=1.0, help_text="How much it counts in its objective. 1 is usual."
        )
        if self.is_new:
            del self.fields["reason"]

    @property
    def is_percent(self) -> bool:
        return self.unit == "percent"

    @property
    def linked(self) -> Kpi | None:
        """The KPI that is chosen in the form as it stands."""
        return _kpi(str(self["kpi"].value() or ""))

    def _unit(self) -> str:
        """The unit of the form as it stands, which decides how its numbers are read."""
        if kpi := self.linked:
            return kpi.unit
        return unit_of_choice(str(self["unit_choice"].value() or ""), str(self["unit_detail"].value() or "").strip())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        choice, detail = cleaned.get("unit_choice", ""), cleaned.get("unit_detail", "").strip()
        if not cleaned.get("kpi") and choice in (OTHER_CURRENCY, OWN_LABEL) and not detail:
            example = "a code, such as USD" if choice == OTHER_CURRENCY else "a word, such as boxes"
            self.add_error("unit_detail", f"Give {example}.")
        return cleaned

    def fields_of_key_result(self) -> dict[str, Any]:
        """What ``create_key_result`` and ``update_key_result`` take; numbers that the kind does not have are hidden in
        the form, and left out."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in SHAPED}
        kind = given["kind"]
        for name in NUMBERS:
            if name not in NUMBERS_OF[kind]:
                del given[name]
        given["owner"] = Member.objects.get(pk=UUID(given["owner"])) if given["owner"] else None
        given["kpi"] = None if kind == KeyResultKind.MILESTONES else self.linked
        given["reads"] = given["reads"] if given["kpi"] else ""
        given["unit"] = "number" if kind == KeyResultKind.MILESTONES else self.unit or "number"
        given["weight"] = 1.0 if given["weight"] is None else given["weight"]
        given["cadence_day"] = self._cadence_day(given["cadence"])
        return given

    def _cadence_day(self, cadence: str) -> int:
        if cadence in BY_WEEK:
            return int(self.cleaned_data["weekday"] or 4)
        return int(self.cleaned_data["month_day"] or 31)


class CheckpointForm(forms.Form):
    """One checkpoint: what progress a value means."""

    share = NumberField(is_percent=True, required=False, label="Counts as, in %")

    def __init__(self, *args: Any, is_percent: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = NumberField(is_percent=is_percent, required=False, label="At a value of")
        self.order_fields(["value", "share"])

    def clean(self) -> dict[str, Any]:
        return _both(self, "value", "share")


class PlanForm(forms.Form):
    """One point of a plan: where the number is to stand by the end of a day."""

    on = date_field(label="By the end of", required=False)

    def __init__(self, *args: Any, is_percent: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = NumberField(is_percent=is_percent, required=False, label="It is to stand at")

    def clean(self) -> dict[str, Any]:
        return _both(self, "on", "value")


class MilestoneForm(forms.Form):
    """One milestone; an empty row is left out."""

    title = forms.CharField(label="Milestone", required=False, max_length=200)
    weight = NumberField(required=False, label="Weight")
    done_on = date_field(label="Done on", required=False)
    id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        if (
            not cleaned.get("title", "").strip()
            and (cleaned.get("id") or cleaned.get("done_on"))
            and not cleaned.get("DELETE")
        ):
            self.add_error("title", "Say what is to be done.")
        return cleaned

    def spec(self) -> MilestoneSpec | None:
        """What was typed, None for an empty row or one to be removed."""
        given = self.cleaned_data
        if given.get("DELETE") or not given.get("title", "").strip():
            return None
        weight = 1.0 if given.get("weight") is None else given["weight"]
        return MilestoneSpec(given["title"], weight, given.get("done_on"), given.get("id"))


CheckpointRows = forms.formset_factory(CheckpointForm, formset=Rows, extra=2, can_delete=True, max_num=100)
PlanRows = forms.formset_factory(PlanForm, formset=Rows, extra=2, can_delete=True, max_num=100)
MilestoneRows = forms.formset_factory(MilestoneForm, formset=Rows, extra=3, can_delete=True, max_num=100)


class KeyResultRows:
    """The rows of a key result: checkpoints, plan and milestones, of which its kind has some."""

    def __init__(
        self,
        data: Any = None,
        *,
        form: KeyResultForm,
        key_result: KeyResult | None = None,
        milestones: Iterable[Milestone] = (),
        titles: Sequence[str] = (),
    ) -> None:
        """``titles`` are those of milestones to begin with."""
        own = {"is_percent": form.is_percent}
        self.checkpoints: BaseFormSet[Any] = CheckpointRows(
            data, prefix="checkpoints", initial=_checkpoints(key_result), form_kwargs=own
        )
        self.plan: BaseFormSet[Any] = PlanRows(
            data, prefix="plan", initial=_plan(key_result), form_kwargs={"is_percent": _is_plan_percent(form)}
        )
        stored = [{name: getattr(row, name) for name in ("title", "weight", "done_on", "id")} for row in milestones]
        self._stored = {row["id"] for row in stored}
        self.milestones: BaseFormSet[Any] = MilestoneRows(
            data, prefix="milestones", initial=[*stored, *({"title": title, "weight": 1.0} for title in titles)]
        )

    @property
    def all(self) -> tuple[BaseFormSet[Any], ...]:
        return self.checkpoints, self.plan, self.milestones

    def are_valid(self) -> bool:
        """Whether all rows can be read; each is asked, so that everything that is wrong is said."""
        return not [rows for rows in self.all if not rows.is_valid()]

    def fields_of(self, kind: str) -> dict[str, Any]:
        """Checkpoints and plan as ``create_key_result`` takes them, of those kinds that have them."""
        given: dict[str, Any] = {"checkpoints": [], "plan": []}
        if kind == KeyResultKind.METRIC:
            given["checkpoints"] = [[row["value"], row["share"]] for row in _filled(self.checkpoints, "value")]
        if kind in (KeyResultKind.METRIC, KeyResultKind.MILESTONES):
            points = sorted((row["on"].isoformat(), row["value"]) for row in _filled(self.plan, "on"))
            given["plan"] = [list(point) for point in points]
        return given

    def specs(self) -> list[tuple[MilestoneForm, MilestoneSpec]]:
        """The milestones with the rows that they were typed in; one that another removed meanwhile is a new one."""
        specs = [(form, spec) for form in self.milestones.forms if (spec := form.spec())]
        return [(form, spec if spec.id in self._stored else replace(spec, id=None)) for form, spec in specs]


def rows_in_words(key_result: KeyResult, milestones: Iterable[Milestone]) -> dict[str, str]:
    """What a key result has several of, in words that differ wherever a reader sees a difference."""
    typed = NumberField(is_percent=key_result.unit == "percent").prepare_value
    return {
        "checkpoints": "; ".join(f"{typed(number)} is {share:g}" for number, share in key_result.checkpoints),
        "plan": "; ".join(f"{typed(number)} by {day(dt.date.fromisoformat(on))}" for on, number in key_result.plan),
        "milestones": "; ".join(map(_milestone_in_words, milestones)),
    }


def _milestone_in_words(row: Milestone) -> str:
    weight = f", weight {row.weight:g}" if row.weight != 1 else ""
    return f"{row.title}{weight}{f', done on {day(row.done_on)}' if row.done_on else ''}"


def _filled(rows: BaseFormSet[Any], name: str) -> list[dict[str, Any]]:
    return [
        row.cleaned_data
        for row in rows.forms
        if row.cleaned_data.get(name) is not None and not row.cleaned_data.get("DELETE")
    ]


def _both(form: forms.Form, first: str, second: str) -> dict[str, Any]:
    cleaned: dict[str, Any] = form.cleaned_data
    if cleaned.get("DELETE"):
        return cleaned
    for name, other in ((first, second), (second, first)):
        if cleaned.get(name) is None and cleaned.get(other) is not None and name not in form.errors:
            form.add_error(name, "Fill in both, or leave both empty.")
    return cleaned


def _checkpoints(key_result: KeyResult | None) -> list[dict[str, float]]:
    return [{"value": value, "share": share} for value, share in key_result.checkpoints] if key_result else []


def _plan(key_result: KeyResult | None) -> list[dict[str, Any]]:
    rows = key_result.plan if key_result else []
    return [{"on": dt.date.fromisoformat(on), "value": value} for on, value in rows]


def _is_plan_percent(form: KeyResultForm) -> bool:
    """The plan of milestones is in weights, whatever unit was chosen before."""
    return form.is_percent and form["kind"].value() != KeyResultKind.MILESTONES


def _kpi(pk: str) -> Kpi | None:
    try:
        return Kpi.objects.filter(pk=UUID(pk)).first() if pk else None
    except ValueError:
        return None


def _initial(key_result: KeyResult | None, objective: Objective, organization: Organization) -> dict[str, Any]:
    if key_result is None:
        return {"owner": objective.owner_id or ""}
    names = ("title", "kind", "reads", "cadence", *NUMBERS, "weight")
    by_week = key_result.cadence in BY_WEEK
    choice, detail = unit_controls(Unit.parse(key_result.unit), organization)
    return {name: getattr(key_result, name) for name in names} | {
        "kpi": key_result.kpi_id or "",
        "owner": key_result.owner_id or "",
        "unit_choice": choice,
        "unit_detail": detail,
        "weekday": key_result.cadence_day if by_week else 4,
        "month_day": 31 if by_week else key_result.cadence_day,
    }
