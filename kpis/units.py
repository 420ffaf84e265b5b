"""What a unit asks of a KPI's definition beyond the engine: known currencies, usual decimals, safe relabelling."""

from typing import Final

from babel.numbers import list_currencies

from kpis.engine.units import Unit, UnitKind

# Shown decimals of a new KPI. Currencies have none: what is worth watching is rarely a matter of cents.
USUAL_DECIMALS: Final = {UnitKind.PERCENT: 1, UnitKind.RATIO: 2}
LONG_DURATIONS: Final = ("h", "d")
DURATION_WORDS: Final = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days"}

# Units among which stored numbers keep their meaning: only the word beside them changes.
SAME_NUMBERS: Final = (
    frozenset({UnitKind.NUMBER, UnitKind.CUSTOM}),
    frozenset({UnitKind.PERCENT, UnitKind.RATIO}),
)


def parse_unit(text: str) -> Unit:
    """The unit written as ``text``; raises ValueError, naming what is accepted, for anything else."""
    unit = Unit.parse(text)
    if unit.kind is UnitKind.CURRENCY and unit.detail not in list_currencies():
        raise ValueError(f"“{unit.detail}” is not a currency. Use an ISO 4217 code, such as currency:EUR.")
    return unit


def usual_decimals(unit: Unit) -> int:
    """How many decimals a new KPI of this unit shows."""
    return USUAL_DECIMALS.get(unit.kind, 1 if unit.detail in LONG_DURATIONS else 0)


def keeps_numbers(before: Unit, after: Unit) -> bool:
    """Whether values stored in one unit may be read in the other."""
    return before == after or any(before.kind in family and after.kind in family for family in SAME_NUMBERS)


def unit_noun(unit: Unit) -> str:
    """A unit by itself: EUR, percent, a ratio, hours, boxes."""
    if unit.kind is UnitKind.DURATION:
        return DURATION_WORDS[unit.detail]
    return unit.detail or {UnitKind.NUMBER: "a plain number", UnitKind.RATIO: "a ratio"}.get(unit.kind, str(unit.kind))


def unit_words(unit: Unit) -> str:
    """A unit within a sentence: EUR, percent, h, boxes, plain numbers."""
    return unit.detail or {UnitKind.NUMBER: "plain numbers", UnitKind.RATIO: "ratios"}.get(unit.kind, str(unit.kind))
