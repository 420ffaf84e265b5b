"""What a demo organization consists of, as plain values that name each other by key, name or address."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from accounts.models import Role

# A KPI's values by date.
Series: TypeAlias = Mapping[dt.date, float]


@dataclass(frozen=True)
class PersonPlan:
    """A member; somebody without a name was invited and has not arrived."""

    email: str
    name: str
    role: Role


@dataclass(frozen=True)
class DepartmentPlan:
    """A department below the one named ``parent``, led by the person with the address ``lead``."""

    name: str
    parent: str = ""
    lead: str = ""


@dataclass(frozen=True)
class TargetPlan:
    """Targets that follow from the quarter before: its mean or last value, times ``factor``; or a range that stays.

    ``floor`` is a share of the target, None where a fifth below (or above) is what is meant.
    """

    factor: float = 1.0
    basis: str = "mean"
    floor: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class KpiPlan:
    """A KPI under the parents named by key, each with +1 or -1; roll-ups sum, a ``formula`` names KPIs planned before.

    ``fields`` are further columns.
    """

    key: str
    name: str
    description: str
    unit: str
    frequency: str
    direction: str = "increase"
    parents: Mapping[str, int] = field(default_factory=dict)
    owner: str = ""
    department: str = ""
    rollup: bool = False
    formula: str = ""
    target: TargetPlan | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """Where its values come from."""
        if self.formula:
            return "formula"
        return "rollup" if self.rollup else "measured"


@dataclass(frozen=True)
class ActionPlan:
    """A step for the KPI with this key; one with a ``cause`` is corrective, one with ``closed_on`` is done."""

    key: str
    title: str
    owner: str
    due_on: dt.date
    cause: str = ""
    state: str = "done"
    closed_on: dt.date | None = None


@dataclass(frozen=True)
class NotePlan:
    """What happened to the KPI with this key on a date."""

    key: str
    on: dt.date
    text: str


@dataclass(frozen=True)
class ReviewPlan:
    """A review of the KPI with this key, held by the founder."""

    key: str
    held_on: dt.date
    decision: str
    note: str = ""


@dataclass(frozen=True)
class Blueprint:
    """An organization: ``settings`` are columns of its own; the first person founds it; parents come before children.

    ``series`` are the measurements of the measured KPIs, by key.
    """

    name: str
    slug: str
    settings: Mapping[str, Any]
    people: tuple[PersonPlan, ...]
    departments: tuple[DepartmentPlan, ...] = ()
    kpis: tuple[KpiPlan, ...] = ()
    series: Mapping[str, Series] = field(default_factory=dict)
    actions: tuple[ActionPlan, ...] = ()
    notes: tuple[NotePlan, ...] = ()
    reviews: tuple[ReviewPlan, ...] = ()
