"""Writing measurements: counts, revisions, stale marks, refusals."""

import datetime as dt
import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.actors import SYSTEM, Actor
from accounts.errors import ConflictError
from accounts.models import Member, Organization, Wakeup
from kpis.actions.measurements import Recorded, record_measurement, record_measurements, remove_measurement
from kpis.ingest import Batch, ItemError, decode, resolve
from kpis.models import Measurement, MeasurementRevision, Push, StaleMark
from kpis.models.measurements import Via
from kpis.staging import COPY_FROM
from tests.cast import NOW, inside, make_kpi, record

DAY = dt.date(2026, 11, 2)


def values_of(key: str) -> dict[str, float]:
    rows = Measurement.objects.filter(kpi__key=key).order_by("date")
    return {str(row.date): row.value for row in rows}


def resolved(actor: Actor, *items: dict[str, Any]) -> tuple[Batch, list[ItemError]]:
    return resolve(decode("application/json", json.dumps(items).encode()), actor, today=NOW.date())


def test_a_push_counts_what_it_created_updated_and_left_alone(in_acme: Organization) -> None:
    visits = make_kpi(in_acme, "visits")
    record(in_acme, visits, {"2026-11-01": 1, "2026-11-02": 2})
    recorded = record(in_acme, visits, {"2026-11-01": 1, "2026-11-02": 20, "2026-11-03": 3})
    assert recorded == Recorded(received=3, created=1, updated=1, unchanged=1)
    assert values_of("visits") == {"2026-11-01": 1, "2026-11-02": 20, "2026-11-03": 3}


def test_a_replaced_value_stays_as_a_revision_with_both_pushes(in_acme: Organization, bob: Member) -> None:
    visits = make_kpi(in_acme, "visits")
    record(in_acme, visits, {"2026-11-02": 2})
    record(in_acme, visits, {"2026-11-02": 20}, actor=Actor(member=bob))
    revision = MeasurementRevision.objects.get()
    assert (revision.date, revision.value) == (DAY, 2)
    assert Push.objects.get(pk=revision.push_id).member is None
    assert Push.objects.get(pk=revision.replaced_by_id).member == bob


def test_pushing_the_same_again_writes_nothing(in_acme: Organization) -> None:
    visits = make_kpi(in_acme, "visits")
    record(in_acme, visits, {"2026-11-02": 2})
    StaleMark.objects.all().delete()
    record(in_acme, visits, {"2026-11-02": 2})
    assert (Push.objects.count(), MeasurementRevision.objects.count(), StaleMark.objects.count()) == (1, 0, 0)


def test_what_changed_is_marked_stale_and_the_workers_are_woken(in_acme: Organization) -> None:
    visits, sales = make_kpi(in_acme, "visits"), make_kpi(in_acme, "sales")
    dates = [dt.date(2026, 11, day) for day in (3, 1, 2)]
    batch = Batch([visits.pk, visits.pk, sales.pk], dates, [1, 2, 3], [""] * 3, received=3)
    record_measurements(SYSTEM, batch, organization=in_acme, via=Via.API, now=NOW)
    marks = {mark.kpi_id: (mark.first_date.day, mark.last_date.day) for mark in StaleMark.objects.all()}
    assert marks == {visits.pk: (1, 3), sales.pk: (2, 2)}
    assert Wakeup.objects.get().kind == "kpis.tasks.compute_scores"


@pytest.mark.parametrize("size", [COPY_FROM - 1, COPY_FROM + 1])
def test_large_and_small_pushes_do_the_same(in_acme: Organization, size: int) -> None:
    visits = make_kpi(in_acme, "visits", frequency="daily")
    days = {str(dt.date(2024, 1, 1) + dt.timedelta(days=n)): float(n) for n in range(size)}
    assert record(in_acme, visits, days) == Recorded(received=size, created=size)
    assert record(in_acme, visits, days) == Recorded(received=size, unchanged=size)
    changed = {**days, "2024-01-01": -1.0, "2023-12-31": 7.0}
    assert record(in_acme, visits, changed) == Recorded(received=size + 1, created=1, updated=1, unchanged=size - 1)
    assert values_of("visits") == dict(sorted(changed.items()))


def test_of_the_same_day_twice_in_one_push_the_last_wins(in_acme: Organization) -> None:
    make_kpi(in_acme, "visits")
    item = {"kpi": "visits", "date": "2026-11-02"}
    batch, errors = resolved(SYSTEM, {**item, "value": 1}, {**item, "value": 2})
    recorded = record_measurements(SYSTEM, batch, organization=in_acme, via=Via.API, now=NOW)
    assert errors == []
    assert recorded == Recorded(received=2, created=1)
    assert values_of("visits") == {"2026-11-02": 2}


def test_a_kpi_is_named_by_its_key_or_id(in_acme: Organization) -> None:
    visits = make_kpi(in_acme, "visits")
    batch, errors = resolved(
        SYSTEM,
        {"kpi": "visits", "date": "2026-11-02", "value": 1},
        {"kpi": str(visits.pk), "date": "2026-11-03", "value": 2},
    )
    assert errors == []
    assert batch.kpi_ids == [visits.pk, visits.pk]


def test_items_that_cannot_be_stored_are_named_with_their_place(in_acme: Organization) -> None:
    make_kpi(in_acme, "visits")
    make_kpi(in_acme, "total", source="rollup", rollup="sum")
    make_kpi(in_acme, "old", archived_at=NOW)
    batch, errors = resolved(
        SYSTEM,
        {"kpi": "visits", "date": "2026-11-02", "value": 1},
        {"kpi": "vistis", "date": "2026-11-02", "value": 1},
        {"kpi": "total", "date": "2026-11-02", "value": 1},
        {"kpi": "old", "date": "2026-11-02", "value": 1},
        {"kpi": "visits", "date": "1066-10-14", "value": 1},
        {"kpi": "vis\0its", "date": "2026-11-02", "value": 1},
        {"kpi": "visits", "date": "9999-99-99", "value": 1},
    )
    assert len(batch) == 1
    assert [(error.pointer, error.code) for error in errors] == [
        ("/1/kpi", "unknown_kpi"),
        ("/2/kpi", "not_measured"),
        ("/3/kpi", "archived"),
        ("/4/date", "date_out_of_range"),
        ("/5/kpi", "unknown_kpi"),
        ("/6/date", "invalid_date"),
    ]


def test_a_contributor_feeds_only_their_own(in_acme: Organization, bob: Member, vera: Member) -> None:
    make_kpi(in_acme, "own", owner=bob)
    other = make_kpi(in_acme, "other")
    day = {"date": "2026-11-02", "value": 1}
    _, errors = resolved(Actor(member=bob), {"kpi": "own", **day}, {"kpi": "other", **day})
    assert [(error.pointer, error.code) for error in errors] == [("/1/kpi", "not_allowed")]
    with pytest.raises(PermissionDenied):
        record_measurement(Actor(member=vera), other, DAY, 1, organization=in_acme, via=Via.PAGE, now=NOW)


def test_a_computed_or_archived_kpi_takes_no_value(in_acme: Organization, alice: Member) -> None:
    total = make_kpi(in_acme, "total", source="rollup", rollup="sum")
    old = make_kpi(in_acme, "old", archived_at=NOW)
    with pytest.raises(ConflictError, match="computed"):
        record_measurement(Actor(member=alice), total, DAY, 1, organization=in_acme, via=Via.PAGE, now=NOW)
    with pytest.raises(ConflictError, match="archived"):
        record_measurement(Actor(member=alice), old, DAY, 1, organization=in_acme, via=Via.PAGE, now=NOW)


def test_a_removed_value_stays_as_a_revision(in_acme: Organization, as_alice: Actor) -> None:
    visits = make_kpi(in_acme, "visits")
    record(in_acme, visits, {"2026-11-02": 2})
    assert remove_measurement(as_alice, visits, DAY, organization=in_acme, via=Via.PAGE, now=NOW)
    assert not remove_measurement(as_alice, visits, DAY, organization=in_acme, via=Via.PAGE, now=NOW)
    assert values_of("visits") == {}
    assert MeasurementRevision.objects.get().value == 2


def test_a_percent_that_looks_like_points_is_stored_and_warned_about(in_acme: Organization) -> None:
    conversion = make_kpi(in_acme, "conversion", unit="percent", aggregation="mean")
    assert record(in_acme, conversion, {"2026-09-01": 0.12, "2026-10-01": 0.13}).warnings == []
    recorded = record(in_acme, conversion, {"2026-11-01": 12.5})
    assert [warning.code for warning in recorded.warnings] == ["looks_like_percent"]
    assert values_of("conversion")["2026-11-01"] == 12.5


def test_the_same_key_in_another_organization_is_another_kpi(acme: Organization, globex: Organization) -> None:
    with inside(globex):
        foreign = make_kpi(globex, "visits")
    with inside(acme):
        _, errors = resolved(
            SYSTEM,
            {"kpi": str(foreign.pk), "date": "2026-11-02", "value": 1},
            {"kpi": "visits", "date": "2026-11-02", "value": 1},
        )
    assert [error.code for error in errors] == ["unknown_kpi", "unknown_kpi"]
