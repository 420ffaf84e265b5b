"""A part evaluated after a change equals the whole evaluated anew, bit for bit."""

import datetime as dt

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.engine.definitions import Source
from kpis.engine.evaluate import Stored, evaluate
from kpis.engine.graph import Graph
from kpis.engine.incremental import Change, midnight, plan
from kpis.engine.judge import judge
from kpis.engine.measurements import Extent, Measurements
from kpis.engine.periods import Calendar, Frequency
from kpis.engine.reach import Reach
from kpis.engine.scope import Scope
from tests.kpis.engine.strategies import DATES, TODAY, VALUES, organizations
from tests.kpis.engine.world import day, link, measured, rollup

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
        made = plan(graph, changes, before=before, extents=extents, today=self.today)
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
        """The changed KPIs, what is computed from them, and the direct operands of that."""
        parents = set(changed)
        while True:
            above = {one.parent for one in self.links if {one.child, one.weight_by} & parents} - parents
            if not above:
                break
            parents |= above
        links = [one for one in self.links if one.parent in parents]
        ids = parents | {one.child for one in links} | {one.weight_by for one in links} - {None}
        return Graph(self.calendar, [kpi for kpi in self.kpis if kpi.id in ids], links)

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

    def _scored(self, graph, scope, values):
        found = judge(graph, scope, values)
        columns = (values.value, values.coverage, values.age, values.problem, found.bounds.target, found.bounds.floor)
        columns += (found.share, found.attainment, found.score_raw, found.score, found.status, found.complete)
        ids = [graph.kpis[row].id for row in values.row]
        return dict(zip(zip(ids, values.date.tolist(), strict=True), zip(*columns, strict=True), strict=True))


def same(one, other):
    """Equal to the last bit, NaN to NaN."""
    assert one.reach == other.reach
    assert one.rows.keys() == other.rows.keys()
    for key, row in one.rows.items():
        assert np.array(row, float).tobytes() == np.array(other.rows[key], float).tobytes(), (key, row, other.rows[key])


@settings(max_examples=150, deadline=None)
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


@settings(max_examples=100, deadline=None)
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
        changes.append(Change(gone.parent))
    store.update(changes)
    same(store, Store(calendar, store.kpis, store.links, series))


def _archived(kpi):
    fields = {name: getattr(kpi, name) for name in kpi.__slots__}
    return type(kpi)(**fields | {"archived_on": dt.date(2026, 9, 15)})


@settings(max_examples=100, deadline=None)
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


def test_every_measured_kpi_has_a_stored_reach():
    store = Store(Calendar(), [measured("shop")], [], {"shop": {day("2026-09-05"): 1.0, day("2026-11-05"): 1.0}})
    reach = store.reach["shop"]
    assert (str(reach.first), str(reach.last), str(reach.through)) == ("2026-09-01", "2026-11-01", "2026-10-31")
    assert [kpi.source for kpi in store.kpis] == [Source.MEASURED]
