"""Which KPIs are only looked at."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from kpis.vanity import VanityFacts, vanity_list, why_vanity

TODAY = dt.date(2026, 11, 27)
BORDER = dt.date(2026, 9, 28)  # two cadences of 30 days ago
LOOKED_AT = VanityFacts(
    key="page_views",
    name="Page views",
    today=TODAY,
    created_on=dt.date(2025, 1, 1),
    review_cadence_days=30,
)


def why(**changes: Any) -> str:
    return why_vanity(replace(LOOKED_AT, **changes))


def test_a_kpi_that_feeds_nothing_and_led_to_nothing_is_listed_with_a_sentence() -> None:
    assert why() == (
        "“Page views” feeds no other KPI, formula or key result, and since 28 September 2026 it has led to no action, "
        "no change of its target and no decision in a review. Archive it, or name the KPI it helps."
    )


@pytest.mark.parametrize("field", ["last_action_on", "last_target_change_on", "last_decision_on"])
def test_a_decision_within_two_cadences_keeps_it_off_the_list(field: str) -> None:
    assert why(**{field: BORDER}) == ""
    assert why(**{field: BORDER - dt.timedelta(days=1)}) != ""


def test_an_open_action_counts_until_it_is_due() -> None:
    assert why(last_action_on=dt.date(2027, 3, 31)) == ""


def test_what_others_stand_on_is_not_vanity() -> None:
    assert why(feeds_count=1) == ""


def test_a_kpi_younger_than_two_cadences_is_never_listed() -> None:
    assert why(created_on=BORDER + dt.timedelta(days=1)) == ""
    assert why(created_on=BORDER) != ""


def test_a_slower_cadence_gives_more_time() -> None:
    assert why(last_decision_on=dt.date(2026, 6, 1)) != ""
    assert why(last_decision_on=dt.date(2026, 6, 1), review_cadence_days=91) == ""


@pytest.mark.parametrize(
    ("is_strategic", "has_children", "is_listed"),
    [(True, True, False), (True, False, True), (False, True, True), (False, False, True)],
)
def test_only_a_strategic_kpi_that_others_feed_may_stand_at_the_top_unquestioned(
    is_strategic: bool, has_children: bool, is_listed: bool
) -> None:
    assert bool(why(is_strategic=is_strategic, has_children=has_children)) == is_listed


def test_an_operational_kpi_at_the_top_is_told_that_its_ladder_ends() -> None:
    assert why(has_children=True).startswith("What feeds “Page views” ends there")


def test_the_list_keeps_the_order_and_leaves_out_the_rest() -> None:
    known = [
        LOOKED_AT,
        replace(LOOKED_AT, key="visits", feeds_count=2),
        replace(LOOKED_AT, key="likes", name="Likes"),
    ]
    assert [(one.key, one.detail[:10]) for one in vanity_list(known)] == [
        ("page_views", "“Page view"),
        ("likes", "“Likes” fe"),
    ]
