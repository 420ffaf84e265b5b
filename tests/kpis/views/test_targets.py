"""The target editor: what can be typed, what is said of it before it is saved, and what is kept."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from accounts.models import Organization
from kpis.models import Benchmark, Kpi
from tests.cast import NOW, inside
from tests.kpis.views.conftest import Measured, rows

TARGETS = "/acme/kpis/net_sales/targets/"


def targets(kpi: Kpi, organization: Organization) -> list[tuple[str, float | None, float | None]]:
    with inside(organization):
        known = kpi.targets.known()
        return [(str(row.effective_from), row.target, row.floor) for row in known]


def path_of(organization: Organization) -> str:
    with inside(organization):
        return str(Kpi.objects.get().target_path)


def test_targets_are_set_in_the_unit_people_see(acme: Organization, measured: Measured, alices: Client) -> None:
    kpi = measured("net_sales", unit="percent")
    first = {"effective_from": "2026-01-01", "target": "95", "floor": "90,5 %"}
    answer = alices.post(TARGETS, rows(first, {"effective_from": "", "target": "", "floor": ""}))
    assert answer.status_code == 302
    assert targets(kpi, acme) == [("2026-01-01", 0.95, 0.905)]
    assert 'value="90.5"' in alices.get(TARGETS).content.decode()


@pytest.mark.parametrize(
    ("row", "field", "message"),
    [
        ({"effective_from": "2026-01-01", "target": "700", "floor": "800"}, "floor",
         "The floor (800) must lie below the target (700)."),
        ({"effective_from": "", "target": "700"}, "effective_from", "From when on?"),
        ({"effective_from": "2026-01-01", "target": "lots"}, "target",
         "“lots” is not a number; write it like 1,234.5 or 1234,5."),
    ],
)  # fmt: skip
def test_a_wrong_target_is_said_in_its_row(
    acme: Organization, measured: Measured, alices: Client, row: dict[str, str], field: str, message: str
) -> None:
    kpi = measured("net_sales")
    answer = alices.post(TARGETS, rows(row))
    assert answer.status_code == 422
    assert answer.context["rows"].forms[0].errors[field] == [message]
    assert targets(kpi, acme) == []


def test_changing_a_promise_asks_why(acme: Organization, measured: Measured, alices: Client) -> None:
    kpi = measured("net_sales")
    alices.post(TARGETS, rows({"effective_from": "2026-01-01", "target": "700"}))
    changed = {"effective_from": "2026-01-01", "target": "800"}
    answer = alices.post(TARGETS, rows(changed, initial=1))
    assert answer.context["why"].errors["reason"] == [
        "This changes the target of January 2026, which is over. Say why in a few words."
    ]
    assert alices.post(TARGETS, rows(changed, initial=1, reason="A store more")).status_code == 302
    assert targets(kpi, acme) == [("2026-01-01", 800, None)]
    removed = changed | {"DELETE": "on"}
    assert alices.post(TARGETS, rows(removed, initial=1, reason="No goal")).status_code == 302
    assert targets(kpi, acme) == []


def test_history_hints_at_a_target(measured: Measured, alices: Client) -> None:
    measured("net_sales", {f"2026-{month:02}-01": month * 100 for month in range(5, 11)})
    past = alices.get(TARGETS).context["past"]
    assert (past.count, past.middle, past.best, past.latest) == (6, "750", "1,000", "1,000")


MONTHS = {f"2026-{month:02}-01": month * 100.0 for month in range(5, 11)}


def test_a_target_can_be_typed_as_a_change(acme: Organization, measured: Measured, alices: Client) -> None:
    kpi = measured("net_sales", MONTHS, unit="currency:EUR")
    answer = alices.post(
        TARGETS,
        rows(
            {"effective_from": "2026-11-01", "target": "+20 % on Q3", "due_on": "2027-06-30"},
            {"effective_from": "2026-12-01", "target": "+25,000"},
            {"effective_from": "2027-01-01", "target": "-5 % on October 2026"},
        ),
    )
    assert answer.status_code == 302
    with inside(acme):
        stored = [(row.target, row.basis, str(row.due_on)) for row in kpi.targets.known()]
    assert stored == [
        (960, "+20 % on the mean month of Q3 2026 (€\u00a0800)", "2027-06-30"),
        (26000, "+25,000 on October 2026 (€\u00a01\u00a0k)", "None"),
        (950, "\u22125 % on October 2026 (€\u00a01\u00a0k)", "None"),
    ]
    again = {"effective_from": "2026-11-01", "target": "960", "due_on": "2027-06-30"}
    alices.post(TARGETS, rows(again, initial=1, reason="Fewer rows"))
    with inside(acme):
        assert [row.basis for row in kpi.targets.known()] == ["+20 % on the mean month of Q3 2026 (€\u00a0800)"]
    alices.post(TARGETS, rows({"effective_from": "2026-11-01", "target": "970"}, initial=1))
    with inside(acme):
        assert [row.basis for row in kpi.targets.known()] == [""]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("+20 % on Q1", "There is no value of Q1 2026 to compare with; name another period or write the number."),
        ("+20 % on Easter",
         "“Easter” is not a period. Write Q2, Q2 2026, June 2026, 2026, last year or a date like 2026-06-30."),
    ],
)  # fmt: skip
def test_a_change_that_cannot_be_measured_is_said_at_its_field(
    acme: Organization, measured: Measured, alices: Client, typed: str, message: str
) -> None:
    kpi = measured("net_sales", MONTHS)
    answer = alices.post(TARGETS, rows({"effective_from": "2026-11-01", "target": typed}))
    assert answer.context["rows"].forms[0].errors["target"] == [message]
    assert targets(kpi, acme) == []


def test_a_kpi_without_values_takes_numbers_only(measured: Measured, alices: Client) -> None:
    measured("net_sales")
    answer = alices.post(TARGETS, rows({"effective_from": "2026-11-01", "target": "+20 %"}))
    said = "There is no value yet to compare with; write the number."
    assert answer.context["rows"].forms[0].errors["target"] == [said]


def test_the_straight_line_is_saved_with_its_rows(acme: Organization, measured: Measured, alices: Client) -> None:
    measured("net_sales")
    first, last = {"effective_from": "2026-12-01", "target": "700"}, {"effective_from": "2027-06-01", "target": "1000"}
    assert alices.post(TARGETS, rows(first, last) | {"target_path": "linear"}).status_code == 302
    assert path_of(acme) == "linear"
    wrong = {"effective_from": "2026-12-01", "target": "700", "floor": "800"}
    assert alices.post(TARGETS, rows(wrong, initial=1) | {"target_path": "step"}).status_code == 422
    assert path_of(acme) == "linear"


def test_three_targets_are_suggested_and_one_click_fills_the_row(measured: Measured, alices: Client) -> None:
    past = {f"{2025 + month // 12}-{month % 12 + 1:02}-01": 100.0 + month + month % 3 for month in range(22)}
    measured("net_sales", past)
    page = alices.get(TARGETS)
    kinds = [one.kind for one in page.context["suggested"]]
    assert {"keep_the_trend", "stretch"} <= set(kinds)
    assert all("likely" in one.chance for one in page.context["suggested"])
    assert 'href="/acme/kpis/net_sales/targets/?suggest=stretch"' in page.content.decode()
    chosen = alices.get(TARGETS, {"suggest": "stretch"}).context
    option = next(one.option for one in chosen["suggested"] if one.kind == "stretch")
    filled = chosen["rows"].forms[0].initial
    assert (filled["target"], filled["floor"], str(filled["effective_from"])) == (
        option.target, option.floor, "2026-11-01",
    )  # fmt: skip


def test_a_suggestion_takes_the_place_of_the_running_periods_row(measured: Measured, alices: Client) -> None:
    measured("net_sales", MONTHS)
    alices.post(TARGETS, rows({"effective_from": "2026-11-01", "target": "5"}))
    first = alices.get(TARGETS, {"suggest": "best_ever"}).context["rows"].forms[0]
    assert (first.initial["target"], first.initial["floor"]) == (1000, 800)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1140", "14\u00a0% above your best month, October 2026 (1\u00a0k)"),
        ("900", "10\u00a0% below your best month, October 2026 (1\u00a0k)"),
        ("+0 %", "The same as your best month, October 2026 (1\u00a0k)"),
    ],
)  # fmt: skip
def test_a_typed_target_is_compared_with_the_best_before_it_is_saved(
    acme: Organization, measured: Measured, alices: Client, typed: str, said: str
) -> None:
    kpi = measured("net_sales", MONTHS)
    answer = alices.post(TARGETS, rows({"effective_from": "2026-12-01", "target": typed}) | {"check": "1"})
    assert answer.status_code == 200
    (found,) = answer.context["checked"]
    assert (found.compared, found.period) == (said, "December 2026")
    assert found.chance == "No forecast, so no probability"
    assert targets(kpi, acme) == []


def test_a_typed_target_is_warned_about_at_once(measured: Measured, alices: Client) -> None:
    past = {f"{2025 + month // 12}-{month % 12 + 1:02}-01": 100.0 + month + month % 3 for month in range(22)}
    measured("net_sales", past)
    easy, far = {"effective_from": "2026-12-01", "target": "60"}, {"effective_from": "2027-01-01", "target": "900"}
    unread = {"effective_from": "2027-02-01", "target": "lots"}
    asked = rows(easy, far, unread) | {"check": "1"}
    found = alices.post(TARGETS, asked, headers={"HX-Request": "true"})
    assert "<html" not in found.content.decode()
    one, two, three = found.context["checked"]
    assert (one.chance, one.warning) == (
        "More than 99\u00a0% likely", "That is too easy: it will most likely be reached by itself.",
    )  # fmt: skip
    assert (two.chance, two.warning) == (
        "Less than 1\u00a0% likely", "That is out of reach, if things go on as they are.",
    )  # fmt: skip
    assert three.problem == "“lots” is not a number; write it like 1,234.5 or 1234,5."


def test_benchmarks_stand_beside_old_ones_quietly(acme: Organization, measured: Measured, alices: Client) -> None:
    kpi = measured("net_sales", unit="percent")
    with inside(acme):
        about = {"kpi": kpi, "industry": "Grocery", "source": "Retail survey", "created_at": NOW}
        Benchmark.objects.create(year=2026, median=0.2, lower_quartile=0.1, upper_quartile=0.3, **about)
        Benchmark.objects.create(year=2020, median=0.25, region="EU", **about)
    new, old = alices.get(TARGETS).context["benchmarks"]
    assert (new.figure, new.where, new.is_dated) == (
        "median 20\u00a0%, half of them 10\u00a0% to 30\u00a0%", "Grocery, 2026", False,
    )  # fmt: skip
    assert (old.where, old.is_dated) == ("Grocery, EU, 2020", True)


def test_changes_are_listed_with_who_and_why(measured: Measured, alices: Client) -> None:
    measured("net_sales", MONTHS)
    alices.post(TARGETS, rows({"effective_from": "2026-10-01", "target": "1200"}))
    changed = {"effective_from": "2026-10-01", "target": "1100", "due_on": "2026-12-31"}
    with time_machine.travel(NOW + dt.timedelta(hours=1)):
        alices.post(TARGETS, rows(changed, initial=1, reason="A store closed"))
    latest, first = alices.get(TARGETS).context["changes"]
    assert (latest.day, latest.who, latest.reason) == ("18 November 2026", "Alice", "A store closed")
    assert latest.rows == [("October 2026", "at least 1.2\u00a0k", "at least 1.1\u00a0k, by 31 December 2026")]
    assert first.rows == [("October 2026", "none", "at least 1.2\u00a0k")]


def test_only_owner_and_editors_set_targets(measured: Measured, bobs: Client, veras: Client) -> None:
    measured("net_sales")
    for client in (bobs, veras):
        assert client.get(TARGETS).status_code == client.post(TARGETS, rows()).status_code == 403
