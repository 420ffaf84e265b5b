"""What the SMART check is told about a KPI: plain values, filled by whoever loads them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kpis.engine.definitions import Direction
from kpis.engine.periods import Frequency
from kpis.engine.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class SmartFacts:
    """A KPI on the day it is checked; what has a default may be missing.

    ``unit`` (which may be half-typed), ``kind`` and ``source`` are as in ``Kpi``. ``target``, or ``low`` and ``high``,
    is what is to be reached now or next: from ``target_from`` on, by ``target_due_on``. ``is_strategic`` KPIs may stand
    at the top. ``feeds_count`` counts its parents and the formulas, weights and key results that use it.
    ``planned_actions`` counts open ones, on it and on whatever feeds it. ``values_count``, ``lowest_value`` and
    ``highest_value`` are over its complete periods; ``latest_value_on`` is the date of its last one in any.
    ``reach_chance`` is the forecast's probability (0 to 1) that the target is reached, None without a forecast.
    ``team_kpis`` counts the KPIs of its department, this one included, metrics not. ``review_cadence_days`` None means
    that there is no rhythm of reviews.
    """

    name: str
    direction: Direction
    frequency: Frequency
    today: dt.date
    created_on: dt.date
    description: str = ""
    unit: str = ""
    decimals: int | None = None
    kind: str = "kpi"
    source: str = "measured"
    has_owner: bool = False
    target: float | None = None
    low: float | None = None
    high: float | None = None
    target_from: dt.date | None = None
    target_due_on: dt.date | None = None
    has_children: bool = False
    is_strategic: bool = False
    feeds_count: int = 0
    planned_actions: int = 0
    values_count: int = 0
    lowest_value: float | None = None
    highest_value: float | None = None
    latest_value_on: dt.date | None = None
    reach_chance: float | None = None
    team_kpis: int = 0
    last_reviewed_on: dt.date | None = None
    review_cadence_days: int | None = None

    @property
    def has_unit(self) -> bool:
        """Whether ``unit`` is one; a half-typed one is not."""
        try:
            Unit.parse(self.unit)
        except ValueError:
            return False
        return True

    @property
    def is_metric(self) -> bool:
        """A metric is an operand: it owes no target, nor what belongs to one."""
        return self.kind == "metric"

    @property
    def has_target(self) -> bool:
        """Whether there is a number, or a range, to be reached."""
        return self.target is not None or (self.low is not None and self.high is not None)
