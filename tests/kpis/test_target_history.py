"""What was promised first, where a target was changed afterwards."""

import datetime as dt

import pytest

from accounts.actors import SYSTEM
from accounts.models import Organization
from kpis.actions.targets import TargetRow, set_targets
from kpis.models import Kpi
from kpis.presenting.target_history import original_of, revised_words
from kpis.target_changes import Goal
from tests.cast import NOW, make_kpi

SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = (dt.date(2026, month, 1) for month in (9, 10, 11, 12))


@pytest.fixture
def sales(in_acme: Organization) -> Kpi:
    return make_kpi(in_acme, "sales")


def on(day: int, month: int = 11) -> dt.datetime:
    return dt.datetime(2026, month, day, 12, tzinfo=dt.UTC)


def promise(kpi: Kpi, *rows: TargetRow, now: dt.datetime = NOW, path: str = "") -> None:
    set_targets(SYSTEM, kpi, rows, now=now, reason="We know more now", path=path)


def test_a_target_that_was_never_changed_has_no_other_original(in_acme: Organization, sales: Kpi) -> None:
    promise(sales, TargetRow(OCTOBER, target=500))
    assert original_of(sales, in_acme, OCTOBER) is None
    assert original_of(sales, in_acme, SEPTEMBER) is None


def test_the_original_is_what_held_when_the_period_began(in_acme: Organization, sales: Kpi) -> None:
    promise(sales, TargetRow(SEPTEMBER, target=500), now=on(1, 8))
    promise(sales, TargetRow(SEPTEMBER, target=600), now=on(20, 8))  # before it began: nothing was promised yet
    promise(sales, TargetRow(SEPTEMBER, target=550), now=on(15, 9))
    promise(sales, TargetRow(SEPTEMBER, target=520), now=on(2, 11))
    assert original_of(sales, in_acme, SEPTEMBER) == Goal(600, 480)
    assert original_of(sales, in_acme, OCTOBER) == Goal(550, 440)
    assert original_of(sales, in_acme, DECEMBER) is None


def test_of_a_period_without_a_target_it_is_the_first_that_was_recorded(in_acme: Organization, sales: Kpi) -> None:
    promise(sales, TargetRow(SEPTEMBER, target=500), now=on(1, 11))
    promise(sales, TargetRow(SEPTEMBER, target=600), now=on(5, 11))
    assert original_of(sales, in_acme, SEPTEMBER) == Goal(500, 400)


def test_a_change_that_was_taken_back_leaves_the_original(in_acme: Organization, sales: Kpi) -> None:
    promise(sales, TargetRow(SEPTEMBER, target=500), now=on(1, 8))
    promise(sales, TargetRow(SEPTEMBER, target=400), now=on(5, 10))
    promise(sales, TargetRow(SEPTEMBER, target=500), now=on(6, 10))
    assert original_of(sales, in_acme, SEPTEMBER) is None


def test_both_shares_are_said(in_acme: Organization, sales: Kpi) -> None:
    promise(sales, TargetRow(SEPTEMBER, target=500), now=on(1, 8))
    promise(sales, TargetRow(SEPTEMBER, target=430), now=on(5, 10))
    said = revised_words(sales, in_acme, SEPTEMBER, 410, 430)
    assert said == "95\u00a0% of revised, 82\u00a0% of original"
    assert revised_words(sales, in_acme, SEPTEMBER, None, 430) == "revised from at least 500"
    assert revised_words(sales, in_acme, dt.date(2026, 8, 1), 410, None) == ""
    assert revised_words(sales, in_acme, None, None, None) == ""


def test_where_less_is_better_the_original_itself_is_said(in_acme: Organization) -> None:
    defects = make_kpi(in_acme, "defects", direction="decrease")
    promise(defects, TargetRow(SEPTEMBER, target=2), now=on(1, 8))
    promise(defects, TargetRow(SEPTEMBER, target=3), now=on(5, 10))
    assert revised_words(defects, in_acme, SEPTEMBER, 2, 3) == "revised from at most 2"


def test_a_straight_line_that_was_bent_has_an_original_in_between(in_acme: Organization, sales: Kpi) -> None:
    lines = [TargetRow(SEPTEMBER, target=500, floor=0), TargetRow(DECEMBER, target=800, floor=0)]
    set_targets(SYSTEM, sales, lines, now=on(1, 8), path="linear")
    promise(sales, lines[0], TargetRow(DECEMBER, target=650, floor=0), now=on(5, 11))
    assert original_of(sales, in_acme, OCTOBER) == Goal(600, 0)
    assert original_of(sales, in_acme, SEPTEMBER) is None
