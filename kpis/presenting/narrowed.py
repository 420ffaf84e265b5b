"""Which filters narrow what is shown: each as a link that drops it, with how many KPIs are found."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.forms import BaseForm, ChoiceField
from django.http import QueryDict

# Where a list begins is no matter once it shows others.
FROM_THE_START: Final = ("page",)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force; ``address`` is the page without it, where ``without`` KPIs would be found (None: unasked)."""

    name: str
    label: str
    value: str
    address: str
    without: int | None = None

    @property
    def words(self) -> str:
        """ "Level: Strategic"; what says it all by itself stands alone."""
        return f"{self.label}: {self.value}" if self.value else self.label


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The filters in force, how many KPIs of how many they leave, and the page without any of them."""

    chips: Sequence[Chip]
    found: int
    total: int
    cleared: str

    def __bool__(self) -> bool:
        return bool(self.chips)

    @property
    def count(self) -> str:
        """ "12 of 40 KPIs"."""
        return f"{self.found} of {self.total} {'KPI' if self.total == 1 else 'KPIs'}"

    @property
    def hides_all(self) -> bool:
        return bool(self.chips) and not self.found

    @property
    def hiding(self) -> str:
        """What hides everything, and whether dropping one of several filters would show something."""
        if len(self.chips) == 1:
            return f"“{self.chips[0].words}” fits none of the {self.total}."
        if any(chip.without for chip in self.chips):
            return f"No KPI fits all {len(self.chips)} filters at once. Drop one of them:"
        return f"No KPI fits all {len(self.chips)} filters at once, nor all but one of them."


def narrowed_by(
    form: BaseForm,
    query: QueryDict,
    names: Iterable[str],
    *,
    found: int,
    total: int,
    without: Callable[[str], int] | None = None,
    called: Mapping[str, str] | None = None,
) -> Narrowed:
    """The filters among the fields ``names`` that are chosen. ``without`` counts what is found without one of them; it
    is asked only where nothing is found. ``called`` says how choices are called whose fields do not know."""
    chosen = [name for name in names if form.cleaned_data.get(name)]
    counted = without if without and not found else None
    chips = [
        Chip(
            name,
            str(form[name].label),
            (called or {}).get(name) or _value(form, name),
            _address(query, {name}),
            counted(name) if counted else None,
        )
        for name in chosen
    ]
    return Narrowed(chips, found, total, _address(query, set(chosen)))


def _value(form: BaseForm, name: str) -> str:
    """What is chosen, as the field calls it."""
    value = form.cleaned_data[name]
    if isinstance(field := form.fields[name], ChoiceField):
        choices: Any = field.choices
        return next((str(label).strip() for key, label in choices if str(key) == str(value)), str(value))
    return "" if value is True else f"“{value}”"


def _address(query: QueryDict, dropped: set[str]) -> str:
    """The address without some parameters and without empty ones, from the start of the list on."""
    left_out = {*dropped, *FROM_THE_START}
    kept = [(name, value) for name, values in query.lists() if name not in left_out for value in values if value]
    return f"?{urlencode(kept)}"
