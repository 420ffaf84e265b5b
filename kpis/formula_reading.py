"""What a formula says in its organization: the KPIs it names, the unit of its result, and everything wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kpis.engine.formula.checking import check_names, unit_of
from kpis.engine.formula.parsing import FormulaError, parse
from kpis.engine.formula.program import compiled
from kpis.engine.formula.syntax import Expression, Name, walk
from kpis.engine.periods import Frequency
from kpis.models import Kpi
from kpis.models.choices import Aggregation, Source


@dataclass(frozen=True, slots=True)
class Mistake:
    """Why a formula cannot be used: ``code`` for programs, a sentence, its place (from 1) and a guess at what is meant.

    As text it is all of that for people.
    """

    code: str
    detail: str
    column: int | None = None
    hint: str | None = None

    @classmethod
    def of(cls, error: FormulaError) -> "Mistake":
        return cls(error.code, error.detail, error.column, error.hint)

    def __str__(self) -> str:
        said, place = self.detail.rstrip("."), f"column {self.column}"
        placed = f"{said} ({place})." if self.column and place not in said else f"{said}."
        return f"{placed} {self.hint[0].upper()}{self.hint[1:]}" if self.hint else placed


@dataclass(frozen=True, slots=True)
class Reading:
    """A formula as it was understood; with ``mistakes`` it cannot be used.

    ``names`` are the KPIs it names, in the order in which it first names them, ``unit`` that of its result where that
    can be told. ``expression`` is missing where the text is no formula.
    """

    mistakes: Sequence[Mistake]
    expression: Expression | None = None
    names: Sequence[Kpi] = ()
    unit: str | None = None
    warnings: Sequence[str] = ()


def read_formula(text: str, *, key: str = "", frequency: str = "", offered: Mapping[str, Kpi] | None = None) -> Reading:
    """Read a formula for the KPI called ``key`` (empty: not made yet), judged by ``frequency`` (empty: not known yet).

    ``offered`` are KPIs that it may name beside those of the organization, or instead of them; they need not be stored.
    """
    offered = offered or {}
    try:
        expression = parse(text)
        check_names(expression, {*Kpi.objects.values_list("key", flat=True), *offered, key})
    except FormulaError as error:
        return Reading([Mistake.of(error)])
    places = _places(expression)
    found = {**{kpi.key: kpi for kpi in Kpi.objects.filter(key__in=places)}, **offered}
    named = [found[name] for name in places if name in found]
    hint = unit_of(expression, {name: found[name].unit for name in places if name in found})
    mixed = [Mistake("mixed_units", one.detail, one.column) for one in hint.warnings if one.is_error]
    mistakes = [*_itself(expression, key, places), *mixed]
    mistakes += [Mistake("operand_coarser", why, places[name]) for name, why in _coarser(found, places, key, frequency)]
    warnings = [one.detail for one in hint.warnings if not one.is_error]
    warnings += [f"“{kpi.name}” is archived: it has no values from then on." for kpi in named if kpi.archived_at]
    return Reading(mistakes, expression, named, hint.unit, warnings)


def _places(expression: Expression) -> dict[str, int]:
    """Where each KPI is first named, in that order."""
    places: dict[str, int] = {}
    for name in sorted((part for part in walk(expression) if isinstance(part, Name)), key=lambda name: name.column):
        places.setdefault(name.key, name.column)
    return places


def _itself(expression: Expression, key: str, places: Mapping[str, int]) -> Iterator[Mistake]:
    """What ladders up to it may be named, but not its own value."""
    if any(leaf.key == key and not leaf.kind.is_of_children for leaf in compiled(expression).leaves):
        detail = f"These KPIs would depend on themselves: {key} -> {key}. A formula takes other KPIs only."
        yield Mistake("cycle", detail, places[key])


def _coarser(
    found: Mapping[str, Kpi], places: Mapping[str, int], key: str, frequency: str
) -> Iterator[tuple[str, str]]:
    """(name, sentence) for what is measured more rarely than the formula is judged, and does not stay valid."""
    if frequency not in set(Frequency):
        return
    for name in places:
        operand = found.get(name)
        if operand is None or not Frequency(operand.frequency).is_coarser_than(Frequency(frequency)):
            continue
        stays = operand.source == Source.MEASURED and operand.aggregation == Aggregation.LAST and operand.carry_forward
        if not stays:
            this = f"“{key}”" if key else "this one"
            yield (
                name,
                f"“{name}” is {operand.frequency} and {this} {frequency}. A formula takes a coarser value only where "
                f"it stays valid: let “{name}” carry its last value forward, or compute this {operand.frequency}.",
            )
