"""What a template of an objective is made of, and the words in which templates are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from kpis.engine.definitions import Direction
from kpis.library import catalogue
from okrs.progress import Ambition, Kind

Function: TypeAlias = Literal[
    "sales",
    "marketing",
    "product",
    "engineering",
    "people",
    "customer_success",
    "operations",
    "finance",
    "quality_and_compliance",
]

NUMBER: Final = "number"
PERCENT: Final = "percent"


@dataclass(frozen=True, slots=True)
class KeyResultTemplate:
    """A key result to begin with. Its numbers are an example, to be replaced by one's own; ``percent`` is in fractions.

    ``kpi`` is the slug of the library's KPI that measures it, empty where it has none; ``unit`` is as in ``Kpi.unit``,
    with ``money`` for the organization's own currency. ``start`` and ``target`` are for metrics, ``low`` and ``high``
    for keep kinds, ``milestones`` for what is counted in steps.
    """

    title: str
    kind: Kind
    direction: Direction
    unit: str = NUMBER
    kpi: str = ""
    start: float | None = None
    target: float | None = None
    low: float | None = None
    high: float | None = None
    milestones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ObjectiveTemplate:
    """An objective to begin with, with its key results."""

    title: str
    description: str
    key_results: tuple[KeyResultTemplate, ...]
    ambition: Ambition = "aspirational"


def move(title: str, start: float, target: float, kpi: str = "", *, unit: str = "") -> KeyResultTemplate:
    """A number to move from start to target; its unit is the KPI's where there is one."""
    direction = Direction.INCREASE if target > start else Direction.DECREASE
    return KeyResultTemplate(title, "metric", direction, _unit(kpi, unit), kpi, start, target)


def at_least(title: str, low: float, kpi: str = "", *, unit: str = "") -> KeyResultTemplate:
    """A number that must not fall below a bound."""
    return KeyResultTemplate(title, "at_least", Direction.INCREASE, _unit(kpi, unit), kpi, low=low)


def at_most(title: str, high: float, kpi: str = "", *, unit: str = "") -> KeyResultTemplate:
    """A number that must not rise above a bound."""
    return KeyResultTemplate(title, "at_most", Direction.DECREASE, _unit(kpi, unit), kpi, high=high)


def between(title: str, low: float, high: float, kpi: str = "", *, unit: str = "") -> KeyResultTemplate:
    """A number to keep within two bounds."""
    return KeyResultTemplate(title, "between", Direction.BETWEEN, _unit(kpi, unit), kpi, low=low, high=high)


def steps(title: str, *milestones: str) -> KeyResultTemplate:
    """What is counted in steps done."""
    return KeyResultTemplate(title, "milestones", Direction.INCREASE, milestones=milestones)


def _unit(kpi: str, unit: str) -> str:
    return unit or (catalogue.template(kpi).unit if kpi else NUMBER)
