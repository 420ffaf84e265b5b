"""Benchmarks: which are taken, and that the list is replaced as a whole."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.actors import Actor
from accounts.errors import ConflictError
from accounts.models import AuditEntry, Member, Organization
from kpis.actions.benchmarking import MOST, BenchmarkRow, benchmarks_of, set_benchmarks
from kpis.models import Benchmark, Kpi
from tests.cast import NOW, make_kpi
from tests.kpis.actions.refusals import rows_of

pytestmark = pytest.mark.usefixtures("in_acme")

GROCERY = BenchmarkRow(0.62, "Grocery", 2025, "Retail report", 0.55, 0.7, "Germany")
ORGANIC = BenchmarkRow(0.5, "Organic food", 2024, "BÖLW")


@pytest.fixture
def share(in_acme: Organization) -> Kpi:
    return make_kpi(in_acme, "share", unit="percent")


def test_the_list_is_replaced_and_what_stays_the_same_is_left_alone(as_alice: Actor, share: Kpi) -> None:
    set_benchmarks(as_alice, share, [GROCERY, ORGANIC], now=NOW)
    before = {row.industry: row.pk for row in Benchmark.objects.all()}
    newer = replace(ORGANIC, year=2025, median=0.52)
    rows = set_benchmarks(as_alice, share, [newer, GROCERY], now=NOW)
    assert [BenchmarkRow.of(row) for row in rows] == [GROCERY, newer]
    assert {row.pk for row in rows if row.industry == "Grocery"} == {before["Grocery"]}
    assert {row.created_by for row in rows} == {as_alice.member}
    assert AuditEntry.objects.latest("id").changes == {
        "benchmarks": [
            ["Grocery, Germany, 2025: 0.62 (0.55 to 0.7), by Retail report", "Organic food, 2024: 0.5, by BÖLW"],
            ["Organic food, 2025: 0.52, by BÖLW", "Grocery, Germany, 2025: 0.62 (0.55 to 0.7), by Retail report"],
        ]
    }


def test_the_same_list_again_writes_nothing(as_alice: Actor, share: Kpi) -> None:
    for _ in range(2):
        set_benchmarks(as_alice, share, [GROCERY], now=NOW)
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"industry": " "}, ("required", 1, "industry")),
        ({"source": ""}, ("required", 1, "source")),
        ({"industry": "x" * 81}, ("max_length", 1, "industry")),
        ({"region": "x" * 81}, ("max_length", 1, "region")),
        ({"source": "x" * 201}, ("max_length", 1, "source")),
        ({"year": 2027}, ("year", 1, "year")),
        ({"year": 1989}, ("year", 1, "year")),
        ({"lower_quartile": 0.4}, ("one_quartile", 1, "upper_quartile")),
        ({"upper_quartile": 0.6}, ("one_quartile", 1, "lower_quartile")),
        ({"lower_quartile": 0.51, "upper_quartile": 0.6}, ("order", 1, "median")),
        ({"lower_quartile": 0.4, "upper_quartile": 0.49}, ("order", 1, "median")),
        ({"median": float("nan")}, ("not_a_number", 1, "median")),
        ({"lower_quartile": float("-inf"), "upper_quartile": 1.0}, ("not_a_number", 1, "median")),
    ],
)
def test_a_figure_that_cannot_be_relied_on_is_refused(
    as_alice: Actor, share: Kpi, change: dict[str, Any], expected: tuple[str, int, str]
) -> None:
    set_benchmarks(as_alice, share, [GROCERY], now=NOW)
    with pytest.raises(ValidationError) as raised:
        set_benchmarks(as_alice, share, [GROCERY, replace(ORGANIC, **change)], now=NOW)
    assert rows_of(raised.value, "benchmarks") == [expected]
    assert [BenchmarkRow.of(row) for row in benchmarks_of(share)] == [GROCERY]


def test_two_figures_of_the_same_are_refused(as_alice: Actor, share: Kpi) -> None:
    with pytest.raises(ValidationError) as raised:
        set_benchmarks(as_alice, share, [GROCERY, replace(GROCERY, industry="grocery", median=0.6)], now=NOW)
    assert rows_of(raised.value, "benchmarks") == [("repeated", 1, "industry")]


def test_a_kpi_has_a_bounded_number_of_them(as_alice: Actor, share: Kpi) -> None:
    rows = [replace(ORGANIC, industry=f"Industry {number}") for number in range(MOST + 1)]
    with pytest.raises(ValidationError) as raised:
        set_benchmarks(as_alice, share, rows, now=NOW)
    assert rows_of(raised.value, "benchmarks") == [("too_many", None, "")]


@pytest.mark.parametrize(("year", "is_dated"), [(2026, False), (2024, False), (2023, True), (1990, True)])
def test_a_figure_is_out_of_date_after_two_years(year: int, is_dated: bool) -> None:
    assert Benchmark(year=year).is_dated(dt.date(2026, 11, 18)) is is_dated


def test_only_who_may_change_a_kpi_says_what_others_reach(
    in_acme: Organization, as_alice: Actor, share: Kpi, bob: Member
) -> None:
    assert set_benchmarks(Actor(member=bob), make_kpi(in_acme, "own", owner=bob), [GROCERY], now=NOW)
    with pytest.raises(PermissionDenied):
        set_benchmarks(Actor(member=bob), share, [GROCERY], now=NOW)
    with pytest.raises(ConflictError):
        set_benchmarks(as_alice, make_kpi(in_acme, "gone", archived_at=NOW), [GROCERY], now=NOW)
