import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.engine.health import Member, health, topmost
from kpis.engine.scoring import JUDGED, Status

SCORES = {Status.ON_TRACK: 1.0, Status.AT_RISK: 0.5, Status.OFF_TRACK: 0.0}


def member(id, status=Status.ON_TRACK, score=None, **fields):
    score = SCORES.get(status) if score is None else score
    return Member(id, status, score, **{"has_target": status is not Status.NO_TARGET} | fields)


def test_health_is_the_mean_score_of_the_topmost_kpis_with_a_target():
    members = [member("top", score=0.95), member("child", Status.OFF_TRACK), member("other", Status.AT_RISK)]
    found = health(members, [("top", "child")])
    assert found.score == pytest.approx((0.95 + 0.5) / 2)
    assert found.status is Status.AT_RISK
    assert found.counts == {Status.ON_TRACK: 1, Status.OFF_TRACK: 1, Status.AT_RISK: 1}
    assert found.coverage == 1
    assert found.counted == 2


def test_kpi_below_a_parent_without_a_target_counts():
    members = [member("top", Status.NO_TARGET), member("child", Status.AT_RISK)]
    assert [counted.id for counted in topmost(members, [("top", "child")])] == ["child"]


def test_kpi_below_a_distant_ancestor_is_not_counted_twice():
    members = [member("top"), member("leaf", Status.OFF_TRACK)]
    assert health(members, [("top", "elsewhere"), ("elsewhere", "leaf")]).score == 1


def test_kpi_with_several_parents_outside_counts_once():
    links = [("region", "leaf"), ("product", "leaf")]
    assert [counted.id for counted in topmost([member("leaf")], links)] == ["leaf"]


def test_what_is_not_judged_is_left_out_and_counted_in_coverage():
    members = [member("a"), member("b", Status.NO_DATA), member("c", Status.NO_TARGET), member("d", Status.INCOMPLETE)]
    found = health(members, [])
    assert (found.score, found.coverage) == (1, 0.25)


def test_health_is_never_better_than_at_risk_while_a_strategic_kpi_is_off_track():
    members = [member(f"kpi{number}") for number in range(20)]
    failing = member("kpi20", Status.OFF_TRACK, is_strategic=True)
    assert health([*members, failing], []).status is Status.AT_RISK
    assert health([*members, failing], [("kpi1", "kpi20")]).status is Status.AT_RISK
    assert health([*members, member("kpi20", Status.OFF_TRACK)], []).status is Status.ON_TRACK


def test_health_is_off_track_when_everything_is():
    assert health([member("a", Status.OFF_TRACK), member("b", Status.OFF_TRACK)], []).status is Status.OFF_TRACK


def test_nothing_judged_has_no_health():
    assert health([], []) == health([], [("a", "b")])
    assert health([member("a", Status.NO_DATA)], []).score is None
    assert health([member("a", Status.LATE)], []).status is Status.NO_DATA


@given(
    statuses=st.lists(st.sampled_from([status for status in Status if status]), max_size=8),
    strategic=st.lists(st.booleans(), min_size=8, max_size=8),
    pairs=st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=12),
)
def test_health_keeps_its_bounds(statuses, strategic, pairs):
    members = [member(id, status, is_strategic=strategic[id]) for id, status in enumerate(statuses)]
    found = health(members, [(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]])
    assert 0 <= found.coverage <= 1
    assert sum(found.counts.values()) == len(members)
    assert found.score is None or 0 <= found.score <= 1
    if any(one.is_strategic and one.status is Status.OFF_TRACK for one in members):
        assert found.status in (Status.AT_RISK, Status.OFF_TRACK, Status.NO_DATA)
    assert (found.status in JUDGED) == (found.score is not None) == (found.counted > 0)
