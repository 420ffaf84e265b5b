"""Random organizations for property tests."""

import datetime as dt
from functools import cache
from typing import Any

from hypothesis import strategies as st

from kpis.engine.definitions import Aggregation, Kpi, Link, Rollup, Source, Target
from kpis.engine.formula.syntax import Binary, Call, Expression, Function, Name, Number, Unary
from kpis.engine.periods import FREQUENCIES, Calendar, Frequency

TODAY = dt.date(2026, 11, 23)
DATES = st.dates(dt.date(2025, 10, 1), dt.date(2026, 12, 15))
VALUES = st.floats(-1e9, 1e9).map(lambda value: value + 0.1)
CALENDARS = st.builds(Calendar, st.sampled_from([1, 2, 4]), st.sampled_from([0, 6]))
SERIES = st.dictionaries(DATES, VALUES, max_size=12)


@st.composite
def kpis(draw: Any) -> list[Kpi]:
    """Measured KPIs first, then roll-ups; every KPI's id is its place in the list."""
    leaves, computed = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    drawn: list[Kpi] = []
    for id in range(leaves + computed):
        sources = [Source.MEASURED] if id < leaves else [Source.ROLLUP, Source.FORMULA]
        drawn.append(_kpi(draw, id, draw(st.sampled_from(sources)), drawn))
    return drawn


def expressions(keys: list[str]) -> st.SearchStrategy[Expression]:
    """Formulas over these KPIs: everything the language has, a few levels deep."""
    return _numbered_expressions(len(keys)).map(lambda expression: _named(expression, keys))


@cache
def _numbered_expressions(names: int) -> st.SearchStrategy[Expression]:
    """Made once for so many KPIs, because making it takes longer than drawing from it; its names are their numbers."""
    leaves = [st.sampled_from([0.0, 1.0, 2.5, 100.0]).map(Number)]
    if names:
        name = st.sampled_from([str(number) for number in range(names)]).map(Name)
        to_date = st.builds(Call, st.sampled_from([Function.YTD, Function.QTD]), st.tuples(name))
        of_children = st.builds(
            Call,
            st.sampled_from([Function.CHILDREN_SUM, Function.CHILDREN_MEAN]),
            st.one_of(st.just(()), st.tuples(name)),
        )
        leaves += [name, name, name, to_date, of_children]
    return st.recursive(st.one_of(leaves), _compound, max_leaves=5)


def _compound(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    operators = st.sampled_from("+ - * / ^ % == != < <= > >= and or".split())
    plain = [Function.ABS, Function.SQRT, Function.LN, Function.LOG10, Function.EXP]
    timed = [Function.SAME_PERIOD_LAST_YEAR, Function.CHANGE, Function.GROWTH]
    lagged = [Function.PREV, Function.ROLLING_SUM, Function.ROLLING_MEAN]
    several = [Function.COALESCE, Function.MIN, Function.MAX]
    return st.one_of(
        st.builds(Unary, st.sampled_from(["-", "not"]), inner),
        st.builds(Binary, operators, inner, inner),
        st.builds(Call, st.sampled_from(plain + timed), st.tuples(inner)),
        st.builds(Call, st.sampled_from(lagged), st.tuples(inner), st.integers(1, 4)),
        st.builds(Call, st.sampled_from(several), st.tuples(inner, inner)),
        st.builds(Call, st.just(Function.IF), st.tuples(inner, inner, inner)),
        st.builds(Call, st.just(Function.ROUND), st.tuples(inner), st.integers(-1, 2)),
    )


def _named(expression: Expression, keys: list[str]) -> Expression:
    match expression:
        case Name(key=number):
            return Name(keys[int(number)])
        case Unary(operator, operand):
            return Unary(operator, _named(operand, keys))
        case Binary(operator, left, right):
            return Binary(operator, _named(left, keys), _named(right, keys))
        case Call(function, arguments, periods):
            return Call(function, tuple(_named(argument, keys) for argument in arguments), periods)
        case _:
            return expression


def _kpi(draw: Any, id: int, source: Source, before: list[Kpi]) -> Kpi:
    archived_on = draw(st.one_of(st.none(), st.none(), st.none(), DATES))
    return Kpi(
        id=id,
        key=f"kpi{id}",
        frequency=(frequency := draw(st.sampled_from(FREQUENCIES))),
        source=source,
        rollup=draw(st.sampled_from(list(Rollup))) if source is Source.ROLLUP else None,
        formula=draw(expressions(_operands(frequency, before))) if source is Source.FORMULA else None,
        aggregation=draw(st.sampled_from(list(Aggregation))),
        carry_forward=draw(st.sampled_from([0, 0, 2])),
        archived_on=archived_on,
        targets=tuple(
            Target(date, draw(st.sampled_from([100.0, 130.0]))) for date in draw(st.lists(DATES, max_size=3))
        ),
        is_linear=draw(st.booleans()),
        is_paced_by_last_year=draw(st.booleans()),
    )


def _operands(frequency: Frequency, before: list[Kpi]) -> list[str]:
    """What a formula may name: KPIs that are no coarser, and coarser values that stay valid."""
    stays = {kpi.key for kpi in before if kpi.aggregation is Aggregation.LAST and kpi.source is Source.MEASURED}
    return [kpi.key for kpi in before if not kpi.frequency.is_coarser_than(frequency) or kpi.key in stays]


@st.composite
def links(draw: Any, kpis: list[Kpi]) -> list[Link]:
    """Links from roll-ups and formulas to KPIs before them in the list that are no coarser, some limited in time, some
    weighted."""
    drawn = []
    for parent in kpis:
        if parent.source is not Source.MEASURED:
            finer = [kpi for kpi in kpis[: parent.id] if not kpi.frequency.is_coarser_than(parent.frequency)]
            children = draw(st.lists(st.sampled_from(finer), max_size=4, unique_by=lambda kpi: kpi.id)) if finer else []
            drawn += [_link(draw, parent, child, finer) for child in children]
    return drawn


def _link(draw: Any, parent: Kpi, child: Kpi, finer: list[Kpi]) -> Link:
    weighted = parent.rollup is Rollup.WEIGHTED_MEAN and draw(st.booleans())
    return Link(
        parent=parent.id,
        child=child.id,
        weight=draw(st.floats(0.1, 10)),
        contribution=draw(st.sampled_from([1, -1])) if parent.rollup is Rollup.SUM else 1,
        valid_from=draw(st.one_of(st.none(), st.none(), DATES)),
        valid_to=draw(st.one_of(st.none(), st.none(), DATES)),
        weight_by=draw(st.sampled_from(finer)).id if weighted else None,
    )


@st.composite
def organizations(draw: Any) -> tuple[Calendar, list[Kpi], list[Link], dict[int, dict[dt.date, float]]]:
    """Calendar, KPIs, links, and each measured KPI's values by date."""
    drawn = draw(kpis())
    series = {kpi.id: draw(SERIES) for kpi in drawn if kpi.source is Source.MEASURED}
    return draw(CALENDARS), drawn, draw(links(drawn)), series
