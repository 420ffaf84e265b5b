"""What the page of a KPI is asked to show, from its address and back into it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict

from accounts.models import Organization
from kpis.instants import past_instant
from kpis.series import EARLIEST, LATEST

LAYERS: Final = {
    "forecast": "Forecast",
    "limits": "Ordinary range",
    "notes": "Notes",
    "benchmarks": "Benchmarks",
}
SHOWN_AT_FIRST: Final = ("notes",)
TARGET: Final = "target"


@dataclass(frozen=True, slots=True)
class Asked:
    """``period`` is the one to speak of (None: the latest), ``as_of`` the instant from which to look, ``base`` what the
    period is explained against: a period's date, or TARGET, or None for the period before. ``show`` are layers of the
    chart. ``errors`` say what could not be read; it is left out.
    """

    period: dt.date | None = None
    as_of: dt.datetime | None = None
    as_of_text: str = ""
    base: dt.date | str | None = None
    show: tuple[str, ...] = SHOWN_AT_FIRST
    errors: tuple[str, ...] = field(default=())

    @property
    def query(self) -> str:
        """The parameters that lead to the same page, with a question mark; empty where nothing was asked."""
        return _query(self.parameters())

    def parameters(self) -> dict[str, str]:
        """What was asked, by name, without what is the default."""
        said = {"period": self.period, "as_of": self.as_of_text, "base": self.base}
        given = {name: str(value) for name, value in said.items() if value}
        return given if self.show == SHOWN_AT_FIRST else {**given, "show": ",".join(self.show)}

    @property
    def show_text(self) -> str:
        return ",".join(self.show)

    @property
    def base_text(self) -> str:
        return str(self.base or "")

    @property
    def as_of_day(self) -> str:
        """The date in ``as_of``, for a field that takes dates."""
        return self.as_of_text[: len("2026-11-22")]

    def query_without(self, *names: str) -> str:
        return _query({name: text for name, text in self.parameters().items() if name not in names})

    def of_now(self) -> "Asked":
        """The same without what only looks: for pages on which something is entered."""
        return replace(self, period=None, as_of=None, as_of_text="", errors=())


def _query(parameters: Mapping[str, str]) -> str:
    return f"?{urlencode(parameters, safe=',')}" if parameters else ""


def asked_in(query: QueryDict, organization: Organization, *, now: dt.datetime) -> Asked:
    """What the parameters of an address ask for."""
    errors: list[str] = []
    base = query.get("base", "").strip()
    as_of, as_of_text = _as_of(query.get("as_of", "").strip(), organization, now, errors)
    return Asked(
        period=_date("period", query.get("period", ""), errors),
        as_of=as_of,
        as_of_text=as_of_text,
        base=TARGET if base == TARGET else _date("base", base, errors),
        show=_layers(query.getlist("show"), errors) if "show" in query else SHOWN_AT_FIRST,
        errors=tuple(errors),
    )


def _as_of(
    text: str, organization: Organization, now: dt.datetime, errors: list[str]
) -> tuple[dt.datetime | None, str]:
    if not text:
        return None, ""
    try:
        return past_instant(text, organization, now=now), text
    except ValueError as error:
        errors.append(f"“{text[:40]}” cannot be looked back at. {error}")
        return None, ""


def _date(name: str, text: str, errors: list[str]) -> dt.date | None:
    text = text.strip()
    if not text:
        return None
    try:
        date = dt.date.fromisoformat(text) if len(text) == len("2026-11-22") else None
    except ValueError:
        date = None
    if date is None or not EARLIEST <= date <= LATEST:
        errors.append(f"“{text[:40]}” is no {name}; give a date in it, such as 2026-10-01.")
        return None
    return date


def _layers(given: Iterable[str], errors: list[str]) -> tuple[str, ...]:
    """Given one by one, as a form does, or with commas, as addresses do; an empty one says that none is wanted."""
    names = {name.strip() for text in given for name in text.split(",")} - {""}
    if unknown := sorted(names - LAYERS.keys()):
        errors.append(f"There is no layer “{unknown[0][:40]}”; choose from {', '.join(LAYERS)}.")
    return tuple(name for name in LAYERS if name in names)
