"""The page of a KPI: layers of its chart, other periods, the past, why it moved, and its files."""

import csv
import datetime as dt
import io
import math

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import SYSTEM, Actor
from accounts.models import Organization
from kpis.actions.definitions import update_kpi
from kpis.actions.targets import TargetRow, set_targets
from kpis.actions.versioning import keep_version
from kpis.drawing.numbers import MINUS, SPACE
from kpis.models import Annotation, Benchmark, Kpi, KpiOperand, Standing
from tests.cast import NOW, inside, make_kpi, make_link, record
from tests.kpis.views.conftest import Measured, score

URL = "/acme/kpis/net_sales/"
MONTHS = [f"{year}-{month:02}-01" for year in (2024, 2025, 2026) for month in range(1, 13)][:34]  # to October 2026


@pytest.fixture
def growing(measured: Measured) -> Kpi:
    """Rises by 10 a month and wobbles, with one month that is out of all proportion."""
    values = {date: 1000 + 10 * at + 15 * math.sin(at * 2.4) for at, date in enumerate(MONTHS)}
    return measured("net_sales", values, (TargetRow(dt.date(2024, 1, 1), target=1200, floor=900),), unit="currency:EUR")


@pytest.fixture
def level(measured: Measured) -> Kpi:
    values = {date: 100.0 + at % 3 for at, date in enumerate(MONTHS)}
    return measured("net_sales", values | {"2026-06-01": 160.0})


@pytest.fixture
def total(acme: Organization) -> Kpi:
    """Two regions below a total; costs are taken off."""
    with inside(acme):
        kpi = make_kpi(acme, "net_sales", source="rollup", rollup="sum", unit="currency:EUR")
        for key, values, sign in (("north", (500, 400), 1), ("south", (100, 130), 1), ("costs", (50, 60), -1)):
            child = make_kpi(acme, key, unit="currency:EUR")
            make_link(kpi, child, contribution=sign)
            keep_version_of(child)
            record(acme, child, dict(zip(("2026-09-01", "2026-10-01"), values, strict=True)))
        keep_version_of(kpi)
    score(acme)
    return kpi


def keep_version_of(kpi: Kpi) -> None:
    keep_version(SYSTEM, kpi, now=NOW - dt.timedelta(days=1))


def page_of(client: Client, query: str = ""):
    return client.get(f"{URL}{query}").context["page"]


# Layers


def test_a_forecast_says_what_is_expected_how_far_off_it_was_and_the_chance(growing: Kpi, veras: Client) -> None:
    chart = page_of(veras, "?show=forecast").chart
    expected, backtest, chance = chart.forecast_sentences
    assert "is expected for November 2026, four times out of five between €" in expected
    assert "In the past this was off by €" in backtest
    assert "a month; taking the last value by €" in backtest
    assert chance.startswith(f"The chance of at least €{SPACE}1.2{SPACE}k in November 2026 is ")
    assert [point.period for point in chart.points][-2:] == ["Mar 27", "Apr 27"]
    assert "trend-cone" in chart.svg


def test_a_forecast_that_is_not_offered_says_why(measured: Measured, veras: Client) -> None:
    measured("net_sales", {"2026-09-01": 1, "2026-10-01": 2})
    answer = veras.get(f"{URL}?show=forecast")
    assert "There is no forecast yet: it takes at least twelve values." in answer.content.decode()
    assert "trend-cone" not in answer.content.decode()


def test_a_signal_is_marked_and_named(level: Kpi, veras: Client) -> None:
    page = veras.get(f"{URL}?show=limits").content.decode()
    assert "June 2026 lies outside what chance explains, above the upper limit." in page
    assert 'class="trend-signal"' in page
    assert "June 2026 lies outside what chance explains, above the upper limit.</title>" in page


def test_a_process_change_restarts_the_limits(level: Kpi, veras: Client) -> None:
    before = page_of(veras, "?show=limits").chart.layers.limits
    _note(level, "2026-01-15", "New till", is_process_change=True)
    chart = page_of(veras, "?show=limits,notes").chart
    assert before.centre != chart.layers.limits.centre
    assert [(note.number, note.text, note.is_change) for note in chart.notes] == [(1, "New till", True)]


def test_benchmarks_are_drawn_and_greyed_when_dated(level: Kpi, veras: Client) -> None:
    with inside(level.organization):
        for year in (2021, 2026):
            Benchmark.objects.create(
                kpi=level,
                median=110,
                lower_quartile=90,
                upper_quartile=130,
                industry="Retail",
                year=year,
                source="EHI",
                created_at=NOW,
            )
    chart = page_of(veras, "?show=benchmarks").chart
    assert [stick.is_dated for stick in chart.layers.yardsticks] == [False, True]
    assert chart.benchmark_sentences[1] == (
        "Retail 2021: 110 in the middle, half between 90 and 130 (EHI). It is more than two years old."
    )


def test_layers_are_switched_one_by_one_or_all_off(level: Kpi, veras: Client) -> None:
    def on(query: str) -> list[str]:
        return [name for name, _, is_on in page_of(veras, query).chart.switches if is_on]

    assert on("") == ["notes"]
    assert on("?show=limits&show=") == ["limits"]
    assert on("?show=") == []
    assert on("?show=forecast,benchmarks") == ["forecast", "benchmarks"]


def test_a_layer_that_does_not_exist_is_said(level: Kpi, veras: Client) -> None:
    answer = veras.get(f"{URL}?show=clouds")
    assert answer.status_code == 422
    assert "There is no layer “clouds”; choose from forecast, limits, notes, benchmarks." in answer.content.decode()


def test_one_layer_more_costs_a_fixed_number_of_queries(growing: Kpi, veras: Client) -> None:
    for at in range(30):
        _note(growing, f"2026-0{1 + at % 9}-03", f"Note {at}")
    with CaptureQueriesContext(connection) as queries:
        veras.get(f"{URL}?show=forecast,limits,notes,benchmarks")
    assert len(queries) <= 45


def _note(kpi: Kpi, on: str, text: str, **fields: object) -> None:
    with inside(kpi.organization):
        Annotation.objects.create(kpi=kpi, on=dt.date.fromisoformat(on), text=text, created_at=NOW, **fields)


# Other periods


def test_any_period_speaks_in_the_header(growing: Kpi, veras: Client) -> None:
    header = page_of(veras, "?period=2026-03-17").header
    assert (header.period, header.compared) == ("March 2026", "on February")
    assert "1,2" in header.value


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("?period=soon", "“soon” is no period; give a date in it, such as 2026-10-01."),
        ("?period=2031-01-01", "Net sales has no January 2031; it is shown as it stands latest."),
        ("?as_of=yesterday", "“yesterday” cannot be looked back at. Give a date such as 2026-03-03"),
        ("?as_of=2027-01-01", "That lies ahead; only what was known in the past can be read."),
        ("?as_of=2020-01-01", "On 1 January 2020, “Net sales” was not there yet. Here it is as it is today."),
    ],
)
def test_what_cannot_be_shown_is_said(growing: Kpi, veras: Client, query: str, message: str) -> None:
    answer = veras.get(f"{URL}{query}")
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert answer.context["page"].header.period == "October 2026"


# The past


@pytest.fixture
def changed(acme: Organization, as_alice: Actor, total: Kpi) -> Kpi:
    """Since 18 November the total has another name and another target, and north another value."""
    with inside(acme):
        set_targets(as_alice, total, [TargetRow(dt.date(2026, 1, 1), target=700.0, floor=500.0)], now=NOW)
    later = NOW + dt.timedelta(days=7)
    with time_machine.travel(later, tick=False), inside(acme):
        update_kpi(as_alice, Kpi.objects.get(pk=total.pk), name="Turnover", now=later)
        set_targets(
            as_alice, total, [TargetRow(dt.date(2026, 1, 1), target=300.0, floor=200.0)], now=later, reason="Too bold"
        )
    return total


def test_the_page_is_shown_as_it_was_known_with_name_and_target_of_then(changed: Kpi, alices: Client) -> None:
    with time_machine.travel(NOW + dt.timedelta(days=8), tick=False):
        score(changed.organization, NOW + dt.timedelta(days=8))
        today, then = alices.get(URL), alices.get(f"{URL}?as_of=2026-11-18")
    assert (today.context["kpi"].name, then.context["kpi"].name) == ("Turnover", "Net sales")
    assert today.context["page"].header.target == f"at least €{SPACE}300"
    assert then.context["page"].header.target == f"at least €{SPACE}700"
    assert "As it was known on <strong>18 November 2026</strong>" in then.content.decode()
    assert then.context["page"].address_of_now == URL
    assert "470" in then.context["page"].header.value


def test_nothing_can_be_entered_or_changed_in_the_past(level: Kpi, alices: Client) -> None:
    with inside(level.organization):
        keep_version_of(level)
    page = alices.get(f"{URL}?as_of=2026-11-18")
    assert page.status_code == 200
    for offered in ("Save value", "/edit/", "/targets/", "/archive/"):
        assert offered in alices.get(URL).content.decode()
        assert offered not in page.content.decode()


def test_an_archived_kpi_is_shown_as_it_was(changed: Kpi, alices: Client) -> None:
    with inside(changed.organization):
        Kpi.objects.filter(pk=changed.pk).update(archived_at=NOW)
    assert page_of(alices, "?as_of=2026-11-18").header.period == "October 2026"
    assert page_of(alices).header.period == "October 2026"


# Why it moved


def test_the_change_is_explained_by_parts_that_add_up(total: Kpi, veras: Client) -> None:
    why = page_of(veras).why
    said = why.sentence.replace("\u2060", "")
    assert said == (
        f"Net sales fell by €{SPACE}80 from September 2026: North {MINUS}€{SPACE}100, South +€{SPACE}30, "
        f"Costs {MINUS}€{SPACE}10."
    )
    assert sum(part.change for part in why.explanation.parts) == why.explanation.change == -80
    assert [row.name for row in why.rows] == ["North", "South", "Costs"]
    assert why.rows[0].address == "/acme/kpis/north/?period=2026-10-01&base=2026-09-01#why"
    assert why.rows[0].note == f"€{SPACE}500 → €{SPACE}400"
    assert 'class="waterfall waterfall-wide"' in why.svg


def test_the_distance_to_a_target_that_is_not_there_is_said(total: Kpi, veras: Client) -> None:
    page = veras.get(f"{URL}?base=target").content.decode()
    assert "There is no target in this period to compare with." in page


def test_what_is_measured_has_nothing_beneath_it(level: Kpi, veras: Client) -> None:
    assert page_of(veras).why is None
    assert veras.get(f"{URL}why.csv").status_code == 404


def test_a_formula_is_written_with_names_and_its_problem_with_them(acme: Organization, veras: Client) -> None:
    with inside(acme):
        sales, baskets = make_kpi(acme, "sales", name="Sales"), make_kpi(acme, "baskets", name="Baskets")
        for kpi, values in ((sales, (10.0, 20.0)), (baskets, (5.0, 0.0))):
            record(acme, kpi, dict(zip(("2026-09-01", "2026-10-01"), values, strict=True)))
        basket = make_kpi(acme, "net_sales", name="Basket", source="formula", formula="sales / baskets")
        for operand in (sales, baskets):
            KpiOperand.objects.create(kpi=basket, operand=operand)
    score(acme)
    page = page_of(veras)
    assert [(piece.text, piece.key) for piece in page.definition.formula] == [
        ("Sales", "sales"), (" / ", ""), ("Baskets", "baskets"),
    ]  # fmt: skip
    assert [operand.name for operand in page.rail.operands] == ["Sales", "Baskets"]
    assert page.periods[1].remark == "No value: Baskets was 0 in October 2026"


def test_beside_a_value_of_another_kind_of_period_stands_of_when_it_is(acme: Organization, veras: Client) -> None:
    with inside(acme):
        sales, baskets = make_kpi(acme, "sales"), make_kpi(acme, "baskets", frequency="daily")
        for kpi in (sales, baskets):
            record(acme, kpi, {"2026-10-01": 10.0})
        basket = make_kpi(acme, "net_sales", source="formula", formula="sales / baskets")
        for operand in (sales, baskets):
            KpiOperand.objects.create(kpi=basket, operand=operand)
    score(acme)
    with inside(acme):
        period = Standing.objects.get(kpi_id=baskets.pk).period
    assert [operand.note for operand in page_of(veras).rail.operands] == ["", f"{period.day} {period:%b}"]


# Files


def test_the_chart_is_a_picture_and_a_table(growing: Kpi, veras: Client) -> None:
    picture = veras.get(f"{URL}chart.png?show=forecast,limits")
    assert picture["Content-Type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    table = veras.get(f"{URL}series.csv?show=forecast,limits")
    assert table["Content-Disposition"] == 'attachment; filename="net_sales.csv"'
    rows = list(csv.DictReader(io.StringIO(table.content.decode())))
    october = next(row for row in rows if row["period"] == "2026-10-01")
    assert float(october["target"]) == 1200
    assert float(october["lower_limit"]) < float(october["centre"]) < float(october["upper_limit"])
    assert rows[-1]["period"] == "2027-04-01"
    assert float(rows[-1]["forecast_low"]) < float(rows[-1]["forecast"]) < float(rows[-1]["forecast_high"])


def test_the_explanation_is_a_picture_and_a_table(total: Kpi, veras: Client) -> None:
    assert veras.get(f"{URL}why.png").content.startswith(b"\x89PNG")
    rows = list(csv.DictReader(io.StringIO(veras.get(f"{URL}why.csv").content.decode())))
    assert [(row["part"], float(row["change"])) for row in rows] == [("North", -100), ("South", 30), ("Costs", -10)]


def test_everybody_is_led_to_the_year_before_and_to_what_if(growing: Kpi, veras: Client) -> None:
    page = veras.get(URL).content.decode()
    assert 'href="/acme/compare/?kpi=net_sales&amp;against=year"' in page
    assert 'href="/acme/what-if/?kpi=net_sales"' in page
