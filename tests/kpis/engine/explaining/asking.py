"""Asking a small organization why a number changed, from its values as a database would have stored them."""

import math

import numpy as np

from kpis.engine.evaluate import Stored
from kpis.engine.explaining.explanation import explain
from kpis.engine.explaining.moments import Moment
from kpis.engine.explaining.splits import Of
from kpis.engine.explaining.wanted import MOST_PARTS, Question, Wanted
from tests.kpis.engine.world import World, day, measured

AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (f"2026-{month:02}-01" for month in range(8, 12))


def why(world, key, period, base, depth=10, most=MOST_PARTS):
    """The explanation; `base` is a date or "target"."""
    graph, row = world.graph, world.graph.row_of[key]
    frequency = graph.kpis[row].frequency
    asked = Question.of(graph, row, depth, most)
    is_target = base == "target"
    ordinals = [graph.calendar.ordinal(frequency, day(one)) for one in (period, period if is_target else base)]
    now = moment(world, Wanted.of(graph, asked, ordinals[0]), world.values.value)
    values = world.judgements.bounds.target if is_target else world.values.value
    then = moment(world, Wanted.of(graph, asked, ordinals[1]), values, is_target)
    return explain(graph, asked, now, then, is_against_target=is_target)


def moment(world, wanted, values, is_target=False):
    """Takes in nothing but what is to be loaded."""
    rows, dates = world.values.row, world.values.date
    chosen = np.zeros(len(rows), dtype=bool)
    for load in wanted.loads(world.graph):
        first, last = np.datetime64(load.first), np.datetime64(load.last)
        chosen |= (rows == world.graph.row_of[load.kpi]) & (dates >= first) & (dates <= last)
    stored = Stored(rows[chosen], dates[chosen], values[chosen], world.values.coverage[chosen])
    return Moment.of(world.graph, wanted, stored, world.scope.reach, world.scope.today, is_target=is_target)


def changes(explained):
    """The contributions of the direct parts by key."""
    return {name(part): round(part.change, 9) for part in explained.parts}


def name(part):
    if part.of is Of.REMAINDER:
        return "remainder"
    return part.kpi if part.of is Of.VALUE else f"{part.of}({part.kpi})"


def part(explained, *path):
    """The part that a path of names leads to."""
    for step in path:
        explained = next(one for one in explained.parts if name(one) == step)
    return explained


def assert_adds_up(explained, whole):
    """At every level, up to the rounding of the numbers that were added."""
    for each in explained.parts:
        assert_adds_up(each, each.own_change)
    if not explained.parts:
        return
    size = sum(abs(each.value or 0) + abs(each.base_value or 0) + abs(each.change) for each in explained.parts)
    size += abs(explained.value) + abs(explained.base_value)
    assert math.isclose(math.fsum(each.change for each in explained.parts), whole, rel_tol=1e-9, abs_tol=1e-9 * size)


def world_of(*kpis, links=(), **fields):
    """KPIs and links with the values of months: `a=(10, 12)` are those of September and October."""
    series = {key: dict(zip((SEPTEMBER, OCTOBER), values, strict=True)) for key, values in fields.items()}
    series = {
        key: {date: value for date, value in values.items() if value is not None} for key, values in series.items()
    }
    own = [measured(key) for key in fields if key not in {kpi.key for kpi in kpis}]
    return World([*kpis, *own], list(links), series)


def autumn(world, key, **asked):
    """October against September, adding up."""
    explained = why(world, key, OCTOBER, SEPTEMBER, **asked)
    assert_adds_up(explained, explained.change)
    return explained


def months(**values):
    """April to September, by key."""
    return {key: {f"2026-{4 + at:02}-01": one for at, one in enumerate(row)} for key, row in values.items()}
