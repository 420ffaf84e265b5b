import datetime as dt

import pytest

from okrs.explaining import explain_key_result, explain_objective
from okrs.progress import Keep, Metric, Milestones
from okrs.spans import Span

APRIL = Span(dt.date(2026, 4, 1), dt.date(2026, 4, 30))
YEAR = Span(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
ON = dt.date(2026, 4, 15)


def of(key_result, **more):
    return explain_key_result("kr", "Win customers", key_result, APRIL, ON, **more)


def of_objective(*parts, span=APRIL):
    return explain_objective("o", "Grow", parts, span, ON)


def lines(explanation, name="progress"):
    figure = next(figure for figure in explanation.figures if figure.name == name)
    return {line.label: line.value for line in figure.inputs}, figure.formula, figure.result


def codes(explanation):
    return [reason.code for reason in explanation.reasons]


def test_a_metrics_progress_with_inputs_formula_and_result():
    inputs = {"start": 20, "target": 100, "current": 60}
    assert lines(of(Metric(20.0, 100.0, 60.0))) == (inputs, "(current - start) / (target - start)", 0.5)


def test_what_is_expected_and_the_pace():
    explanation = of(Metric(20.0, 100.0, 60.0))
    days = {"days elapsed": 15, "days of the cycle": 30}
    assert lines(explanation, "expected") == (days, "days elapsed / days of the cycle", 0.5)
    assert lines(explanation, "pace") == ({"progress": 0.5, "expected": 0.5}, "progress / expected", 1.0)


def test_a_plan_and_checkpoints_are_inputs():
    explanation = of(Metric(0.0, 100.0, 50.0, checkpoints=((50.0, 0.3),), plan=((ON, 40.0),)))
    assert lines(explanation)[0]["checkpoint 1"] == 50
    assert lines(explanation, "expected")[0] == {"2026-04-15": 40}


def test_keep_kinds_count_periods():
    explanation = of(Keep(low=9.0, periods=((ON, 9.5), (APRIL.ends_on, None))))
    assert lines(explanation)[0] == {"held": 1, "planned": 2, "lowest": 9}
    assert lines(explanation, "expected")[0] == {"due so far": 1, "planned": 2}


def test_milestones_weigh():
    assert lines(of(Milestones(((1.0, ON), (3.0, None)))))[0] == {"done weight": 1, "total weight": 4}


@pytest.mark.parametrize(
    ("key_result", "code"),
    [
        (Metric(0.0, 10.0), "no_value"),
        (Metric(5.0, 10.0, 5.0), "start_not_moved"),
        (Metric(5.0, 10.0, 4.0), "moved_backwards"),
        (Keep(low=1.0), "nothing_planned"),
        (Keep(low=1.0, periods=((APRIL.ends_on, None),)), "nothing_due"),
        (Keep(low=1.0, periods=((ON, None),)), "no_value"),
        (Keep(low=1.0, periods=((ON, 0.0),)), "nothing_held"),
        (Milestones(), "no_milestones"),
        (Milestones(((1.0, None),)), "nothing_done"),
    ],
)
def test_why_a_key_result_is_at_0(key_result, code):
    assert codes(of(key_result)) == [code]


def test_what_has_moved_needs_no_reason():
    assert codes(of(Metric(0.0, 10.0, 1.0))) == []


def test_an_objective_without_key_results_says_so():
    assert codes(of_objective()) == ["no_parts"]
    assert of_objective().standing.status == "no_data"


def test_an_objective_shows_what_each_part_counts():
    explanation = of_objective(of(Metric(0.0, 10.0, 10.0), weight=3.0), of(Metric(0.0, 10.0, -5.0)))
    assert [part.share for part in explanation.parts] == [0.75, 0.25]
    figure = explanation.figures[0]
    assert [line.value for line in figure.inputs] == [1, 0]
    assert figure.inputs[0].words == "counts 75\u00a0%"
    assert figure.inputs[1].words.endswith("moved backwards to \u221250\u00a0%, which counts as 0\u00a0%")
    assert figure.result == 0.75
    assert codes(explanation) == ["moved_backwards"]


def test_an_objective_at_0_says_that_its_parts_are():
    assert codes(of_objective(of(Metric(0.0, 10.0)))) == ["parts_at_zero"]


def test_the_share_without_a_child_is_a_line_and_a_reason():
    child = explain_objective("child", "Grow in April", [of(Metric(0.0, 1.0, 1.0))], APRIL, ON, own_span=APRIL)
    explanation = of_objective(child, span=YEAR)
    assert codes(explanation) == ["share_without_child"]
    values, _, result = lines(explanation)
    assert (values["days without a child"], result) == (0, pytest.approx(30 / 365))
    assert explanation.parts[0].parts[0].id == "kr"


def test_a_child_of_another_year_does_not_count():
    child = explain_objective("child", "Grow", [of(Metric(0.0, 1.0, 1.0))], APRIL, ON, own_span=APRIL)
    later = explain_objective("o", "Grow", [child], Span(dt.date(2027, 1, 1), dt.date(2027, 12, 31)), ON)
    assert codes(later) == ["outside_cycle"]


def test_the_lines_of_an_objective_add_up_to_its_result():
    parts = [of(Metric(0.0, 10.0, value), weight=weight) for value, weight in ((3.0, 1.0), (14.0, 2.0), (-2.0, 0.5))]
    child = explain_objective("child", "Q", parts, APRIL, ON, own_span=APRIL)
    explanation = of_objective(*parts, child, span=YEAR)
    added = sum(part.share * part.standing.score for part in explanation.parts)
    assert added == pytest.approx(explanation.figures[0].result)
    wanted = lines(explanation, "expected")[0]["days without a child"]
    assert wanted == pytest.approx((ON - YEAR.starts_on).days / 335, abs=0.05)
