"""The form that defines a KPI. It shapes input; what makes sense is the actions' to say."""

from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse

from accounts.department_tree import department_choices
from accounts.forms.merging import MergingForm
from accounts.models import Department, Member, Organization
from kpis.actions.from_template import definition_from
from kpis.actions.links import LinkSpec
from kpis.engine.formula.limits import LONGEST
from kpis.engine.units import Unit, UnitKind
from kpis.forms.choices import choose_from, kpi_choices, member_choices, optional
from kpis.forms.rhythm import RhythmForm
from kpis.forms.selects import LongSelect
from kpis.library import Template
from kpis.models import Kpi
from kpis.models.choices import (
    Aggregation,
    Category,
    Direction,
    Indicator,
    Kind,
    Level,
    Rollup,
    Source,
)

OTHER_CURRENCY = "currency"
OWN_LABEL = "custom"
UNITS = [
    ("number", "A plain number"),
    ("percent", "Percent"),
    ("ratio", "A ratio, such as 1.25"),
    (OTHER_CURRENCY, "Money in another currency"),
    ("duration:s", "Seconds"),
    ("duration:min", "Minutes"),
    ("duration:h", "Hours"),
    ("duration:d", "Days"),
    (OWN_LABEL, "A count of something: boxes, visits, people"),
]
# What a form that leaves it out does not decide.
CHOSEN = {"target_path", "pace_profile", "review_cadence"}
# What the form takes under another name, or not as it is stored.
SHAPED = {"unit_choice", "unit_detail", "parent", "contribution", "reason"}


class KpiForm(MergingForm, RhythmForm):
    stands_for = {"unit": "unit_choice", "parents": "parent"}

    name = forms.CharField(
        max_length=120,
        help_text="What people call it. One number, one name: “Net sales”, not “Sales performance”.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    description = forms.CharField(
        label="What counts",
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="What belongs in it and what doesn’t, so that two people would get the same number.",
    )
    unit_choice = forms.ChoiceField(label="Unit")
    unit_detail = forms.CharField(
        label="Which one",
        required=False,
        max_length=33,
        help_text="A currency’s code, such as USD, or the word for what is counted, such as boxes.",
    )
    decimals = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=6,
        help_text="How many digits after the point are shown. Left empty, it is what the unit usually has.",
    )
    direction = forms.ChoiceField(
        label="Which way is better",
        choices=Direction.choices,
        widget=forms.RadioSelect,
        initial=Direction.INCREASE,
    )
    department = forms.ChoiceField(required=False, help_text="Where it belongs. Empty: the whole company.")
    owner = forms.ChoiceField(
        required=False,
        widget=LongSelect,
        help_text="Who looks after it and enters its values. People you have invited can own KPIs before they arrive.",
    )
    kind = forms.ChoiceField(
        choices=[(Kind.KPI, "A KPI, with a target"), (Kind.METRIC, "A metric, only needed to work out others")],
        widget=forms.RadioSelect,
        initial=Kind.KPI,
        help_text="Metrics need no target and are not counted in anybody’s health.",
    )
    source = forms.ChoiceField(
        label="Where its values come from",
        choices=[
            (Source.MEASURED, "They are entered, pasted or sent in"),
            (Source.ROLLUP, "They are worked out from the KPIs that feed it"),
            (Source.FORMULA, "They are computed by a formula"),
        ],
        widget=forms.RadioSelect,
        initial=Source.MEASURED,
    )
    rollup = forms.ChoiceField(
        label="Worked out as",
        required=False,
        choices=Rollup.choices,
        initial=Rollup.SUM,
        help_text="For shares and averages a weighted mean is usually right, for amounts the sum.",
    )
    formula = forms.CharField(
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
        help_text="Other KPIs by their keys, with + - * / and functions, such as net_sales / baskets.",
    )
    weight_by = forms.ChoiceField(
        label="Weighted by",
        required=False,
        widget=LongSelect,
        help_text="The KPI that says how much this one counts in a weighted mean: visits, for a conversion rate.",
    )
    parent = forms.ChoiceField(
        label="Ladders up to",
        required=False,
        widget=LongSelect,
        help_text="The KPI this one helps. More of them can be added later.",
    )
    contribution = forms.TypedChoiceField(
        label="How it counts there",
        coerce=int,
        empty_value="1",
        required=False,
        choices=[(1, "It adds"), (-1, "It subtracts, like a cost under a profit")],
        initial=1,
    )
    category = forms.ChoiceField(choices=Category.choices, initial=Category.OTHER)
    level = forms.ChoiceField(
        choices=Level.choices,
        initial=Level.OPERATIONAL,
        help_text="While a strategic KPI is off track, its department is never shown as better than at risk.",
    )
    indicator = forms.ChoiceField(
        choices=[(Indicator.LEADING, "Leading: it moves first"), (Indicator.LAGGING, "Lagging: it shows the result")],
        initial=Indicator.LAGGING,
    )
    key = forms.CharField(
        required=False,
        max_length=64,
        help_text="What programs call it by. Empty: made from the name. Programs that send values must know a new one.",
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(
        self, data: Any = None, *, organization: Organization, kpi: Kpi | None = None, initial: Any = None
    ) -> None:
        super().__init__(data, initial={**_initial(kpi, organization), **(initial or {})})
        self.kpi = kpi
        completion = reverse("kpis:formula-completion", args=[organization.slug])
        self.fields["formula"].widget.attrs["data-completion"] = f"{completion}?kpi={kpi.key}" if kpi else completion
        money = f"currency:{organization.currency}"
        choose_from(self, "unit_choice", [*UNITS[:1], (money, f"Money in {organization.currency}"), *UNITS[1:]])
        choose_from(self, "department", optional("The whole company", department_choices()))
        choose_from(self, "owner", optional("Nobody yet", member_choices(organization)))
        others = kpi_choices(without={kpi.pk} if kpi else ())
        by = kpi.weight_by if kpi else None
        kept = [(str(by.pk), f"{by.name} (archived)")] if by and by.archived_at else []
        choose_from(self, "weight_by", optional("Nothing: by the weight of its link", [*others, *kept]))
        if kpi:
            del self.fields["parent"], self.fields["contribution"]
        else:
            del self.fields["reason"]
            choose_from(self, "parent", optional("Nothing: it stands at the top", others))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        choice, detail = cleaned.get("unit_choice", ""), cleaned.get("unit_detail", "").strip()
        if choice in (OTHER_CURRENCY, OWN_LABEL) and not detail:
            example = "a code, such as USD" if choice == OTHER_CURRENCY else "a word, such as boxes"
            self.add_error("unit_detail", f"Give {example}.")
        cleaned["unit"] = unit_of_choice(choice, detail)
        return cleaned

    def fields_of_kpi(self) -> dict[str, Any]:
        """What ``create_kpi`` and ``update_kpi`` take."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in SHAPED}
        given["department"] = _one(Department.objects, given["department"])
        given["owner"] = _one(Member.objects, given["owner"])
        given["weight_by"] = _one(Kpi.objects, given["weight_by"])
        given["carry_forward"] = given["carry_forward"] or 0
        if given["decimals"] is None:
            del given["decimals"]
        if given["source"] != Source.ROLLUP:
            given["rollup"] = ""
        if given["source"] != Source.FORMULA:
            given["formula"] = ""
        elif self.kpi and given["formula"] == _in_one_line(self.kpi.formula):
            given["formula"] = self.kpi.formula
        if given["aggregation"] != Aggregation.LAST or given["source"] != Source.MEASURED:
            given["carry_forward"] = 0
        if self.kpi and not given["key"]:
            del given["key"]
        return {name: value for name, value in given.items() if name not in CHOSEN or value}

    def links(self) -> list[LinkSpec]:
        """The new KPI's place in the ladder."""
        parent = _one(Kpi.objects, self.cleaned_data["parent"])
        return [LinkSpec(parent, contribution=int(self.cleaned_data["contribution"]))] if parent else []


def unit_of_choice(choice: str, detail: str) -> str:
    """The unit that the two controls make together, whether it is one or not."""
    if choice == OTHER_CURRENCY:
        return f"{choice}:{detail.upper()}"
    return f"{choice}:{detail}" if choice == OWN_LABEL else choice


def initial_from(one: Template, organization: Organization) -> dict[str, Any]:
    """What the form begins with for a template; its key is the template's where that is free."""
    definition = definition_from(one, organization.currency)
    choice, detail = unit_controls(Unit.parse(definition.pop("unit")), organization)
    is_free = not Kpi.objects.filter(key=one.slug).exists()
    return definition | {"unit_choice": choice, "unit_detail": detail, "key": one.slug if is_free else ""}


def _one(manager: Any, pk: str) -> Any:
    """The row a choice names; the choices were the organization's own."""
    return manager.get(pk=UUID(pk)) if pk else None


def _initial(kpi: Kpi | None, organization: Organization) -> dict[str, Any]:
    if kpi is None:
        return {}
    names = (
        "name key description decimals direction kind frequency source aggregation carry_forward due_after_days "
        "category level indicator target_path pace_profile review_cadence"
    )
    initial = {name: getattr(kpi, name) for name in names.split()}
    choice, detail = unit_controls(Unit.parse(kpi.unit), organization)
    return initial | {
        "unit_choice": choice,
        "unit_detail": detail,
        "rollup": kpi.rollup or Rollup.SUM,
        "formula": _in_one_line(kpi.formula),
        "department": kpi.department_id or "",
        "owner": kpi.owner_id or "",
        "weight_by": kpi.weight_by_id or "",
    }


def _in_one_line(formula: str) -> str:
    """As the field can hold it; line breaks mean nothing in a formula."""
    return " ".join(formula.splitlines()).strip()


def unit_controls(unit: Unit, organization: Organization) -> tuple[str, str]:
    if unit.kind is UnitKind.CUSTOM:
        return OWN_LABEL, unit.detail
    if unit.kind is UnitKind.CURRENCY and unit.detail != organization.currency:
        return OTHER_CURRENCY, unit.detail
    return str(unit), ""
