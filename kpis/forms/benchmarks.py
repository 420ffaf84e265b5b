"""The editor of benchmarks: a block of fields for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet

from kpis.actions.benchmarking import LONGEST, MOST, BenchmarkRow
from kpis.forms.numbers import NumberField
from kpis.forms.rows import Rows
from kpis.models import Benchmark, Kpi

NUMBERS = {"median": "Median", "lower_quartile": "Lower quartile", "upper_quartile": "Upper quartile"}


class BenchmarkForm(forms.Form):
    """One benchmark; an empty one is left out. The unit decides how its numbers are read."""

    industry = forms.CharField(required=False, max_length=LONGEST["industry"])
    region = forms.CharField(required=False, max_length=LONGEST["region"])
    year = forms.IntegerField(required=False)
    source = forms.CharField(required=False, max_length=LONGEST["source"])

    def __init__(self, *args: Any, kpi: Kpi, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in NUMBERS.items():
            self.fields[name] = NumberField(
                is_percent=kpi.unit == "percent", decimals=kpi.decimals, required=False, label=label
            )
        for name in ("industry", "region", "source"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        if self._is_filled():
            for name, question in (("median", "What do half of them reach?"), ("year", "Which year is it of?")):
                if cleaned.get(name) is None and name not in self.errors:
                    self.add_error(name, question)
        return cleaned

    def row(self) -> BenchmarkRow | None:
        """What was typed, None for an empty block or one to be removed."""
        if not self._is_filled():
            return None
        return BenchmarkRow(**{name: value for name, value in self.cleaned_data.items() if name != "DELETE"})

    def _is_filled(self) -> bool:
        given = {name: value for name, value in self.cleaned_data.items() if name != "DELETE"}
        return not self.cleaned_data.get("DELETE") and any(value not in ("", None) for value in given.values())


BenchmarkFormSet = forms.formset_factory(BenchmarkForm, formset=Rows, extra=1, can_delete=True, max_num=MOST)


def benchmark_forms(kpi: Kpi, stored: Iterable[Benchmark], data: Any = None) -> BaseFormSet[BenchmarkForm]:
    """The benchmarks that are stored and an empty block."""
    rows = [asdict(BenchmarkRow.of(row)) for row in stored]
    return BenchmarkFormSet(data, initial=rows, prefix="rows", form_kwargs={"kpi": kpi})
