"""The form that takes a paste."""

from django import forms
from django.http import QueryDict

from kpis.paste import Reading
from kpis.paste.dates import Order
from kpis.paste.numbers import Decimals

EXAMPLE = "Month\tSales in the shop\tReturns\nJan 2026\t31,250\t820\nFeb 2026\t29,980\t640"


class PasteForm(forms.Form):
    """The pasted text, and the answers to what it leaves open."""

    text = forms.CharField(
        label="Your numbers",
        strip=False,
        required=False,
        widget=forms.Textarea(
            attrs={
                "class": "form-control",
                "rows": 9,
                "spellcheck": "false",
                "autocomplete": "off",
                "wrap": "off",
                "placeholder": EXAMPLE,
            }
        ),
    )
    order = forms.ChoiceField(
        label="Dates are written",
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        choices=[("", "Choose"), (Order.DAY_FIRST, "day first: 31/12"), (Order.MONTH_FIRST, "month first: 12/31")],
    )
    decimals = forms.ChoiceField(
        label="The decimal sign is",
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        choices=[("", "Choose"), (Decimals.POINT, "a point: 1,234.5"), (Decimals.COMMA, "a comma: 1.234,5")],
    )

    @property
    def read_as(self) -> tuple[Order | None, Decimals | None]:
        order, decimals = self.cleaned_data["order"], self.cleaned_data["decimals"]
        return Order(order) if order else None, Decimals(decimals) if decimals else None


def choices_in(data: QueryDict, reading: Reading) -> dict[int, str]:
    """What was chosen for each series. A choice made for a series of another name, pasted before, does not count."""
    return {
        index: str(data[f"to_{index}"])
        for index, series in enumerate(reading.series)
        if f"to_{index}" in data and data.get(f"name_{index}") == series.name
    }
