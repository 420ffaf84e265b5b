"""The section on objectives, sentence by sentence: what their progress is the mean of, also over shorter cycles."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrs.progress import Part, objective_shares, objective_standing
from okrs.spans import Span
from tests.lots import examples

APRIL = Span(dt.date(2026, 4, 1), dt.date(2026, 4, 30))
YEAR = Span(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
QUARTERS = [
    Span(dt.date(2026, 1, 1), dt.date(2026, 3, 31)),
    Span(dt.date(2026, 4, 1), dt.date(2026, 6, 30)),
    Span(dt.date(2026, 7, 1), dt.date(2026, 9, 30)),
    Span(dt.date(2026, 10, 1), dt.date(2026, 12, 31)),
]
MID_APRIL, END = dt.date(2026, 4, 15), dt.date(2026, 12, 31)
SHARES = st.floats(0, 1)
SPANS = st.builds(
    lambda first, days: Span(first, first + dt.timedelta(days=days)),
    st.dates(dt.date(2025, 6, 1), dt.date(2027, 6, 1)),
    st.integers(0, 400),
)
PARTS = st.lists(st.builds(Part, st.floats(-3, 3), SHARES, st.floats(0.01, 100), st.none() | SPANS), max_size=5)


def rolled(*parts, span=APRIL, on=MID_APRIL):
    return objective_standing(parts, span, on)


def test_0_percent_and_200_percent_give_50_percent():
    assert rolled(Part(0.0, 0.5), Part(2.0, 0.5)).progress == 0.5
    assert rolled(Part(-1.0, 0.5), Part(2.0, 0.5)).progress == 0.5


def test_weights_are_relative():
    assert rolled(Part(1.0, 0.5, 3.0), Part(0.0, 0.5, 1.0)).progress == 0.75
    assert rolled(Part(1.0, 0.5, 30.0), Part(0.0, 0.5, 10.0)).progress == 0.75


def test_nothing_to_average_is_no_data_at_0():
    for standing in (rolled(), rolled(Part(1.0, 1.0, 0.0)), rolled(on=dt.date(2026, 1, 1))):
        assert (standing.progress, standing.status) == (0, "no_data")


def test_an_objectives_status_follows_its_own_progress_and_expected():
    assert rolled(Part(1.0, 0.5), Part(0.0, 0.5)).status == "on_track"
    assert rolled(Part(0.2, 0.2), Part(0.0, 0.0)).status == "on_track"
    assert rolled(Part(0.2, 0.5), Part(0.2, 0.5)).status == "off_track"


def test_ten_parts_of_100_percent_are_achieved():
    assert rolled(*[Part(1.0, 0.5, 0.1)] * 10).status == "achieved"


def in_quarter(number, reached, weight=1.0, wanted=1.0):
    return Part(reached, wanted, weight, QUARTERS[number - 1])


def test_a_child_of_a_shorter_cycle_counts_by_its_share_and_the_rest_counts_0():
    assert rolled(in_quarter(1, 1.0), span=YEAR).progress == pytest.approx(90 / 365)


def test_children_of_all_quarters_cover_the_year():
    assert rolled(*[in_quarter(number, 1.0) for number in (1, 2, 3, 4)], span=YEAR).status == "achieved"
    halves = rolled(*[in_quarter(number, 1.0, weight=number) for number in (1, 2)], span=YEAR)
    assert halves.progress == pytest.approx(181 / 365)


def test_children_of_one_quarter_share_it_by_weight():
    assert rolled(in_quarter(1, 1.0), in_quarter(1, 0.0), span=YEAR).progress == pytest.approx(45 / 365)
    assert rolled(in_quarter(1, 1.0, 3.0), in_quarter(1, 0.0), span=YEAR).progress == pytest.approx(67.5 / 365)


def test_a_quarters_child_and_a_key_result_of_the_year_are_one_list():
    both = rolled(Part(0.6, 1.0), in_quarter(1, 1.0), span=YEAR)
    assert both.progress == pytest.approx((0.6 + 90 / 365) / 2)


def test_children_of_overlapping_cycles_share_the_days_they_have_in_common():
    half = Part(1.0, 1.0, 1.0, Span(dt.date(2026, 1, 1), dt.date(2026, 6, 30)))
    assert rolled(half, in_quarter(1, 0.0), span=YEAR).progress == pytest.approx((45 + 91) / 365)


def test_a_child_of_a_longer_cycle_counts_whole_and_one_of_another_year_not_at_all():
    assert rolled(Part(0.5, 0.5, 1.0, YEAR), span=APRIL).progress == 0.5
    assert rolled(Part(1.0, 1.0, 1.0, APRIL), span=Span(dt.date(2027, 1, 1), END.replace(2027))).status == "no_data"


def test_what_is_expected_of_a_year_with_quarterly_children_is_the_days_elapsed():
    on = dt.date(2026, 5, 15)
    children = [Part(0.0, quarter.elapsed(on), 1.0, quarter) for quarter in QUARTERS]
    assert rolled(*children, span=YEAR, on=on).expected == pytest.approx(YEAR.elapsed(on))
    assert rolled(children[0], span=YEAR, on=on).expected == pytest.approx(YEAR.elapsed(on))


@given(PARTS, SPANS, st.dates(dt.date(2025, 1, 1), dt.date(2028, 1, 1)))
def test_an_objective_lies_between_0_and_its_best_part(parts, span, on):
    standing = objective_standing(parts, span, on)
    assert 0 <= standing.progress <= max([min(max(part.progress, 0), 1) for part in parts], default=0) + 1e-9
    assert 0 <= standing.expected <= 1


@given(PARTS, SPANS)
def test_shares_and_gaps_come_to_1(parts, span):
    counting = objective_shares(parts, span)
    whole = sum(map(counting.of, range(len(parts)))) + counting.uncovered
    assert whole == pytest.approx(1.0 if counting.total else 0.0)


@given(PARTS, SPANS, st.randoms())
def test_the_order_of_parts_does_not_matter(parts, span, random):
    shuffled = random.sample(parts, len(parts))
    first, second = (objective_standing(each, span, MID_APRIL).progress for each in (parts, shuffled))
    assert first == pytest.approx(second)


@given(PARTS, SPANS)
@examples(40)
def test_shares_are_what_one_finds_day_by_day(parts, span):
    lasting = [part for part in parts if part.span is None or part.span.covers(span)]
    short = [part for part in parts if part not in lasting]
    days = [span.starts_on + dt.timedelta(number) for number in range(span.days)]
    at_work = [[part for part in short if part.span.starts_on <= day <= part.span.ends_on] for day in days]
    weights = [sum(part.weight for part in them) for them in at_work if them]
    handed_on = sum(weights) / len(weights) if weights else 0.0
    total = sum(part.weight for part in lasting) + handed_on
    means = [
        sum(clamp(part) * part.weight for part in them) / sum(part.weight for part in them) for them in at_work if them
    ]
    reached = sum(clamp(part) * part.weight for part in lasting) + handed_on * sum(means) / span.days
    assert objective_standing(parts, span, MID_APRIL).progress == pytest.approx(reached / total if total else 0.0)


def clamp(part):
    return min(max(part.progress, 0.0), 1.0)
