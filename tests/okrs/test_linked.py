"""Key results that a KPI's data moves."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts.actors import SYSTEM
from accounts.errors import ConflictError
from accounts.models import Organization, OutboxMessage, Wakeup
from accounts.tenancy.context import organization_context
from kpis.actions.definitions import archive_kpi, create_kpi, purge_kpi, update_kpi
from kpis.compute import compute
from kpis.models import Kpi
from okrs.actions.carrying import clone_cycle
from okrs.actions.checking_in import check_in
from okrs.actions.closing import close_cycle
from okrs.actions.following import follow_announced
from okrs.actions.key_results import link_kpi, remove_key_result, update_key_result
from okrs.models import Cycle, KeyResult, ProgressRecord
from okrs.tasks import follow_scores
from tests.cast import NOW, make_kpi, make_link, record
from tests.okrs.conftest import TODAY, MakeKeyResult, at, date, is_settled, view_of


def score(organization: Organization, now: dt.datetime = NOW) -> None:
    """Compute what is stale and let key results follow, as the workers do."""
    with organization_context(organization.pk):
        while (computed := compute(organization, now=now)) and computed.kpis:
            organization.refresh_from_db()
        follow_announced(now=now)


@pytest.fixture
def sales(in_acme: Organization) -> Kpi:
    """Monthly sales: 60 in September, 70 in October, 30 so far in November."""
    kpi = make_kpi(in_acme, "sales")
    record(in_acme, kpi, {"2026-09-10": 60, "2026-10-10": 70, "2026-11-10": 30})
    score(in_acme)
    return kpi


@pytest.fixture
def cash(in_acme: Organization) -> Kpi:
    """A monthly stock, measured now and then."""
    kpi = make_kpi(in_acme, "cash", aggregation="last")
    record(in_acme, kpi, {"2026-09-20": 100, "2026-10-05": 120, "2026-11-10": 150})
    score(in_acme)
    return kpi


def trend(key_result: object) -> list[tuple[str, float | None, float]]:
    return [(str(one.on), one.current, one.progress_raw) for one in view_of(key_result).trend]  # type: ignore[arg-type]


def test_it_reads_the_last_complete_period_and_starts_from_the_one_before_the_cycle(
    make: MakeKeyResult, sales: Kpi
) -> None:
    key_result = make(kpi=sales, target=80, now=NOW)
    assert (key_result.reads, key_result.start, view_of(key_result).start) == ("last_complete", None, 60)
    assert trend(key_result) == [("2026-10-01", 60, 0), ("2026-11-01", 70, 0.5)]


def test_the_latest_value_of_a_stock_moves_it_from_the_day_it_was_measured(make: MakeKeyResult, cash: Kpi) -> None:
    key_result = make(kpi=cash, target=200, now=NOW)
    assert key_result.reads == "latest"
    assert trend(key_result) == [("2026-10-01", 100, 0), ("2026-10-05", 120, 0.2), ("2026-11-10", 150, 0.5)]


def test_the_sum_since_the_cycle_began_starts_at_nothing(make: MakeKeyResult, sales: Kpi) -> None:
    key_result = make(kpi=sales, target=200, reads="cycle_to_date", now=NOW)
    assert trend(key_result) == [("2026-10-01", 0, 0), ("2026-10-10", 70, 0.35), ("2026-11-10", 100, 0.5)]


def test_a_rolled_up_sum_counts_the_periods_that_begin_in_the_cycle(
    make: MakeKeyResult, in_acme: Organization, sales: Kpi
) -> None:
    total = make_kpi(in_acme, "total", source="rollup", rollup="sum")
    make_link(total, sales)
    record(in_acme, sales, {"2026-11-11": 10})
    score(in_acme)
    key_result = make(kpi=total, target=220, reads="cycle_to_date", now=NOW)
    assert trend(key_result)[-2:] == [("2026-10-31", 70, 70 / 220), ("2026-11-18", 110, 0.5)]


def test_what_is_kept_counts_the_kpis_complete_periods(make: MakeKeyResult, sales: Kpi) -> None:
    key_result = make(kpi=sales, kind="at_least", low=65, now=NOW)
    view = view_of(key_result)
    assert (view.current, view.progress_raw, view.expected) == (70, pytest.approx(1 / 3), pytest.approx(1 / 3))
    assert view_of(key_result, date("2026-12-01")).expected == pytest.approx(2 / 3)  # November was 30, so not held
    # December's value is expected by 5 January.
    assert view_of(key_result, date("2027-01-05")).expected == pytest.approx(2 / 3)
    assert view_of(key_result, date("2027-01-06")).expected == 1


def test_a_push_moves_it_once_its_score_is_there(make: MakeKeyResult, in_acme: Organization, sales: Kpi) -> None:
    key_result = make(kpi=sales, target=80, now=NOW)
    other = make("By hand")
    check_in(SYSTEM, other, now=NOW, value=1, confidence="on_track")
    record(in_acme, sales, {"2026-10-11": 5})
    assert view_of(key_result).current == 70
    score(in_acme)
    assert view_of(key_result).current == 75
    assert not OutboxMessage.objects.exists()
    assert is_settled(in_acme)


def test_nothing_is_lost_if_the_follower_dies(make: MakeKeyResult, in_acme: Organization, sales: Kpi) -> None:
    key_result = make(kpi=sales, target=80, now=NOW)
    record(in_acme, sales, {"2026-10-11": 5})
    with organization_context(in_acme.pk):
        compute(in_acme, now=NOW)
    assert OutboxMessage.objects.get().subject_ids == [sales.pk]
    assert Wakeup.objects.filter(kind="okrs.tasks.follow_scores").exists()
    assert view_of(key_result).current == 70
    assert follow_announced(now=NOW) == 1
    assert view_of(key_result).current == 75
    assert follow_announced(now=NOW) == 0


def test_kpis_that_move_nothing_are_not_announced(make: MakeKeyResult, in_acme: Organization, sales: Kpi) -> None:
    other = make_kpi(in_acme, "other")
    record(in_acme, other, {"2026-10-11": 5})
    compute(in_acme, now=NOW)
    assert not OutboxMessage.objects.exists()
    make(kpi=sales, target=80, now=NOW)
    record(in_acme, other, {"2026-10-11": 6})
    record(in_acme, sales, {"2026-10-11": 6})
    in_acme.refresh_from_db()
    compute(in_acme, now=NOW)
    assert OutboxMessage.objects.get().subject_ids == [sales.pk]


def test_at_midnight_a_period_that_has_ended_speaks(make: MakeKeyResult, in_acme: Organization, sales: Kpi) -> None:
    key_result = make(kpi=sales, target=80, now=NOW)
    in_acme.refresh_from_db()
    later = at("2026-12-01")
    score(in_acme, later)
    assert view_of(key_result, later.date()).current == 30
    assert is_settled(in_acme, later)


def test_values_after_the_cycle_do_not_move_it(
    make: MakeKeyResult, in_acme: Organization, cash: Kpi, sales: Kpi
) -> None:
    stock, flow = make(kpi=cash, target=200, now=NOW), make(kpi=sales, target=80, now=NOW)
    record(in_acme, cash, {"2027-01-03": 190})
    record(in_acme, sales, {"2026-12-10": 75, "2027-01-10": 1})
    in_acme.refresh_from_db()
    score(in_acme, at("2027-02-01"))
    assert view_of(stock, date("2027-02-01")).current == 150
    assert view_of(flow, date("2027-02-01")).current == 75


def test_a_kpi_without_a_past_starts_from_its_first_value(make: MakeKeyResult, in_acme: Organization) -> None:
    young = make_kpi(in_acme, "young", aggregation="last")
    key_result = make(kpi=young, target=20, now=NOW)
    assert (view_of(key_result).start, view_of(key_result).progress_raw) == (None, 0)
    record(in_acme, young, {"2026-10-20": 10, "2026-11-12": 15})
    score(in_acme)
    assert (view_of(key_result).start, view_of(key_result).progress_raw) == (10, 0.5)


def test_where_it_started_is_settled_when_its_cycle_is_closed_and_asked_anew_in_the_next(
    make: MakeKeyResult, in_acme: Organization, sales: Kpi, quarter: Cycle
) -> None:
    key_result, without_way = make(kpi=sales, target=78, now=NOW), make("Nothing to do", kpi=sales, target=62, now=NOW)
    record(in_acme, sales, {"2026-09-10": 62})
    score(in_acme)
    close_cycle(SYSTEM, quarter, now=NOW)
    record(in_acme, sales, {"2026-09-10": 40})
    score(in_acme)
    view = view_of(key_result)
    assert (view.start, view.current, view.progress) == (62, 70, 0.5)
    assert KeyResult.objects.get(pk=without_way.pk).start is None  # it would be its target
    cloned = clone_cycle(
        SYSTEM, quarter, now=NOW, name="Again", starts_on=date("2027-01-01"), ends_on=date("2027-03-31")
    )
    assert {row.start for row in KeyResult.objects.of_cycle(cloned.pk)} == {None}


def test_check_ins_on_it_carry_words_and_nothing_is_owed(make: MakeKeyResult, sales: Kpi) -> None:
    key_result = make(kpi=sales, target=80, now=NOW)
    with pytest.raises(ValidationError, match="Its value comes from the KPI “Sales”; leave the value out"):
        check_in(SYSTEM, key_result, now=NOW, value=1, confidence="on_track")
    check_in(SYSTEM, key_result, now=NOW, confidence="off_track")
    view = view_of(key_result)
    assert (view.confidence, view.owed_since, view.stale) == ("off_track", None, False)


def test_the_past_reads_the_kpi_as_it_was_known(make: MakeKeyResult, in_acme: Organization) -> None:
    kpi = create_kpi(
        SYSTEM, now=at("2026-10-01"), name="Visits", unit="number", direction="increase", frequency="monthly",
        source="measured", aggregation="last",
    )  # fmt: skip
    key_result = make(kpi=kpi, start=0, target=100)
    record(in_acme, kpi, {"2026-11-01": 50})  # recorded on 18 November
    score(in_acme)
    assert view_of(key_result).progress_raw == 0.5
    assert view_of(key_result, as_of=at("2026-11-17")).progress_raw == 0
    assert view_of(key_result, as_of=NOW + dt.timedelta(minutes=1)).progress_raw == 0.5


class TestRefused:
    def test_another_unit_an_archived_one_and_a_target_against_its_direction(
        self, make: MakeKeyResult, in_acme: Organization, sales: Kpi
    ) -> None:
        euros = make_kpi(in_acme, "revenue", unit="currency:EUR")
        old = make_kpi(in_acme, "old", archived_at=NOW)
        by_hand = make()
        with pytest.raises(ValidationError, match="“Revenue” is measured in EUR, and this key result in plain numbers"):
            link_kpi(SYSTEM, by_hand, euros, now=NOW)
        with pytest.raises(ValidationError, match="“Old” is archived; restore it first or choose another"):
            link_kpi(SYSTEM, by_hand, old, now=NOW)
        with pytest.raises(ValidationError, match="More is better for “Sales”, so a target lies above the start, 60"):
            make(kpi=sales, target=50, now=NOW)
        with pytest.raises(ValidationError, match="It stands at 60 already, which is the target"):
            make(kpi=sales, target=60, now=NOW)
        with pytest.raises(ValidationError, match="keep it “at least” at a value"):
            make(kpi=sales, kind="at_most", high=5, now=NOW)

    def test_reading_what_cannot_be_added_up_or_has_no_period(
        self, make: MakeKeyResult, in_acme: Organization, cash: Kpi
    ) -> None:
        yearly = make_kpi(in_acme, "yearly", frequency="yearly")
        with pytest.raises(ValidationError, match="Values of “Cash” cannot be added up"):
            make(kpi=cash, target=500, reads="cycle_to_date", now=NOW)
        with pytest.raises(ValidationError, match="No year of “Yearly” lies within Q4 2026"):
            make(kpi=yearly, kind="at_least", low=1, now=NOW)
        with pytest.raises(ValidationError, match="judged in each complete period"):
            make(kpi=cash, kind="at_least", low=1, reads="latest", now=NOW)

    def test_putting_the_kpi_aside_while_a_key_result_is_moved_by_it(self, make: MakeKeyResult, sales: Kpi) -> None:
        key_result = make(kpi=sales, target=80, now=NOW)
        with pytest.raises(ConflictError, match="“Sales” moves the key result “Reach 100 shops” of Q4 2026"):
            archive_kpi(SYSTEM, sales, now=NOW)
        with pytest.raises(ConflictError, match="key result “Reach 100 shops” is about it"):
            purge_kpi(SYSTEM, sales, now=NOW)
        remove_key_result(SYSTEM, key_result, now=NOW)
        archive_kpi(SYSTEM, sales, now=NOW)
        purge_kpi(SYSTEM, sales, now=NOW)
        assert not Kpi.objects.filter(key="sales").exists()

    def test_changing_the_kpi_so_that_it_no_longer_fits(self, make: MakeKeyResult, sales: Kpi) -> None:
        make(kpi=sales, target=80, now=NOW)
        with pytest.raises(ValidationError) as refused:
            update_kpi(SYSTEM, sales, now=NOW, direction="decrease")
        assert "The key result “Reach 100 shops” of Q4 2026 is moved by it." in str(refused.value)
        update_kpi(SYSTEM, sales, now=NOW, unit="custom:boxes")

    def test_a_kpi_that_was_relabelled_does_not_keep_anybody_from_other_changes(
        self, make: MakeKeyResult, sales: Kpi
    ) -> None:
        key_result = make(kpi=sales, target=80, now=NOW)
        update_kpi(SYSTEM, sales, now=NOW, unit="custom:boxes")
        changed = update_key_result(SYSTEM, key_result, now=NOW, title="Boxes")
        assert changed.shown_unit == "custom:boxes"


def test_unlinking_goes_on_with_what_was_said(make: MakeKeyResult, sales: Kpi, in_acme: Organization) -> None:
    key_result = make(kpi=sales, target=80, now=NOW)
    update_key_result(SYSTEM, key_result, now=NOW, kpi=None, start=60)
    assert view_of(key_result).current is None
    check_in(SYSTEM, key_result, now=NOW, value=70, confidence="on_track")
    assert view_of(key_result).progress_raw == 0.5
    assert is_settled(in_acme)


def test_only_the_key_results_of_the_announced_kpis_are_rewritten(
    make: MakeKeyResult, in_acme: Organization, sales: Kpi, cash: Kpi
) -> None:
    moved, kept = make(kpi=sales, target=80, now=NOW), make(kpi=cash, target=200, now=NOW)
    ProgressRecord.objects.filter(key_result_id=kept.pk).delete()
    record(in_acme, sales, {"2026-10-11": 5})
    score(in_acme)
    assert view_of(moved, TODAY).current == 75
    assert not ProgressRecord.objects.filter(key_result_id=kept.pk).exists()


def test_the_task_does_the_same_and_leaves_no_wake_up(make: MakeKeyResult, in_acme: Organization, sales: Kpi) -> None:
    key_result = make(kpi=sales, target=80, now=NOW)
    record(in_acme, sales, {"2026-10-11": 5})
    compute(in_acme, now=NOW)
    follow_scores(str(in_acme.pk), now=NOW)
    assert view_of(key_result).current == 75
    assert not Wakeup.objects.filter(kind="okrs.tasks.follow_scores").exists()
