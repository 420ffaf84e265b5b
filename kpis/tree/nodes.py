"""What a forest is made of. Named tuples: two thousand of them are made for one page."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from kpis.models.choices import Kind, Level, Source, Status


class Standing(NamedTuple):
    """Where a KPI stands now; the fields mean what those of ``kpis.models.Standing`` mean."""

    period: dt.date | None = None
    value: float | None = None
    target: float | None = None
    floor: float | None = None
    low: float | None = None
    high: float | None = None
    attainment: float | None = None
    score_raw: float | None = None
    score: float | None = None
    status: str = Status.NO_DATA.value
    coverage: float | None = None
    problem: str | None = None
    open: dict[str, Any] | None = None
    previous_value: float | None = None
    status_since: dt.date | None = None
    recent_values: Sequence[float | None] = ()
    recent_targets: Sequence[float | None] = ()
    expected_on: dt.date | None = None
    is_late: bool = False


# What a KPI stands at before its scores are first computed.
UNKNOWN = Standing()


class Node(NamedTuple):
    """A KPI of the hierarchy with its standing. Department and owner are null together with their names empty."""

    id: UUID
    key: str
    name: str
    kind: str
    category: str
    level: str
    indicator: str
    unit: str
    decimals: int
    direction: str
    frequency: str
    source: str
    rollup: str
    weight_by_id: UUID | None
    due_after_days: int | None
    position: int
    department_id: UUID | None
    department: str
    owner_id: UUID | None
    owner: str
    standing: Standing

    @property
    def is_metric(self) -> bool:
        """An operand only: not in health and counts."""
        return self.kind == Kind.METRIC

    @property
    def is_strategic(self) -> bool:
        return self.level == Level.STRATEGIC

    @property
    def is_measured(self) -> bool:
        return self.source == Source.MEASURED

    @property
    def has_target(self) -> bool:
        """Whether the period that speaks has a target or a range."""
        return self.standing.target is not None or self.standing.low is not None

    @property
    def status(self) -> str:
        """What its mark shows."""
        return Status.shown(self.standing.status, is_late=self.standing.is_late)


class Link(NamedTuple):
    """``child`` ladders up to ``parent``; with ``is_operand`` the parent's formula is computed from it."""

    parent_id: UUID
    child_id: UUID
    weight: float
    contribution: int
    valid_from: dt.date | None
    valid_to: dt.date | None
    is_operand: bool = False


# What ``KpiLink`` stores of a link, in the order of its fields.
STORED = Link._fields[:-1]
