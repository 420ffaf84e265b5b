"""A part evaluated after a change equals the whole evaluated anew, bit for bit."""

import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.engine.definitions import Source
from kpis.engine.evaluate import Stored, evaluate
from kpis.engine.formula.program import compiled
from kpis.engine.graph import Graph
from kpis.engine.incremental import Change, midnight, plan
from kpis.engine.judge import judge
from kpis.engine.measurements import Extent, Measurements
from kpis.engine.periods import Calendar, Frequency
from kpis.engine.problems import problem_code
from kpis.engine.reach import Reach
from kpis.engine.scope import Scope
from kpis.engine.shapes import last_year_shares, leaves_of, paced_rows
from tests.kpis.engine.strategies import DATES, TODAY, VALUES, organizations
from tests.kpis.engine.world import day, formula, link, measured, rollup
from tests.lots import examples

EDITS = st.lists(st.tuples(st.integers(0, 20), DATES, st.one_of(st.none(), VALUES)), min_size=1, max_size=4)


class Store:
    """Scores as a database keeps them: rows by KPI and date, the reach of every KPI beside them."""

    def __init__(self, calendar, kpis, links, series, today=TODAY):
        self.calendar, self.kpis, self.links, self.series, self.today = calendar, kpis, links, series, today
        self.rows = {}
        self.reach = {}
        self.rebuild()

    def rebuild(self):
        graph = Graph(self.calendar, self.kpis, self.links)
        measurements = self._measurements(graph, self.series)
        scope = Scope.whole(graph, measurements, self.today)
        self.rows = self._scored(graph, scope, evaluate(graph, scope, measurements))
        self.reach = {kpi.id: scope.reach.of_row(graph, row) for row, kpi in enumerate(graph.kpis)}

    def update(self, changes):
        """Loads what the plan says and nothing else, evaluates, and replaces the windows' rows."""
        graph = self._part({change.kpi for change in changes})
        extents = {id: self._extent(id) for id in graph.row_of if id in self.series}
        extents = {id: extent for id, extent in extents.items() if id in {change.kpi for change in changes}}
        before = Reach.stored(graph, {id: self.reach[id] for id in graph.row_of})
        made = plan(graph, changes, before=before, extents=extents, today=self.today, beyond=self._beyond(graph))
        values = evaluate(graph, made.scope, self._loaded(graph, made), self._stored(graph, made))
        scored = self._scored(graph, made.scope, values)
        for window in made.windows:
            dates = [date for id, date in self.rows if id == window.kpi and window.first <= date <= window.last]
            for date in dates:
                del self.rows[window.kpi, date]
        inside = {(window.kpi, window.first, window.last) for window in made.windows}
        assert all(any(id == kpi and first <= date <= last for kpi, first, last in inside) for id, date in scored)
        self.rows.update(scored)
        for row in np.flatnonzero(made.scope.computed):
            self.reach[graph.kpis[row].id] = made.scope.reach.of_row(graph, row)
        return made

    def _part(self, changed):
        """The changed KPIs, what is computed from them, its direct operands, and those of formulas among them."""
        edges = self._edges()
        parents = set(changed) | {kpi.id for kpi in self.kpis if kpi.formula and not compiled(kpi.formula).leaves}
        while above := {parent for parent, operand in edges if operand in parents} - parents:
            parents |= above
        ids, formulas = parents | {operand for parent, operand in edges if parent in parents}, set()
        while further := {kpi.id for kpi in self.kpis if kpi.formula and kpi.id in ids} - formulas:
            formulas |= further
            ids |= {operand for parent, operand in edges if parent in further}
        ids |= {self._id_of(leaf.key, id) for id in formulas for leaf in compiled(self._kpi(id).formula).leaves}
        links = [one for one in self.links if {one.parent, one.child, one.weight_by} <= ids | {None}]
        return Graph(self.calendar, [kpi for kpi in self.kpis if kpi.id in ids], links)

    def _kpi(self, id):
        return next(kpi for kpi in self.kpis if kpi.id == id)

    def _id_of(self, key, own):
        return next((kpi.id for kpi in self.kpis if kpi.key == key), own)

    def _edges(self):
        """(computed, operand): children, weights, operands of formulas, and children that formulas ask for."""
        ids = {kpi.key: kpi.id for kpi in self.kpis}
        found = {(one.parent, operand) for one in self.links for operand in (one.child, one.weight_by)}
        for kpi in self.kpis:
            for leaf in compiled(kpi.formula).leaves if kpi.formula else ():
                operand = ids.get(leaf.key, kpi.id)
                children = {(kpi.id, one.child) for one in self.links if one.parent == operand}
                found |= children if leaf.kind.is_of_children else {(kpi.id, operand)}
        return {(parent, operand) for parent, operand in found if operand is not None}

    def _beyond(self, graph):
        """The first and last date of what is measured outside the graph."""
        reached = [
            (reach.first, self.calendar.last_date(kpi.frequency, self.calendar.ordinal(kpi.frequency, reach.last)))
            for kpi in self.kpis
            if kpi.source is Source.MEASURED and kpi.id not in graph.row_of and (reach := self.reach[kpi.id]).first
        ]
        return (min(first for first, _ in reached), max(last for _, last in reached)) if reached else None

    def _extent(self, id):
        dates = sorted(self.series[id])
        return Extent(*(dates[at] if len(dates) >= need else None for at, need in ((0, 1), (-2, 2), (-1, 1))))

    def _loaded(self, graph, made):
        windows = {load.kpi: load for load in made.loads if load.is_measured}
        kept = {
            id: {date: value for date, value in self.series[id].items() if load.first <= date <= load.last}
            for id, load in windows.items()
        }
        return self._measurements(graph, kept)

    def _stored(self, graph, made):
        found = [
            (graph.row_of[load.kpi], date, row[0], row[1])
            for load in made.loads
            for (id, date), row in self.rows.items()
            if not load.is_measured and id == load.kpi and load.first <= date <= load.last
        ]
        row, date, value, coverage = zip(*found, strict=True) if found else ((), (), (), ())
        return Stored(
            np.array(row, np.intp), np.array(date, "datetime64[D]"), np.array(value, float), np.array(coverage, float)
        )

    def _measurements(self, graph, series):
        arrays = {id: (list(values), list(values.values())) for id, values in series.items() if id in graph.row_of}
        return Measurements.of(graph, arrays)

    def _shapes(self, graph, scope):
        """The shares of a year before, from a graph of everything."""
        whole = Graph(self.calendar, self.kpis, self.links)
        rows = paced_rows(graph, scope.computed)
        ids = [graph.kpis[row].id for row in rows]
        through = {whole.row_of[id]: scope.reach.through[row] for id, row in zip(ids, rows, strict=True)}
        measured = self._measurements(whole, self.series)
        return last_year_shares(whole, leaves_of(whole, ids, self.today), through, measured, self.today)

    def _scored(self, graph, scope, values):
        found = judge(graph, scope, values, self._shapes(graph, scope))
        problems = [problem_code(graph, int(number)) for number in values.problem]
        columns = (values.value, values.coverage, values.age, problems, found.bounds.target, found.bounds.floor)
        columns += (found.share, found.attainment, found.score_raw, found.score, found.status, found.complete)
        ids = [graph.kpis[row].id for row in values.row]
        return dict(zip(zip(ids, values.date.tolist(), strict=True), zip(*columns, strict=True), strict=True))


def same(one, other):
    """Equal to the last bit, NaN to NaN."""
    assert one.reach == other.reach
    assert one.rows.keys() == other.rows.keys()
    for key, row in one.rows.items():
        assert _bits(row) == _bits(other.rows[key]), (key, row, other.rows[key])


def _bits(row):
    return [one if one is None or isinstance(one, str) else np.float64(one).tobytes() for one in row]


@examples(50)
@given(organization=organizations(), edits=EDITS)
def test_incremental_equals_full_after_random_edits(organization, edits):
    calendar, kpis, links, series = organization
    store = Store(calendar, kpis, links, series)
    changes = []
    for number, date, value in edits:
        id = list(series)[number % len(series)]
        series[id].pop(date, None)
        if value is not None:
            series[id][date] = value
        changes.append(Change(id, date, date))
    store.update(changes)
    same(store, Store(calendar, kpis, links, series))


@examples(35)
@given(organization=organizations(), number=st.integers(0, 20), moved=st.integers(0, 20))
def test_incremental_equals_full_after_a_definition_and_a_link_changed(organization, number, moved):
    calendar, kpis, links, series = organization
    store = Store(calendar, kpis, links, series)
    changed = number % len(kpis)
    store.kpis = [kpi if kpi.id != changed else _archived(kpi) for kpi in kpis]
    changes = [Change(changed)]
    if links:
        gone = links[moved % len(links)]
        store.links = [one for one in links if one is not gone]
        changes += [Change(id) for id in {gone.parent, *_asking_for_children_of(gone.parent, kpis)}]
    store.update(changes)
    same(store, Store(calendar, store.kpis, store.links, series))


def _asking_for_children_of(parent, kpis):
    """The formulas that use what ladders up to another KPI."""
    key = next(kpi.key for kpi in kpis if kpi.id == parent)
    formulas = [(kpi.id, leaf) for kpi in kpis if kpi.formula for leaf in compiled(kpi.formula).leaves]
    return {id for id, leaf in formulas if leaf.kind.is_of_children and leaf.key == key}


def _archived(kpi):
    fields = {name: getattr(kpi, name) for name in kpi.__slots__}
    return type(kpi)(**fields | {"archived_on": dt.date(2026, 9, 15)})


@examples(35)
@given(organization=organizations(), days=st.integers(1, 40))
def test_incremental_equals_full_after_days_have_passed(organization, days):
    calendar, kpis, links, series = organization
    store = Store(calendar, kpis, links, series)
    store.today = TODAY + dt.timedelta(days=days)
    store.update([midnight(kpi.id, TODAY, store.today, kpi.days_until_due) for kpi in kpis])
    same(store, Store(calendar, kpis, links, series, store.today))


def test_one_changed_day_touches_one_period_of_each_ancestor_and_loads_only_its_operands():
    kpis = [rollup("top", frequency=Frequency.QUARTERLY), rollup("region"), rollup("other"), measured("far")]
    kpis += [measured("shop", Frequency.DAILY), measured("web", Frequency.DAILY)]
    links = [link("top", "region"), link("top", "other"), link("other", "far")]
    links += [link("region", "shop"), link("region", "web")]
    everyday = {day("2025-01-01") + dt.timedelta(days=number): 1.0 for number in range(690)}
    series = {"shop": dict(everyday), "web": dict(everyday), "far": dict(everyday)}
    store = Store(Calendar(), kpis, links, series)
    series["shop"][day("2026-05-17")] = 5.0
    made = store.update([Change("shop", day("2026-05-17"), day("2026-05-17"))])
    windows = {window.kpi: (str(window.first), str(window.last)) for window in made.windows}
    assert windows == {
        "shop": ("2026-05-17", "2026-05-17"),
        "region": ("2026-05-01", "2026-05-01"),
        "top": ("2026-04-01", "2026-04-01"),
    }
    loads = {load.kpi: (str(load.first), str(load.last), load.is_measured) for load in made.loads}
    quarter = ("2026-04-01", "2026-06-30")
    assert loads == {"shop": (*quarter, True), "web": (*quarter, False), "other": (*quarter, False)}
    same(store, Store(Calendar(), kpis, links, series))


@pytest.mark.parametrize("archived_on", [None, day("2026-09-15")])
def test_a_formula_has_no_value_outside_its_series_even_where_it_could_be_computed(archived_on):
    filled, user = formula("filled", "coalesce(x, 0)", archived_on=archived_on), formula("user", "filled + y")
    kpis = [measured("x"), measured("y"), filled, user, rollup("total")]
    links = [link("total", "filled"), link("total", "y")]
    months = [day(f"2026-{month:02}-01") for month in range(1, 11)]
    series = {"x": dict.fromkeys(months[5:8], 1.0), "y": dict.fromkeys(months, 1.0)}
    store = Store(Calendar(), kpis, links, series)
    series["y"] |= {months[1]: 5.0, months[9]: 5.0}
    store.update([Change("y", months[1], months[9])])
    same(store, Store(Calendar(), kpis, links, series))
    known = [date.month for (id, date), row in store.rows.items() if id == "user" and not math.isnan(row[0])]
    assert sorted(known) == list(range(6, 11 if archived_on is None else 10))


def test_every_measured_kpi_has_a_stored_reach():
    store = Store(Calendar(), [measured("shop")], [], {"shop": {day("2026-09-05"): 1.0, day("2026-11-05"): 1.0}})
    reach = store.reach["shop"]
    assert (str(reach.first), str(reach.last), str(reach.through)) == ("2026-09-01", "2026-11-01", "2026-10-31")
    assert [kpi.source for kpi in store.kpis] == [Source.MEASURED]
