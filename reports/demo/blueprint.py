"""What a demo organization consists of, as plain values that name each other by key, name or address."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from accounts.models import Role

# A KPI's values by date.
Series: TypeAlias = Mapping[dt.date, float]
# What was said in a week of a cycle: value (None: words and confidence only), confidence, comment.
Said: TypeAlias = tuple[int, float | None, str, str]
# A milestone: title, weight, the week of the cycle in which it was done.
Step: TypeAlias = tuple[str, float, int | None]


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
class InitiativePlan:
    """Work for a key result, due by the end of a week of the cycle; ``state`` as it is by now."""

    title: str
    owner: str
    due_week: int
    state: str = "done"


@dataclass(frozen=True)
class KeyResultPlan:
    """A key result; ``fields`` are further columns.

    One with a ``kpi`` starts at that KPI's value before the cycle. Its target, or the bound to keep, is ``factor``
    times that; where it reads ``cycle_to_date``, times the sum of as many weeks before. ``carried`` ones go on from the
    cycle before, by title. ``grade`` was decided otherwise than proposed, with its reason.
    """

    title: str
    owner: str
    kind: str = "metric"
    kpi: str = ""
    reads: str = ""
    factor: float = 1.0
    fields: Mapping[str, Any] = field(default_factory=dict)
    milestones: tuple[Step, ...] = ()
    said: tuple[Said, ...] = ()
    initiatives: tuple[InitiativePlan, ...] = ()
    carried: bool = False
    grade: tuple[float, str] | None = None


@dataclass(frozen=True)
class ObjectivePlan:
    """An objective of a department, or without one the company's; ``serves`` is the title of an objective, or of a key
    result, that was planned before."""

    title: str
    owner: str
    key_results: tuple[KeyResultPlan, ...]
    department: str = ""
    serves: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CyclePlan:
    """Objectives from ``starts_on``, a Monday, for as many weeks; one with ``learned`` is over and closed, one without
    objectives is still being planned."""

    starts_on: dt.date
    weeks: int
    objectives: tuple[ObjectivePlan, ...] = ()
    learned: str = ""
    carry_on: str = ""

    @property
    def ends_on(self) -> dt.date:
        """A Sunday."""
        return self.starts_on + dt.timedelta(weeks=self.weeks, days=-1)


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
    cycles: tuple[CyclePlan, ...] = ()
