"""The editor of what a leading KPI should move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.forms.formsets import BaseFormSet

from kpis.actions.influencing import MOST
from kpis.forms.choices import Choices, choose_from, kpi_choices, optional
from kpis.forms.rows import Rows
from kpis.forms.selects import LongSelect
from kpis.models import Kpi
from kpis.models.choices import Indicator


class InfluenceForm(forms.Form):
    """One KPI; an empty row is left out."""

    kpi = forms.ChoiceField(label="It should move", required=False, widget=LongSelect)

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "kpi", optional("Nothing", choices))

    def chosen(self) -> Kpi | None:
        """The KPI, None for an empty row or one to be removed."""
        pk = self.cleaned_data.get("kpi")
        return Kpi.objects.get(pk=UUID(pk)) if pk and not self.cleaned_data.get("DELETE") else None


InfluenceFormSet = forms.formset_factory(InfluenceForm, formset=Rows, extra=3, can_delete=True, max_num=MOST)


def influence_forms(kpi: Kpi, moved: Sequence[Kpi], data: Any = None) -> BaseFormSet[InfluenceForm]:
    """What it should move so far, archived ones too, and three empty rows to choose lagging KPIs in."""
    leading = Kpi.objects.filter(indicator=Indicator.LEADING).values_list("pk", flat=True)
    offered = kpi_choices(without={kpi.pk, *leading})
    archived = [(str(other.pk), f"{other.name} (archived)") for other in moved if other.archived_at]
    choices = [*offered, *archived]
    rows = [{"kpi": str(other.pk)} for other in moved]
    return InfluenceFormSet(data, initial=rows, prefix="rows", form_kwargs={"choices": choices})
