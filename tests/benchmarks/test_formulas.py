"""Evaluating 10,000 KPIs over 120 months, a third of them formulas, beside NumPy written by hand for this very tree."""

import datetime as dt
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from kpis.engine.definitions import Kpi, Link, Rollup, Source
from kpis.engine.evaluate import Values, compute_blocks, evaluate, filled_blocks
from kpis.engine.formula.parsing import parse
from kpis.engine.graph import Graph
from kpis.engine.measurements import Measurements
from kpis.engine.periods import Calendar, Frequency
from kpis.engine.scope import Scope
from tests.benchmarks.results import Results, Row, milliseconds, seconds

pytestmark = pytest.mark.benchmark
LEAVES, FORMULAS, ROLLUPS = 6_000, 3_333, 667
CHILDREN = 5
MONTHS = 120
FIRST, TODAY = dt.date(2016, 11, 1), dt.date(2026, 11, 18)
ROUNDS = 7
TITLE = "Evaluating 10,000 KPIs over 120 months, a third of them formulas"

Matrix = NDArray[np.float64]
# Formulas over two leaves, and what each comes to in NumPy: what is missing stays NaN.
SHAPES: list[tuple[str, Callable[[Matrix, Matrix], Matrix]]] = [
    ("{a} / {b}", lambda a, b: a / b),
    ("{a} - {b}", lambda a, b: a - b),
    ("({a} - {b}) / {b} * 100", lambda a, b: (a - b) / b * 100),
    ("{a} * 0.3 + {b} * 0.7", lambda a, b: a * 0.3 + b * 0.7),
    ("growth({a})", lambda a, _: (a - _back(a, 1)) / _back(a, 1)),
    ("{a} / prev({b}, 12)", lambda a, b: a / _back(b, 12)),
    ("rolling_mean({a}, 3)", lambda a, _: (_back(a, 2) + _back(a, 1) + a) / 3),
    ("coalesce({a}, 0) + {b}", lambda a, b: np.where(np.isnan(a), 0.0, a) + b),
]


def test_formulas(results: Results) -> None:
    values = _measured()
    graph, measurements = _organization(values)
    scope = Scope.whole(graph, measurements, TODAY)
    blocks = filled_blocks(graph, scope, measurements)
    ours = [seconds(lambda: compute_blocks(graph, scope, blocks)) for _ in range(ROUNDS)]
    whole = [seconds(lambda: evaluate(graph, scope, measurements)) for _ in range(ROUNDS)]
    by_hand = [seconds(lambda: _by_hand(values)) for _ in range(ROUNDS)]
    compiled = seconds(lambda: _organization(values))
    _assert_same(graph, evaluate(graph, scope, measurements), _by_hand(values))
    results.add(
        TITLE,
        Row(
            "computing, with coverage and problems / NumPy by hand, values alone",
            milliseconds(min(by_hand)),
            milliseconds(min(ours)),
            min(ours) / min(by_hand),
        ),
        Row("from measurements to series, all of it", "", milliseconds(min(whole)), None),
        Row("compiling the graph, formulas read from text", "", milliseconds(compiled), None),
    )


def _measured() -> Matrix:
    """(leaves, months) with one in fifty missing."""
    chance = np.random.default_rng(7)
    values = chance.uniform(50, 150, (LEAVES, MONTHS))
    values[chance.random(values.shape) < 0.02] = np.nan
    values[:, [0, -1]] = 100.0  # every series reaches from the first month to the last
    return values


def _operands(formula: int) -> tuple[int, int]:
    return (formula * 7) % LEAVES, (formula * 11 + 3) % LEAVES


def _organization(values: Matrix) -> tuple[Graph, Measurements]:
    """Leaves, formulas over two of them, and sums of five formulas each; ids in this order."""
    kpis = [Kpi(id=place, key=f"leaf_{place}", frequency=Frequency.MONTHLY) for place in range(LEAVES)]
    for formula in range(FORMULAS):
        a, b = _operands(formula)
        text = SHAPES[formula % len(SHAPES)][0].format(a=f"leaf_{a}", b=f"leaf_{b}")
        fields = {"source": Source.FORMULA, "formula": parse(text)}
        kpis.append(Kpi(id=LEAVES + formula, key=f"formula_{formula}", frequency=Frequency.MONTHLY, **fields))
    links = []
    for rollup in range(ROLLUPS):
        id = LEAVES + FORMULAS + rollup
        kpis.append(
            Kpi(id=id, key=f"sum_{rollup}", frequency=Frequency.MONTHLY, source=Source.ROLLUP, rollup=Rollup.SUM)
        )
        links += [Link(parent=id, child=LEAVES + (rollup * CHILDREN + place) % FORMULAS) for place in range(CHILDREN)]
    graph = Graph(Calendar(), kpis, links)
    months = np.datetime64(FIRST, "M") + np.arange(MONTHS)
    row, month = np.nonzero(~np.isnan(values))
    return graph, Measurements.sorted(row, months.astype("datetime64[D]")[month], values[row, month])


def _by_hand(values: Matrix) -> Matrix:
    """The same tree, its structure known: (KPIs, months), NaN where missing."""
    result = np.full((LEAVES + FORMULAS + ROLLUPS, MONTHS), np.nan)
    result[:LEAVES] = values
    formulas = np.arange(FORMULAS)
    a, b = (formulas * 7) % LEAVES, (formulas * 11 + 3) % LEAVES
    for shape, (_, compute) in enumerate(SHAPES):
        chosen = formulas[formulas % len(SHAPES) == shape]
        result[LEAVES + chosen] = compute(values[a[chosen]], values[b[chosen]])
    children = LEAVES + (np.arange(ROLLUPS * CHILDREN) % FORMULAS)
    below = result[children].reshape(ROLLUPS, CHILDREN, MONTHS)
    known = ~np.isnan(below)
    sums = np.where(known, below, 0.0).sum(axis=1)
    result[LEAVES + FORMULAS :] = np.where(known.any(axis=1), sums, np.nan)
    return result


def _back(values: Matrix, months: int) -> Matrix:
    moved = np.full_like(values, np.nan)
    moved[:, months:] = values[:, :-months]
    return moved


def _assert_same(graph: Graph, ours: Values, by_hand: Matrix) -> None:
    month = (ours.date.astype("datetime64[M]") - np.datetime64(FIRST, "M")).astype(int)
    inside = month < MONTHS
    ids = np.array([kpi.id for kpi in graph.kpis])
    np.testing.assert_allclose(ours.value[inside], by_hand[ids[ours.row[inside]], month[inside]], rtol=1e-12)
