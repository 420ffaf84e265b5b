"""What the engine is told about KPIs, their links and their targets: plain values, filled by whoever loads them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from kpis.engine.formula.syntax import Expression
from kpis.engine.periods import Frequency


class Source(StrEnum):
    """Where a KPI's values come from."""

    MEASURED = "measured"
    ROLLUP = "rollup"
    FORMULA = "formula"


class Aggregation(StrEnum):
    """How measurements become a period's value, and finer periods a coarser one."""

    SUM = "sum"
    LAST = "last"
    MEAN = "mean"
    MIN = "min"
    MAX = "max"


class Rollup(StrEnum):
    """How a parent's value follows from its children's."""

    SUM = "sum"
    MEAN = "mean"
    WEIGHTED_MEAN = "weighted_mean"
    MIN = "min"
    MAX = "max"


class Direction(StrEnum):
    """Which way is better; BETWEEN keeps the value inside `low`..`high`."""

    INCREASE = "increase"
    DECREASE = "decrease"
    BETWEEN = "between"


class Problem(IntEnum):
    """Why a value is missing; arrays hold the number, the API shows `code`.

    A missing operand's number carries the operand too (`formula.cells.missing`).
    """

    NONE = 0
    NO_DATA = 1
    DIVISION_BY_ZERO = 2
    OVERFLOW = 3
    DOMAIN_ERROR = 4
    MISSING_OPERAND = 5

    @property
    def code(self) -> str | None:
        """The problem's name in lower case, None where there is none."""
        return self.name.lower() if self else None


@dataclass(frozen=True, slots=True)
class Target:
    """A target row: it holds from the period that contains `effective_from`, until the next row.

    `target` and `floor` (None: its default) are for increase and decrease, `low` and `high` for between. `due_on`, the
    reason and other words do not concern the engine.
    """

    effective_from: dt.date
    target: float | None = None
    floor: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """A KPI as the engine sees it.

    `id` is any hashable that sorts: sums run in its order. `rollup` is set exactly for roll-ups, `formula`, which names
    other KPIs by their keys, exactly for formulas. `due_after_days` None is the frequency's default. `targets` in any
    order; with `is_linear` they move in a straight line from row to row. With `is_paced_by_last_year` the open period
    of a sum is judged by the shape of the year before instead of equal days. `archived_on` is the date in the
    organization's time zone.
    """

    id: Hashable
    key: str
    frequency: Frequency
    unit: str = "number"
    source: Source = Source.MEASURED
    aggregation: Aggregation = Aggregation.SUM
    rollup: Rollup | None = None
    formula: Expression | None = None
    carry_forward: int = 0
    archived_on: dt.date | None = None
    due_after_days: int | None = None
    direction: Direction = Direction.INCREASE
    targets: tuple[Target, ...] = ()
    is_linear: bool = False
    is_paced_by_last_year: bool = False
    on_track_at: float = 0.9
    at_risk_at: float = 0.0

    @property
    def days_until_due(self) -> int:
        """Days after a period's end by which its data is due."""
        return self.frequency.default_due_after_days if self.due_after_days is None else self.due_after_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`child` ladders into `parent`, both by id.

    The child counts in a period whose first date lies in `valid_from`..`valid_to`, both inclusive, None being open.
    `weight_by` is the id of the KPI whose value weighs this child in a weighted mean, instead of `weight`.
    """

    parent: Hashable
    child: Hashable
    weight: float = 1.0
    contribution: int = 1
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    weight_by: Hashable | None = None
