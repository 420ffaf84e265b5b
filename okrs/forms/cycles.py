"""Cycles, and the rhythm in which they are made by themselves."""

import datetime as dt
from typing import Any, Final

from django import forms

from accounts.forms.merging import MergingForm
from accounts.models import Organization
from kpis.forms.choices import choose_from
from kpis.forms.dates import date_field
from okrs.cycle_calendar import QUARTERS_IN, RegularLength, cycle_after, cycle_on, length_of
from okrs.models import Cycle, CycleRhythm
from okrs.models.choices import CycleLength
from okrs.spans import Span

OWN: Final = "own"
AHEAD: Final = 30


class CycleForm(forms.Form):
    """A cycle of the calendar, or one with dates of its own."""

    which = forms.ChoiceField(label="Which one", required=False, widget=forms.RadioSelect)
    name = forms.CharField(
        max_length=60,
        required=False,
        help_text="Empty: as the calendar calls it, such as Q1 2027.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    starts_on = date_field(label="First day", required=False)
    ends_on = date_field(label="Last day", required=False)

    def __init__(self, data: Any = None, *, organization: Organization, today: dt.date, taken: set[Span]) -> None:
        super().__init__(data)
        offered = list(_offered(today, organization.fiscal_year_start, taken))
        self.offered = {f"{cycle.length}:{cycle.span.starts_on}": cycle for cycle in offered}
        choices = [(key, f"{cycle.name}, {_dates(cycle.span)}") for key, cycle in self.offered.items()]
        choose_from(self, "which", [*choices, (OWN, "Another stretch of time")])
        self.fields["which"].initial = choices[0][0] if choices else OWN

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        if cleaned.get("which") in self.offered:
            cycle = self.offered[cleaned["which"]]
            cleaned |= {"starts_on": cycle.span.starts_on, "ends_on": cycle.span.ends_on, "length": cycle.length}
            cleaned["name"] = cleaned.get("name") or cycle.name
            return cleaned
        for name, needed in (
            ("name", "Give it a name."),
            ("starts_on", "When does it begin?"),
            ("ends_on", "When does it end?"),
        ):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, needed)
        cleaned["length"] = CycleLength.CUSTOM
        return cleaned

    def values(self) -> dict[str, Any]:
        """What ``create_cycle`` takes."""
        return {name: self.cleaned_data[name] for name in ("name", "starts_on", "ends_on", "length")}


class CycleEditForm(MergingForm, forms.Form):
    """The name and the dates of a cycle that is there."""

    name = forms.CharField(max_length=60, widget=forms.TextInput({"autocomplete": "off"}))
    starts_on = date_field(label="First day")
    ends_on = date_field(label="Last day")

    def __init__(self, data: Any = None, *, cycle: Cycle, organization: Organization) -> None:
        super().__init__(data, initial={name: getattr(cycle, name) for name in ("name", "starts_on", "ends_on")})
        self.fiscal_year_start = organization.fiscal_year_start

    def values(self) -> dict[str, Any]:
        """What ``update_cycle`` takes; the length is what the calendar calls such dates."""
        given = dict(self.cleaned_data)
        is_span = given["starts_on"] <= given["ends_on"]
        span = Span(given["starts_on"], given["ends_on"]) if is_span else None
        return given | {"length": length_of(span, self.fiscal_year_start) if span else CycleLength.CUSTOM}


class RhythmsForm(forms.Form):
    """Which cycles are made ahead by themselves, and how many days before they begin."""

    def __init__(self, data: Any = None, *, rhythms: dict[str, CycleRhythm]) -> None:
        super().__init__(data, auto_id="rhythm_%s")
        for length in LENGTHS:
            kept = rhythms.get(length)
            self.fields[length] = forms.BooleanField(
                required=False, label=CycleLength(length).label, initial=kept is not None
            )
            self.fields[f"{length}_days"] = forms.IntegerField(
                required=False,
                min_value=0,
                max_value=366,
                label="Days ahead",
                initial=kept.days_ahead if kept else AHEAD,
            )

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[length], self[f"{length}_days"]) for length in LENGTHS]

    def values(self) -> dict[str, int]:
        """What ``set_rhythms`` takes."""
        given = self.cleaned_data
        chosen = [length for length in LENGTHS if given[length]]
        return {length: AHEAD if given[f"{length}_days"] is None else given[f"{length}_days"] for length in chosen}


LENGTHS: Final[tuple[RegularLength, ...]] = tuple(QUARTERS_IN)


def _offered(today: dt.date, fiscal_year_start: int, taken: set[Span]) -> Any:
    """The one of each length that runs and the one that follows, those that are there already left out."""
    for length in LENGTHS:
        running = cycle_on(today, length, fiscal_year_start)
        for cycle in (running, cycle_after(running, fiscal_year_start)):
            if cycle.span not in taken:
                yield cycle


def _dates(span: Span) -> str:
    first, last = span.starts_on, span.ends_on
    year = f" {first.year}" if first.year != last.year else ""
    return f"{first.day} {first:%B}{year} to {last.day} {last:%B} {last.year}"
