"""Templates of the library as cards: what each says, how it is counted, and what it needs that is not here yet."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from accounts.models import Organization
from kpis.engine.formula.wording import in_words
from kpis.engine.units import Unit
from kpis.library import Template, templates
from kpis.models import Kpi
from kpis.models.choices import Category, Direction, Frequency, Indicator, Kind, Level
from kpis.plain import stored_formula
from kpis.units import unit_noun

NAMES = {one.slug: one.name for one in templates()}
EXAMPLES = 4


@dataclass(frozen=True, slots=True)
class Need:
    """An operand of a formula, and whether the organization has it."""

    name: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A template as the page shows it; ``is_here`` where a KPI has its key already."""

    slug: str
    name: str
    also: str
    description: str
    facts: str
    formula: str
    needs: Sequence[Need]
    moves: Sequence[str]
    is_here: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """The cards of a category; ``examples`` are the names of the first."""

    name: str
    cards: Sequence[Card]
    examples: str


def shelves(found: Iterable[Template], organization: Organization) -> list[Shelf]:
    """What was found, category by category: one query."""
    here = set(Kpi.objects.values_list("key", flat=True))
    by_category: dict[str, list[Card]] = {}
    for one in found:
        by_category.setdefault(one.category, []).append(card(one, organization, here))
    return [
        Shelf(Category(category).label, cards, ", ".join(each.name for each in cards[:EXAMPLES]))
        for category, cards in by_category.items()
    ]


def card(one: Template, organization: Organization, here: Collection[str]) -> Card:
    """A template, with the keys that are ``here``."""
    return Card(
        slug=one.slug,
        name=one.name,
        also=one.also,
        description=one.description,
        facts=_facts(one, organization),
        formula=in_words(stored_formula(one.formula), NAMES) if one.formula else "",
        needs=[Need(NAMES[operand], operand in here) for operand in one.operands],
        moves=[NAMES[slug] for slug in one.moves],
        is_here=one.slug in here,
    )


def _facts(one: Template, organization: Organization) -> str:
    """ "EUR · monthly · higher is better · strategic · lagging"."""
    facts = [
        unit_noun(Unit.parse(one.unit_in(organization.currency))),
        Frequency(one.frequency).label.lower(),
        Direction(one.direction).label.lower(),
        *([Level(one.level).label.lower()] if Level(one.level) is Level.STRATEGIC else []),
        Indicator(one.indicator).label.lower() if Kind(one.kind) is Kind.KPI else "a metric",
    ]
    return " · ".join(facts)


def made_words(entered: Sequence[str], computed: Sequence[str]) -> str:
    """What is made along with a KPI: "Net sales and Baskets as numbers you enter, paste or push"."""
    parts = []
    if entered:
        parts.append(f"{listed(entered)} as {'a number' if len(entered) == 1 else 'numbers'} you enter, paste or push")
    if computed:
        parts.append(f"{listed(computed)}, computed")
    return ", and ".join(parts)


def looks_back_a_year(one: Template) -> bool:
    """Whether its formula counts periods that make a year only where they are months."""
    return ", 12)" in one.formula


def listed(names: Sequence[str]) -> str:
    """One, two and three."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
