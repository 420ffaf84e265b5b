"""Did it help? The verdict on an action as its KPI's page words it."""

import datetime as dt

import pytest

from accounts.models import Organization
from kpis.calendars import calendar_of
from kpis.models import Kpi, Score
from kpis.presenting.helped import Judge, Judged
from tests.cast import make_kpi

pytestmark = pytest.mark.usefixtures("in_acme")

BEFORE = [10.0, 12.0] * 6
DONE_ON, TODAY = dt.date(2026, 1, 17), dt.date(2026, 11, 18)


def months(kpi: Kpi, values: list[float | None], **bounds: float) -> None:
    """Scores of months of which the twelfth is December 2025."""
    for number, value in enumerate(values):
        Score.objects.create(
            kpi_id=kpi.pk,
            period=dt.date(2025 + number // 12, number % 12 + 1, 1),
            value=value,
            complete=True,
            status="no_target",
            **bounds,
        )


def verdict(organization: Organization, values: list[float | None], **fields: object) -> Judged | None:
    bounds = {"low": 10.0, "high": 20.0} if fields.get("direction") == "between" else {}
    kpi = make_kpi(organization, "sales", **fields)
    months(kpi, values, **bounds)
    return Judge(kpi, calendar_of(organization), today=TODAY).of(DONE_ON)


def test_better_than_ordinary_variation_helped(in_acme: Organization) -> None:
    assert verdict(in_acme, [*BEFORE, 11, 16, 17, 15]) == Judged(
        "Yes", "good", "16 on average in the three months after it, 11 in the three before"
    )


def test_it_is_the_kpi_that_says_what_better_means(in_acme: Organization) -> None:
    found = verdict(in_acme, [*BEFORE, 11, 16, 17, 15], direction="decrease")
    assert found is not None
    assert (found.word, found.css) == ("No, it got worse", "bad")


def test_a_range_is_judged_by_its_bounds(in_acme: Organization) -> None:
    found = verdict(in_acme, [*([30.0, 32.0] * 6), 25, 21, 19, 18], direction="between")
    assert found is not None
    assert found.word == "Yes"


def test_ordinary_variation_is_said_to_be_that(in_acme: Organization) -> None:
    found = verdict(in_acme, [*BEFORE, 11, 12, 12, 13])
    assert found is not None
    assert (found.word, found.css) == ("Cannot tell", "quiet")
    assert found.why.endswith("which is within its ordinary variation")


@pytest.mark.parametrize(("after", "waits"), [([], "three more months"), ([16, 17], "one more month")])
def test_it_takes_three_periods(in_acme: Organization, after: list[float], waits: str) -> None:
    found = verdict(in_acme, [*BEFORE, 11, *after])
    assert found == Judged("Cannot tell yet", "quiet", f"it takes {waits} after it")


def test_too_short_a_past_tells_nothing(in_acme: Organization) -> None:
    found = verdict(in_acme, [None] * 8 + [10, 12, 10, 12, 11, 16, 17, 15])
    assert found == Judged("Cannot tell", "quiet", "too few months before it to compare with")


def test_what_was_done_before_the_first_value_cannot_be_told(in_acme: Organization) -> None:
    found = verdict(in_acme, [None] * 13 + [16, 17, 15])
    assert found is not None
    assert found.word == "Cannot tell"


def test_a_partial_value_is_none(in_acme: Organization) -> None:
    kpi = make_kpi(in_acme, "sales")
    months(kpi, [*BEFORE, 11, 16, 17, 15])
    Score.objects.filter(value=17).update(coverage=0.5)
    found = Judge(kpi, calendar_of(in_acme), today=TODAY).of(DONE_ON)
    assert found is not None
    assert found.word == "Cannot tell yet"


def test_without_a_complete_period_nothing_is_said(in_acme: Organization) -> None:
    assert verdict(in_acme, []) is None


def test_a_season_is_taken_out_first(in_acme: Organization) -> None:
    """Every spring is higher by far; this one was an ordinary one."""
    year = [100.0, 160, 170, 150, 100, 90, 80, 90, 100, 110, 105, 95]
    wobble = [0.0, 1, -1, 2, 0, -2, 1]
    values = [value + wobble[index % 7] for index, value in enumerate(year * 3 + year[:4])]
    kpi = make_kpi(in_acme, "sales")
    for number, value in enumerate(values):
        Score.objects.create(
            kpi_id=kpi.pk, period=dt.date(2023 + number // 12, number % 12 + 1, 1), value=value, complete=True
        )
    found = Judge(kpi, calendar_of(in_acme), today=TODAY).of(DONE_ON)
    assert found is not None
    assert found.word == "Cannot tell"
    assert ", without the season" in found.why
