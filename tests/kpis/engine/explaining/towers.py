"""Random organizations of three storeys with hardly a gap in their data: fine measurements, what is computed from them,
and coarser KPIs over that, so that most changes can be explained down to the ground."""

import datetime as dt
import random

from kpis.engine.definitions import Aggregation, Kpi, Link, Rollup, Source, Target
from kpis.engine.formula.parsing import parse
from kpis.engine.periods import FREQUENCIES, Calendar, Frequency
from tests.kpis.engine.world import World

FIRST, DAYS = dt.date(2025, 11, 20), 390
FORMULAS = (
    "{a} / {b}", "{a} * {b} - {c}", "{a} - prev({a}) + {b}", "ytd({a}) / ytd({b})", "qtd({a}) + {b} - {c}",
    "rolling_sum({a}, 3) - {b}", "coalesce({a}, 0) + coalesce({b}, 0)", "if({a} > {b}, {a}, {b} + {c})",
    "children_sum() + {a}", "children_mean() * {a}", "max({a}, {b}, {c})", "children_sum({a}) - {b}",
    "growth({a}) * 100", "abs({a}) ^ 0.5 + {b} / {c}", "{a} + {a} / {b}", "5",
    "round({a} / 7, 1) + prev(coalesce({b}, 0))",
)  # fmt: skip


def tower(seed: int) -> World:
    """Storeys are seldom all of one frequency, links begin and end within periods, some KPIs lie under several."""
    chance = random.Random(seed)
    storeys = [_storey(chance, *each) for each in ((0, 5, FREQUENCIES[:3]), (1, 4, FREQUENCIES[1:4]), (2, 2, (COARSE)))]
    ground, middle, top = storeys
    kpis = [*ground]
    links: list[Link] = []
    for below, storey in ((ground, middle), (ground + middle, top)):
        kpis += [_computed(chance, kpi, below, links) for kpi in storey]
    calendar = Calendar(chance.choice([1, 2, 4]), chance.choice([0, 6]))
    return World(kpis, links, {kpi.id: _series(chance, kpi.frequency) for kpi in ground}, calendar=calendar)


COARSE = (Frequency.MONTHLY, Frequency.QUARTERLY, Frequency.QUARTERLY, Frequency.YEARLY)


def _storey(chance: random.Random, floor: int, count: int, frequencies: tuple[Frequency, ...]) -> list[Kpi]:
    return [
        Kpi(
            id=f"{floor}{number}",
            key=f"k{floor}{number}",
            frequency=chance.choice(frequencies),
            aggregation=chance.choice(list(Aggregation)),
            targets=(Target(FIRST, chance.uniform(50, 150)),) if chance.random() < 0.9 else (),
            archived_on=FIRST + dt.timedelta(days=chance.randrange(DAYS)) if chance.random() < 0.1 else None,
        )
        for number in range(count)
    ]


def _computed(chance: random.Random, kpi: Kpi, below: list[Kpi], links: list[Link]) -> Kpi:
    finer = [one for one in below if not one.frequency.is_coarser_than(kpi.frequency)]
    fields = {name: getattr(kpi, name) for name in kpi.__slots__}
    if not finer:
        return kpi
    is_formula = chance.random() < 0.4
    fields |= (
        _formula(chance, finer) if is_formula else {"source": Source.ROLLUP, "rollup": chance.choice(list(Rollup))}
    )
    for child in chance.sample(finer, min(len(finer), chance.randint(1, 4))):
        links += _links(chance, kpi, child, fields.get("rollup"), finer)
    return Kpi(**fields)


def _formula(chance: random.Random, finer: list[Kpi]) -> dict:
    keys = {name: chance.choice(finer).key for name in "abc"}
    return {"source": Source.FORMULA, "formula": parse(chance.choice(FORMULAS).format(**keys))}


def _links(chance: random.Random, parent: Kpi, child: Kpi, rollup: Rollup | None, finer: list[Kpi]) -> list[Link]:
    """One link, or two, one after the other."""
    fields = {"parent": parent.id, "child": child.id}
    if rollup is Rollup.WEIGHTED_MEAN and chance.random() < 0.5:
        fields["weight_by"] = chance.choice(finer).id
    turn = FIRST + dt.timedelta(days=chance.randrange(DAYS))
    spans = chance.choice(
        [[(None, None)], [(None, None)], [(turn, None)], [(None, turn)], [(None, turn), (turn, None)]]
    )
    return [
        Link(
            **fields,
            weight=chance.uniform(0.5, 4),
            contribution=chance.choice([1, -1]) if rollup in (None, Rollup.SUM) else 1,
            valid_from=since and since + dt.timedelta(days=1),
            valid_to=until,
        )
        for since, until in spans
    ]


def _series(chance: random.Random, frequency: Frequency) -> dict[str, float]:
    step = {Frequency.DAILY: 1, Frequency.WEEKLY: 7, Frequency.MONTHLY: 28}[frequency]
    low = chance.choice([1, 1, -50])
    dates = (FIRST + dt.timedelta(days=day) for day in range(0, DAYS, step))
    return {str(date): chance.uniform(low, 100) for date in dates if chance.random() < 0.9}
