"""Sections on key results and their status, confidence and grades, sentence by sentence."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrs.progress import (
    Keep,
    Metric,
    Milestones,
    expected,
    is_contradicted,
    is_stale,
    is_success,
    key_result_standing,
    objective_confidence,
    objective_grade,
    pace,
    progress,
    proposed_grade,
    status,
)
from okrs.spans import Span

APRIL = Span(dt.date(2026, 4, 1), dt.date(2026, 4, 30))
MID_APRIL = dt.date(2026, 4, 15)
NUMBERS = st.floats(-1e9, 1e9)


def april(day):
    return dt.date(2026, 4, day)


def of_metric(start, target, current, **more):
    return progress(Metric(start, target, current, **more), MID_APRIL)


@pytest.mark.parametrize(
    ("start", "target", "current", "reached"),
    [(20, 100, 0, -0.25), (100, 20, 80, 0.25), (100, 60, 50, 1.25), (0, 10, None, 0.0), (5, 5.5, 5.5, 1.0)],
)
def test_metric_is_the_way_from_start_to_target_unclamped(start, target, current, reached):
    assert of_metric(start, target, current) == reached


def test_start_equal_to_target_is_refused_with_the_advice_to_keep():
    with pytest.raises(ValueError, match="keep at least"):
        Metric(5.0, 5.0)


@pytest.mark.parametrize(("start", "target"), [(float("nan"), 1.0), (0.0, float("inf")), (-1.7e308, 1.7e308)])
def test_what_cannot_be_subtracted_is_refused(start, target):
    with pytest.raises(ValueError, match="not too far apart"):
        Metric(start, target)


def test_ten_times_a_tenth_reaches_one():
    assert of_metric(0.0, 1.0, sum([0.1] * 10)) == 1.0


@pytest.mark.parametrize(
    ("current", "reached"), [(0, 0), (25, 0.15), (50, 0.3), (75, 0.65), (100, 1), (-10, -0.06), (110, 1.14)]
)
def test_checkpoints_make_it_piecewise_linear_with_start_and_target_as_ends(current, reached):
    assert of_metric(0.0, 100.0, float(current), checkpoints=((50.0, 0.3),)) == pytest.approx(reached)


def test_checkpoints_of_a_falling_metric():
    assert of_metric(100.0, 20.0, 70.0, checkpoints=((60.0, 0.8), (40.0, 0.9))) == pytest.approx(0.6)


@pytest.mark.parametrize(
    "checkpoints", [((120.0, 0.5),), ((50.0, 1.2),), ((60.0, 0.5), (40.0, 0.7)), ((40.0, 0.7), (60.0, 0.5))]
)
def test_checkpoints_off_the_way_or_out_of_order_are_refused(checkpoints):
    with pytest.raises(ValueError, match="from start to target"):
        Metric(0.0, 100.0, checkpoints=checkpoints)


FOUR_WEEKS = [april(3), april(10), april(17), april(24)]


def kept(*values, **bounds):
    values = [*values, *[None] * (4 - len(values))]
    return Keep(**bounds, periods=tuple(zip(FOUR_WEEKS, values, strict=True)))


def test_keep_at_least_is_the_periods_held_over_the_planned_ones():
    assert progress(kept(99.5, 99.0, 98.9, low=99.0), april(30)) == 0.5


def test_keep_at_most_and_between_have_inclusive_bounds():
    assert progress(kept(2.0, 2.1, high=2.0), april(30)) == 0.25
    assert progress(kept(1.0, 2.0, 3.0, 3.1, low=1.0, high=3.0), april(30)) == 0.75


def test_a_missed_check_in_is_not_held():
    assert progress(kept(99.5, None, 99.5, low=99.0), april(30)) == 0.5


def test_a_keep_period_counts_once_it_is_due():
    assert progress(kept(99.5, 99.5, low=99.0), april(9)) == 0.25


def test_keep_without_a_planned_period_stands_at_0():
    assert progress(Keep(low=1.0), april(30)) == expected(Keep(low=1.0), APRIL, april(30)) == 0


def test_keep_needs_a_bound_and_the_lower_below_the_higher():
    with pytest.raises(ValueError, match="Say what is to be kept"):
        Keep()
    with pytest.raises(ValueError, match="below the highest"):
        Keep(low=2.0, high=1.0)


def test_milestones_are_done_weight_over_total_weight():
    steps = Milestones(((3.0, april(2)), (1.0, april(20)), (1.0, None)))
    assert progress(steps, april(15)) == pytest.approx(0.6)
    assert progress(steps, april(20)) == pytest.approx(0.8)
    assert progress(Milestones(), april(20)) == 0


def test_a_milestone_weighs_something():
    with pytest.raises(ValueError, match="above 0"):
        Milestones(((0.0, None),))


def test_15_april_of_1_to_30_april_expects_a_half():
    assert expected(Metric(0.0, 10.0), APRIL, MID_APRIL) == 0.5


def test_expected_is_0_before_the_cycle_and_1_after_it():
    metric = Metric(0.0, 10.0)
    assert [expected(metric, APRIL, dt.date(2026, month, 1)) for month in (3, 5)] == [0, 1]


def test_keep_kinds_expect_the_due_check_ins_over_the_planned():
    assert expected(kept(low=1.0), APRIL, april(10)) == 0.5


def test_a_plan_is_interpolated():
    metric = Metric(100.0, 200.0, plan=((april(10), 110.0), (april(20), 150.0), (april(30), 200.0)))
    wanted = [expected(metric, APRIL, april(day)) for day in (5, 10, 15, 20, 25, 30)]
    assert wanted == pytest.approx([0.05, 0.1, 0.3, 0.5, 0.75, 1.0])


def test_a_plan_that_stops_early_goes_on_to_the_target_at_the_cycles_end():
    assert expected(Metric(0.0, 10.0, plan=((april(20), 2.0),)), APRIL, april(25)) == pytest.approx(0.6)


def test_a_plans_values_become_progress_through_the_checkpoints():
    metric = Metric(0.0, 100.0, checkpoints=((50.0, 0.2),), plan=((april(10), 50.0),))
    assert expected(metric, APRIL, april(10)) == pytest.approx(0.2)


def test_a_plan_of_one_point_beyond_the_cycle_or_before_it():
    assert expected(Metric(0.0, 10.0, plan=((dt.date(2026, 3, 1), 5.0),)), APRIL, april(30)) == 1
    assert expected(Metric(0.0, 10.0, plan=((dt.date(2026, 6, 1), 5.0),)), APRIL, april(1)) < 0.01


def test_a_plan_of_milestones_is_in_weight():
    assert expected(Milestones(((4.0, None),), plan=((april(10), 1.0),)), APRIL, april(10)) == 0.25


def test_a_plan_that_is_not_in_order_is_refused():
    with pytest.raises(ValueError, match="earliest first"):
        Metric(0.0, 10.0, plan=((april(20), 2.0), (april(20), 3.0)))


def test_pace_is_progress_over_expected_and_gap_their_difference():
    standing = key_result_standing(Metric(0.0, 10.0, 4.0), APRIL, MID_APRIL)
    assert (standing.pace, standing.gap) == (pytest.approx(0.8), pytest.approx(0.1))
    assert pace(0.5, 0.0) is None


def test_until_20_percent_of_the_cycle_it_is_too_early():
    assert status(0.0, 5 / 30, APRIL, april(5)) == "too_early"
    assert status(0.0, 6 / 30, APRIL, april(6)) == "at_risk"
    assert status(0.0, 7 / 30, APRIL, april(7)) == "off_track"


@pytest.mark.parametrize(
    ("reached", "wanted", "judged"),
    [
        (0.45, 0.5, "on_track"),
        (0.4, 0.5, "on_track"),
        (0.399, 0.5, "at_risk"),
        (0.35, 0.5, "at_risk"),
        (0.3, 0.5, "at_risk"),
        (0.299, 0.5, "off_track"),
        (0.9, 1.0, "on_track"),
        (0.899, 1.0, "at_risk"),
        (0.8, 1.0, "at_risk"),
        (0.7, 1.0, "at_risk"),
        (0.699, 1.0, "off_track"),
        (0.7, 0.8, "on_track"),  # 0.8 - 0.7 is 0.10000000000000009
        (0.1 + 0.2, 0.4, "on_track"),
        (0.0, 0.0, "on_track"),
        (0.0, 0.1, "on_track"),
        (-0.3, 0.0, "off_track"),
    ],
)
def test_status_by_pace_or_gap(reached, wanted, judged):
    assert status(reached, wanted, APRIL, MID_APRIL) == judged


def test_progress_of_1_or_more_is_achieved_however_early():
    assert status(1.0, 0.1, APRIL, april(2)) == status(1.3, 0.5, APRIL, MID_APRIL) == "achieved"


def test_before_the_cycle_nothing_has_started():
    assert status(1.0, 0.0, APRIL, dt.date(2026, 3, 31)) == "not_started"


def test_no_value_yet_stands_at_0_and_is_judged_so():
    standing = key_result_standing(Metric(0.0, 10.0), APRIL, MID_APRIL)
    assert (standing.progress, standing.status) == (0, "off_track")


def test_moving_backwards_is_shown_and_counts_0():
    standing = key_result_standing(Metric(20.0, 100.0, 0.0), APRIL, MID_APRIL)
    assert (standing.progress, standing.score, standing.pace) == (-0.25, 0, -0.5)


def test_an_objectives_confidence_is_the_lowest_latest_of_its_key_results():
    assert objective_confidence(["on_track", "off_track", None, "at_risk"]) == "off_track"
    assert objective_confidence([None]) is None


@pytest.mark.parametrize(
    ("confidence", "judged", "contradicted"),
    [
        ("on_track", "off_track", True),
        ("off_track", "on_track", True),
        ("off_track", "achieved", True),
        ("on_track", "at_risk", False),
        ("at_risk", "off_track", False),
        ("on_track", "too_early", False),
        ("off_track", "no_data", False),
        (None, "off_track", False),
    ],
)
def test_two_steps_apart_is_a_contradiction(confidence, judged, contradicted):
    assert is_contradicted(confidence, judged) is contradicted


def test_more_than_3_days_overdue_is_stale():
    assert not is_stale(april(1), april(4))
    assert is_stale(april(1), april(5))
    assert not is_stale(None, april(5))


def test_the_proposed_grade_is_clamped_progress():
    assert [proposed_grade(reached) for reached in (-0.25, 0.4, 1.25)] == [0, 0.4, 1]


def test_committed_succeeds_at_1_and_aspirational_at_0_7():
    assert is_success("committed", 1.0)
    assert not is_success("committed", 0.99)
    assert is_success("aspirational", 0.1 * 7)
    assert not is_success("aspirational", 0.69)


def test_an_objectives_grade_is_the_weighted_mean_of_its_key_results():
    assert objective_grade([(1.0, 3.0), (0.2, 1.0)]) == pytest.approx(0.8)
    assert objective_grade([(1.0, 3.0), (None, 1.0)]) is None
    assert objective_grade([]) is None


ENDS = st.tuples(NUMBERS, NUMBERS).filter(lambda ends: abs(ends[0] - ends[1]) > 1e-3)
SHARES = st.floats(0, 1)
SPANS = st.builds(
    lambda first, days: Span(first, first + dt.timedelta(days=days)),
    st.dates(dt.date(2025, 6, 1), dt.date(2027, 6, 1)),
    st.integers(0, 400),
)


@given(ENDS, st.floats(-2, 3))
def test_turning_a_metric_around_changes_nothing(ends, way):
    start, target = ends
    current = start + way * (target - start)
    assert of_metric(start, target, current) == pytest.approx(of_metric(-start, -target, -current), abs=1e-6)


@given(ENDS, st.lists(st.tuples(SHARES, SHARES), max_size=4), st.floats(-1, 2), st.floats(-1, 2))
def test_further_along_is_never_less(ends, points, one, other):
    start, target = ends
    shares = sorted({round(share, 2) for share, _ in points} - {0.0, 1.0})
    rising = sorted({round(reached, 2) for _, reached in points} - {0.0, 1.0})
    line = tuple((start + x * (target - start), y) for x, y in zip(shares, rising, strict=False))
    metric = Metric(start, target, checkpoints=line)
    nearer, further = sorted([one, other])
    first, second = (metric.progress_at(start + way * (target - start)) for way in (nearer, further))
    assert first <= second + 1e-9


@given(SPANS, st.dates(dt.date(2025, 1, 1), dt.date(2028, 1, 1)))
def test_linear_progress_is_never_off_track(span, on):
    standing = key_result_standing(Metric(0.0, 1.0, span.elapsed(on)), span, on)
    assert standing.status in ("not_started", "too_early", "on_track", "achieved")
