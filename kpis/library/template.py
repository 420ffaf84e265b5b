"""What a template of the library says about a KPI."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from kpis.engine.definitions import Aggregation, Direction
from kpis.engine.periods import Frequency

Category: TypeAlias = Literal[
    "financial", "customer", "marketing", "sales", "operations", "people", "product", "quality", "compliance"
]

MONEY: Final = "money"
# A name that is not a function's, which a parenthesis follows, nor one of the language's words.
_NAME: Final = re.compile(r"\b(?!(?:and|or|not)\b)[a-z][a-z0-9_]*\b(?!\s*\()")


@dataclass(frozen=True, slots=True)
class Template:
    """A KPI as the field defines it, ready to be made an organization's own.

    ``slug`` is its key. ``unit`` is as in ``Kpi.unit``; ``money`` stands for the organization's own currency.
    ``description`` says what it tells and what to beware of. ``formula`` is over other templates' slugs, empty where it
    is measured. ``moves`` names the lagging templates that a leading one usually moves. ``target_hint`` is a sentence
    where the definition itself, or a standard, says what is good; most have none. ``also`` is what others call it.
    """

    slug: str
    name: str
    description: str
    unit: str
    category: Category
    decimals: int = 0
    direction: Direction = Direction.INCREASE
    frequency: Frequency = Frequency.MONTHLY
    aggregation: Aggregation = Aggregation.SUM
    level: Literal["strategic", "operational"] = "operational"
    kind: Literal["kpi", "metric"] = "kpi"
    formula: str = ""
    moves: tuple[str, ...] = ()
    carry_forward: int = 0
    target_hint: str = ""
    also: str = ""

    @property
    def source(self) -> Literal["measured", "formula"]:
        """Where its values come from."""
        return "formula" if self.formula else "measured"

    @property
    def indicator(self) -> Literal["leading", "lagging"]:
        """Leading exactly where it is known what it moves."""
        return "leading" if self.moves else "lagging"

    @property
    def operands(self) -> tuple[str, ...]:
        """The slugs its formula names, each once, in the order of the formula."""
        return tuple(dict.fromkeys(_NAME.findall(self.formula)))

    def unit_in(self, currency: str) -> str:
        """Its unit, with the organization's own ``currency`` (an ISO 4217 code)."""
        return in_currency(self.unit, currency)


def in_currency(unit: str, currency: str) -> str:
    """The unit in which ``money`` is the organization's own ``currency`` (an ISO 4217 code): ``currency:EUR``."""
    return f"currency:{currency}" if unit == MONEY else unit
