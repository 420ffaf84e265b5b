"""The SMART check: each criterion in both directions, and the warnings."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.drawing.numbers import SPACE
from kpis.engine.definitions import Direction
from kpis.engine.periods import Frequency
from kpis.library import templates
from kpis.smart import SmartFacts, as_shown, criteria, warnings_about, why_vague
from kpis.starters import BUSINESSES

TODAY = dt.date(2026, 11, 27)
GOOD = SmartFacts(
    name="Net sales",
    description="What customers paid, less returns.",
    unit="currency:EUR",
    decimals=0,
    direction=Direction.INCREASE,
    frequency=Frequency.MONTHLY,
    today=TODAY,
    created_on=dt.date(2025, 1, 1),
    has_owner=True,
    target=900.0,
    target_from=dt.date(2026, 10, 1),
    target_due_on=dt.date(2026, 12, 31),
    feeds_count=1,
    planned_actions=1,
    values_count=14,
    lowest_value=640.0,
    highest_value=920.0,
    latest_value_on=dt.date(2026, 10, 31),
    team_kpis=7,
    last_reviewed_on=dt.date(2026, 11, 1),
    review_cadence_days=30,
)
METRIC = replace(GOOD, kind="metric", target=None, target_from=None, target_due_on=None, planned_actions=0)
NO_VALUE = {"values_count": 0, "latest_value_on": None, "reach_chance": 0.5}
CODES = ["specific", "measurable", "achievable", "relevant", "time_bound", "actionable"]


def gap(code: str, **changes: Any) -> tuple[str, str] | None:
    """What the good KPI lacks with these changes: the field that mends it, and the sentence."""
    return gaps(**changes).get(code)


def gaps(**changes: Any) -> dict[str, tuple[str, str]]:
    return {one.code: (one.field, one.detail) for one in criteria(replace(GOOD, **changes)) if not one.is_met}


def warned(facts: SmartFacts = GOOD, **changes: Any) -> dict[str, str]:
    return {one.code: one.detail for one in warnings_about(replace(facts, **changes))}


def test_a_good_kpi_meets_everything_and_is_not_warned_about() -> None:
    assert [(one.code, one.is_met, one.detail, one.field) for one in criteria(GOOD)] == [
        (code, True, "", "") for code in CODES
    ]
    assert warnings_about(GOOD) == []


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"name": "  "}, "specific", "name"),
        ({"name": "Improve sales"}, "specific", "name"),
        ({"description": ""}, "specific", "description"),
        ({"description": "net sales."}, "specific", "description"),
        ({"has_owner": False}, "specific", "owner"),
        ({"unit": ""}, "measurable", "unit"),
        ({"unit": "currency:"}, "measurable", "unit"),
        (NO_VALUE, "measurable", "values"),
        (NO_VALUE | {"source": "rollup"}, "measurable", "children"),
        (NO_VALUE | {"source": "rollup", "has_children": True}, "measurable", "children"),
        (NO_VALUE | {"source": "formula"}, "measurable", "formula"),
        ({"reach_chance": 0.099}, "achievable", "target"),
        ({"values_count": 2}, "achievable", "values"),
        ({"target": 1201.0}, "achievable", "target"),
        ({"feeds_count": 0}, "relevant", "parents"),
        ({"target_due_on": None}, "time_bound", "due_on"),
        ({"target_due_on": None, "target_from": None}, "time_bound", "due_on"),
        ({"target_due_on": dt.date(2026, 11, 26)}, "time_bound", "due_on"),
        ({"planned_actions": 0}, "actionable", "action"),
    ],
)
def test_one_flaw_fails_one_criterion_and_names_the_field_that_mends_it(
    changes: dict[str, Any], code: str, field: str
) -> None:
    found = gaps(**changes)
    assert set(found) == {code}
    assert found[code][0] == field
    assert found[code][1].endswith(".")


@pytest.mark.parametrize(
    "changes",
    [
        {"reach_chance": 0.1},
        {"reach_chance": 0.1, "values_count": 0},
        {"reach_chance": 0.1, "target": 5000.0},
        {"target": 1200.0},
        {"values_count": 3},
        {"feeds_count": 0, "is_strategic": True},
        {"target_due_on": TODAY},
        {"target_due_on": None, "target_from": dt.date(2027, 1, 1)},
        {"source": "rollup"},
        {"target": None, "low": 700.0, "high": 800.0, "direction": Direction.BETWEEN},
        {"target": 640.0, "direction": Direction.DECREASE},
        {"target": 360.0, "direction": Direction.DECREASE},
    ],
)
def test_what_is_just_good_enough_meets_everything(changes: dict[str, Any]) -> None:
    assert gaps(**changes) == {}


def test_without_a_target_setting_one_mends_all_that_need_it() -> None:
    found = gaps(target=None, target_from=None, target_due_on=None)
    assert {code: field for code, (field, _) in found.items()} == dict.fromkeys(
        ["measurable", "achievable", "time_bound"], "target"
    )


def test_a_range_with_one_end_is_no_target() -> None:
    assert "measurable" in gaps(target=None, low=5.0, direction=Direction.BETWEEN)


def test_only_the_first_thing_a_criterion_lacks_is_named() -> None:
    assert gap("specific", name="Quality", description="", has_owner=False) == ("name", why_vague("Quality"))


def test_a_target_far_beyond_history_is_told_with_both_numbers() -> None:
    assert gap("achievable", target=1380.0) == (
        "target",
        f"The target, €{SPACE}1,380, lies 50.0{SPACE}% above anything seen so far, €{SPACE}920. It has never moved "
        "that far. Choose a nearer target first.",
    )


def test_a_slim_chance_is_told() -> None:
    assert f"a chance of 4{SPACE}% to reach" in gaps(reach_chance=0.04)["achievable"][1]
    assert f"a chance of less than 1{SPACE}% to reach" in gaps(reach_chance=0.004)["achievable"][1]


def test_a_target_whose_date_has_passed_asks_for_the_next() -> None:
    assert gap("time_bound", target_due_on=dt.date(2026, 3, 1)) == (
        "due_on",
        "The target was to be reached by 1 March 2026, which is past. Set the next one.",
    )


def test_a_metric_owes_no_target() -> None:
    assert [(one.code, one.is_met) for one in criteria(METRIC)] == [
        ("specific", True),
        ("measurable", True),
        ("relevant", True),
    ]
    assert warned(METRIC, team_kpis=30, last_reviewed_on=None, review_cadence_days=7) == {}


def test_a_metric_that_nothing_uses_is_irrelevant_even_if_strategic() -> None:
    unused = criteria(replace(METRIC, feeds_count=0, is_strategic=True))[-1]
    assert (unused.code, unused.is_met, unused.field) == ("relevant", False, "parents")


def test_the_api_shows_codes_met_and_sentences_for_what_is_missing() -> None:
    assert as_shown(criteria(replace(GOOD, planned_actions=0))) == {
        "met": ["specific", "measurable", "achievable", "relevant", "time_bound"],
        "missing": [
            {
                "criterion": "actionable",
                "detail": "No step is planned. Add what will be done to move it, by whom and by when.",
            }
        ],
    }


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "Performance"}, "vague_name"),
        ({"has_owner": False}, "no_owner"),
        ({"target_due_on": None}, "no_target_date"),
        ({"target": None}, "no_target_date"),
        ({"feeds_count": 0}, "ladders_to_nothing"),
        ({"team_kpis": 8}, "too_many"),
        ({"last_reviewed_on": dt.date(2026, 9, 27)}, "not_reviewed"),
        ({"last_reviewed_on": None}, "not_reviewed"),
        ({"target": 921.0}, "beyond_history"),
        ({"latest_value_on": dt.date(2026, 8, 21)}, "no_values"),
        ({"latest_value_on": None}, "no_values"),
    ],
)
def test_one_flaw_gives_one_warning(changes: dict[str, Any], code: str) -> None:
    found = warned(**changes)
    assert set(found) == {code}
    assert found[code].endswith(".")


@pytest.mark.parametrize(
    "changes",
    [
        {"last_reviewed_on": dt.date(2026, 9, 28)},
        {"last_reviewed_on": None, "created_on": dt.date(2026, 9, 28)},
        {"last_reviewed_on": None, "review_cadence_days": None},
        {"target": 920.0},
        {"target": 1e9, "lowest_value": None, "highest_value": None},
        {"target": 1e9, "unit": "currenc"},
        {"latest_value_on": dt.date(2026, 8, 22)},
        {"latest_value_on": None, "created_on": dt.date(2026, 11, 1)},
        {"latest_value_on": None, "source": "formula"},
    ],
)
def test_what_is_just_good_enough_is_not_warned_about(changes: dict[str, Any]) -> None:
    assert warned(**changes) == {}


def test_a_metric_is_warned_about_its_name_owner_use_and_silence() -> None:
    found = warned(METRIC, name="KPI 1", has_owner=False, feeds_count=0, latest_value_on=dt.date(2026, 1, 31))
    assert list(found) == ["vague_name", "no_owner", "ladders_to_nothing", "no_values"]
    assert found["no_values"] == "No value has come since 31 January 2026. Enter or send it, or archive it."


def test_warnings_name_what_they_are_about() -> None:
    found = warned(team_kpis=9, last_reviewed_on=dt.date(2026, 5, 3), target=1012.0)
    assert found["too_many"].startswith("Its team has 9 KPIs")
    assert found["not_reviewed"].startswith("The last review was on 3 May 2026.")
    assert found["beyond_history"].startswith(
        f"The target, €{SPACE}1,012, lies 10.0{SPACE}% above anything seen so far, €{SPACE}920."
    )
    assert warned(last_reviewed_on=None)["not_reviewed"].startswith("No review since 1 January 2025.")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"direction": Direction.DECREASE, "target": 0.01, "lowest_value": 0.03, "highest_value": 0.05},
            f"The target, 1.0{SPACE}%, lies 2.0{SPACE}points below anything seen so far, 3.0{SPACE}%.",
        ),
        (
            {"direction": Direction.BETWEEN, "target": None, "low": 0.5, "high": 0.6, "highest_value": 0.4},
            f"The target, 50.0{SPACE}%, lies 10.0{SPACE}points above anything seen so far, 40.0{SPACE}%.",
        ),
        (
            {"direction": Direction.BETWEEN, "target": None, "low": 0.1, "high": 0.2, "lowest_value": 0.3},
            f"The target, 20.0{SPACE}%, lies 10.0{SPACE}points below anything seen so far, 30.0{SPACE}%.",
        ),
    ],
)
def test_beyond_history_is_told_in_the_unit_and_the_direction(changes: dict[str, Any], said: str) -> None:
    history = {"unit": "percent", "decimals": 1, "lowest_value": 0.3, "highest_value": 0.4}
    assert warned(**(history | changes))["beyond_history"].startswith(said)


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9), st.floats(0, 1e9), st.sampled_from(Direction))
def test_what_was_reached_is_never_beyond_history(
    target: float, below: float, above: float, direction: Direction
) -> None:
    history = {"lowest_value": target - below, "highest_value": target + above}
    goal = {"target": target, "low": target - below, "high": target, "direction": direction}
    assert warned(**history, **goal) == {}
    assert gaps(**history, **goal) == {}


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_rising_and_falling_are_judged_alike(target: float, one: float, other: float) -> None:
    lowest, highest = sorted((one, other))
    rising = {"target": target, "lowest_value": lowest, "highest_value": highest}
    falling = {"target": -target, "lowest_value": -highest, "highest_value": -lowest, "direction": Direction.DECREASE}
    assert set(gaps(**rising)) == set(gaps(**falling))
    assert set(warned(**rising)) == set(warned(**falling))


def test_nothing_known_is_checked_without_failing() -> None:
    bare = SmartFacts(name="", direction=Direction.BETWEEN, frequency=Frequency.DAILY, today=TODAY, created_on=TODAY)
    assert [one.is_met for one in criteria(bare)] == [False] * 6
    assert {one.code for one in warnings_about(bare)} == {
        "vague_name",
        "no_owner",
        "no_target_date",
        "ladders_to_nothing",
    }


@pytest.mark.parametrize(
    "name",
    [
        "Improve sales",
        "Increase revenue by 10 %",
        "Better service",
        "More customers",
        "Reduce cost",
        "Performance",
        "Sales performance",
        "Quality",
        "Product quality",
        "Growth",
        "Efficiency",
        "Operational excellence",
        "Customer success",
        "Good",
        "Strategic",
        "KPI 1",
        "New KPI",
        "Metric",
        "Number",
        "Total",
        "Quality score",
        "42",
        "?",
    ],
)
def test_vague_names(name: str) -> None:
    assert why_vague(name).startswith(f"“{name}” ")


@pytest.mark.parametrize(
    "name",
    [
        "Net sales",
        "Sales",
        "Costs",
        "Revenue growth",
        "Increase in prices",
        "New customers",
        "Customer satisfaction",
        "Engagement score",
        "Lead time",
        "Cost of poor quality",
        "Overall equipment effectiveness",
        "NPS",
        "MRR",
        "Line 1",
        "Umsatz",
        "Chiffre d’affaires",
        "売上",
    ],
)
def test_names_that_can_be_counted(name: str) -> None:
    assert why_vague(name) == ""


def test_our_own_templates_and_starters_are_not_vague() -> None:
    starters = [starter.name for business in BUSINESSES.values() for starter in business.starters]
    assert [name for name in [*(one.name for one in templates()), *starters] if why_vague(name)] == []
