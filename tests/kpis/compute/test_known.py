"""What was known at a past instant is what was stored then, whatever has happened since."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from django.forms.models import model_to_dict
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from accounts.actions.organizations import update_organization
from accounts.actors import SYSTEM
from accounts.models import Organization
from kpis.actions.definitions import archive_kpi, create_kpi, restore_kpi, update_kpi
from kpis.actions.links import LinkSpec, set_parents
from kpis.actions.measurements import record_measurements, remove_measurement
from kpis.actions.targets import TargetRow, set_targets
from kpis.compute import compute
from kpis.compute.known import known_at
from kpis.ingest import Batch
from kpis.models import Kpi, Score, Standing
from kpis.models.measurements import Via
from kpis.series import JUDGED, series
from tests.cast import NOW
from tests.lots import examples

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("push"), st.integers(0, 2), st.integers(0, 14), st.integers(-5, 5)),
        st.tuples(st.just("remove"), st.integers(0, 2), st.integers(0, 14)),
        st.tuples(st.just("link"), st.integers(0, 2)),
        st.tuples(st.just("target"), st.integers(0, 4), st.integers(0, 14)),
        st.tuples(st.just("define"), st.sampled_from(["one / two", "growth(one)", "ytd(three) - one"])),
        st.tuples(st.just("rename"), st.integers(0, 2)),
        st.tuples(st.just("pace"), st.integers(0, 3)),
        st.tuples(st.just("archive"), st.integers(0, 2)),
        st.tuples(st.just("settle"), st.sampled_from([1, 4])),
        st.tuples(st.just("wait"), st.integers(1, 20)),
    ),
    min_size=2,
    max_size=8,
)


@given(STEPS)
@examples(12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_past_instant_reads_as_it_was_stored(in_acme: Organization, steps: list[tuple[Any, ...]]) -> None:
    before = transaction.savepoint()
    try:
        world = _World(in_acme)
        for step, *arguments in steps:
            getattr(world, step)(*arguments)
            world.remember()
        for instant, scores, standings in world.remembered:
            known = known_at(in_acme, instant)
            for kpi_id, points in scores.items():
                assert list(known.points(kpi_id).values()) == points
            for kpi_id, standing in standings.items():
                assert _columns(known.standing(kpi_id)) == standing
    finally:
        transaction.savepoint_rollback(before)


class _World:
    """Three measured KPIs, a formula over them, and a roll-up of quarters over both."""

    def __init__(self, organization: Organization) -> None:
        self.organization, self.now = organization, NOW
        update_organization(SYSTEM, organization, now=NOW, on_track_at=0.8)
        define = {"now": NOW, "unit": "number", "direction": "increase"}
        self.measured = [
            create_kpi(SYSTEM, name=name, frequency=frequency, source="measured", **define)
            for name, frequency in (("One", "monthly"), ("Two", "daily"), ("Three", "monthly"))
        ]
        self.formula = create_kpi(
            SYSTEM, name="Ratio", source="formula", formula="one / two", frequency="monthly", **define
        )
        self.top = create_kpi(SYSTEM, name="Top", source="rollup", frequency="quarterly", **define)
        set_parents(SYSTEM, self.formula, [LinkSpec(self.top)], now=NOW)
        self.remembered: list[tuple[dt.datetime, dict[Any, Any], dict[Any, Any]]] = []

    def remember(self) -> None:
        """Compute, keep what is stored, and go on a minute later."""
        self.organization.refresh_from_db()
        compute(self.organization, now=self.now)
        kpis = Kpi.objects.active().values_list("pk", flat=True)
        columns = ("period", *JUDGED, "age")
        scores = {kpi: list(Score.objects.filter(kpi_id=kpi).in_order().values(*columns)) for kpi in kpis}
        standings = {one.kpi_id: _columns(one) for one in Standing.objects.filter(kpi_id__in=kpis)}
        self.remembered.append((self.now, scores, standings))
        self.now += dt.timedelta(minutes=1)

    def push(self, kpi: int, month: int, value: int) -> None:
        if self._is_active(kpi):
            batch = Batch([self.measured[kpi].pk], [_date(month)], [float(value)], [""], received=1)
            record_measurements(SYSTEM, batch, organization=self.organization, via=Via.API, now=self.now)

    def remove(self, kpi: int, month: int) -> None:
        if self._is_active(kpi):
            chosen, date = self._kpi(kpi), _date(month)
            remove_measurement(SYSTEM, chosen, date, organization=self.organization, via=Via.API, now=self.now)

    def link(self, kpi: int) -> None:
        if self._is_active(kpi):
            links = [] if self.measured[kpi].parent_links.filter(replaced_at=None).exists() else [LinkSpec(self.top)]
            set_parents(SYSTEM, self._kpi(kpi), links, now=self.now)

    def target(self, kpi: int, month: int) -> None:
        chosen = [*self.measured, self.formula, self.top][kpi]
        if Kpi.objects.get(pk=chosen.pk).archived_at is None:
            rows = [TargetRow(_date(month), target=float(month + 1), floor=0.0)]
            set_targets(SYSTEM, chosen, rows, now=self.now, reason="We know more now")

    def define(self, formula: str) -> None:
        keys = dict(zip(("one", "two", "three"), (self._kpi(n).key for n in range(3)), strict=True))
        for word, key in keys.items():
            formula = formula.replace(word, key)
        update_kpi(SYSTEM, Kpi.objects.get(pk=self.formula.pk), now=self.now, formula=formula)

    def rename(self, kpi: int) -> None:
        if self._is_active(kpi):
            update_kpi(SYSTEM, self._kpi(kpi), now=self.now, key=f"x{self._kpi(kpi).key}")

    def pace(self, kpi: int) -> None:
        chosen = Kpi.objects.get(pk=[*self.measured, self.top][kpi].pk)
        other = "days" if chosen.pace_profile == "last_year" else "last_year"
        if chosen.archived_at is None:
            update_kpi(SYSTEM, chosen, now=self.now, pace_profile=other)

    def archive(self, kpi: int) -> None:
        act = archive_kpi if self._is_active(kpi) else restore_kpi
        act(SYSTEM, self._kpi(kpi), now=self.now)

    def settle(self, month: int) -> None:
        update_organization(SYSTEM, self.organization, now=self.now, fiscal_year_start=month)

    def wait(self, days: int) -> None:
        self.now += dt.timedelta(days=days)

    def _kpi(self, number: int) -> Kpi:
        return Kpi.objects.get(pk=self.measured[number].pk)

    def _is_active(self, number: int) -> bool:
        return self._kpi(number).archived_at is None


def _date(month: int) -> dt.date:
    return dt.date(2025 + (month + 8) // 12, (month + 8) % 12 + 1, 10)


def _columns(standing: Standing) -> dict[str, Any]:
    left_out = {"organization", "reach_first", "reach_last", "reach_through"}
    return {name: value for name, value in model_to_dict(standing).items() if name not in left_out}


@pytest.fixture
def sales(in_acme: Organization) -> Kpi:
    """Sales of September, pushed on the first day, corrected on the second, then made quarterly on the third."""
    kpi = create_kpi(
        SYSTEM, now=NOW, name="Sales", unit="number", direction="increase", frequency="monthly", source="measured"
    )
    for day, value in enumerate((100.0, 120.0)):
        batch = Batch([kpi.pk], [dt.date(2026, 9, 10)], [value], [""], received=1)
        record_measurements(SYSTEM, batch, organization=in_acme, via=Via.API, now=NOW + dt.timedelta(days=day, hours=1))
    return update_kpi(SYSTEM, kpi, now=NOW + dt.timedelta(days=2), frequency="quarterly")


def test_a_series_reads_with_the_values_and_the_definition_of_then(in_acme: Organization, sales: Kpi) -> None:
    def september(hours: int) -> tuple[str, float | None]:
        known = known_at(in_acme, NOW + dt.timedelta(hours=hours), only=sales.pk)
        points = series(sales, in_acme, known.graph.kpis[0].frequency, None, None, today=known.today, known=known)
        return str(points[0]["period"]), points[0]["value"]

    assert september(2) == ("2026-09-01", 100)
    assert september(26) == ("2026-09-01", 120)
    assert september(50) == ("2026-07-01", 120)


def test_before_a_kpi_was_defined_there_is_nothing(in_acme: Organization, sales: Kpi) -> None:
    known = known_at(in_acme, NOW - dt.timedelta(hours=1), only=sales.pk)
    assert known.points(sales.pk) == {}
    assert series(sales, in_acme, "quarterly", None, None, today=known.today, known=known) == []
