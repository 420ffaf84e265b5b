"""Whatever the organization looks like, the parts of a change add up to it, at every level."""

import random

from hypothesis import given
from hypothesis import strategies as st

from kpis.engine.definitions import Source
from kpis.engine.explaining.splits import Of, Reason
from tests.kpis.engine.explaining.asking import assert_adds_up, why
from tests.kpis.engine.explaining.towers import tower
from tests.kpis.engine.strategies import organizations
from tests.kpis.engine.test_properties import evaluated
from tests.lots import examples

MISSING = (Reason.VALUE_MISSING, Reason.BASE_VALUE_MISSING, Reason.NO_TARGET, Reason.OVERFLOW)


def drawn(data, world):
    """A computed KPI that has periods, and two of them."""
    ids = [kpi.id for kpi in world.graph.kpis if kpi.source is not Source.MEASURED and world.series(kpi.id)]
    if not ids:
        return None
    id = data.draw(st.sampled_from(ids))
    periods = st.sampled_from(list(world.known(id) or world.series(id)))
    return id, data.draw(periods), data.draw(periods)


def every_part(explained):
    for part in explained.parts:
        yield part
        yield from every_part(part)


@examples(30)
@given(organization=organizations(), data=st.data())
def test_parts_add_up_at_every_level(organization, data):
    world = evaluated(organization)
    if not (question := drawn(data, world)):
        return
    explained = why(world, *question)
    assert (explained.value, explained.base_value) == tuple(world.series(question[0])[one] for one in question[1:])
    assert (explained.change is None) == (explained.problem in MISSING)
    assert_adds_up(explained, explained.change)
    for part in every_part(explained):
        assert (part.own_change is None) == (part.problem in MISSING)
        assert part.problem is not Reason.OUT_OF_DATE
        assert part.own_change is None or part.own_change == part.value - part.base_value


@examples(30)
@given(seed=st.integers(0, 10**9), top=st.sampled_from(["20", "21"]), base=st.sampled_from(["period", "target"]))
def test_parts_add_up_beneath_several_storeys(seed, top, base):
    world = tower(seed)
    if not (known := list(world.known(top))):
        return
    period, other = (random.Random(seed + shift).choice(known) for shift in (0, 1))
    explained = why(world, top, period, base if base == "target" else other)
    assert_adds_up(explained, explained.change)
    assert Reason.OUT_OF_DATE not in (explained.problem, *(part.problem for part in every_part(explained)))


@examples(50)
@given(organization=organizations(), data=st.data())
def test_parts_against_the_target_add_up_at_every_level(organization, data):
    world = evaluated(organization)
    if not (question := drawn(data, world)):
        return
    id, period, _ = question
    explained = why(world, id, period, "target")
    assert (explained.value, explained.base_value) == (world.series(id)[period], world.series(id, "target")[period])
    assert_adds_up(explained, explained.change)
    for part in every_part(explained):
        assert part.problem is not Reason.OUT_OF_DATE
        assert part.of in (Of.VALUE, Of.REMAINDER)


@examples(30)
@given(organization=organizations(), data=st.data(), depth=st.integers(0, 3))
def test_a_shallower_explanation_is_the_upper_part_of_the_deeper_one(organization, data, depth):
    world = evaluated(organization)
    if question := drawn(data, world):
        assert cut(why(world, *question), depth) == cut(why(world, *question, depth=depth), depth)


def cut(explained, depth):
    """What is seen so many levels deep, leaving out why there is nothing beneath."""
    seen = (explained.value, explained.base_value, getattr(explained, "own_change", explained.change))
    if depth == 0:
        return seen
    return seen, [(part.kpi, part.of, part.change, part.mark, cut(part, depth - 1)) for part in explained.parts]
