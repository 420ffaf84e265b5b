"""What a leading KPI should move."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.actors import Actor
from accounts.errors import ConflictError
from accounts.models import AuditEntry, Member, Organization
from kpis.actions.definitions import update_kpi
from kpis.actions.influencing import MOST, moved_by, moving, set_influences
from kpis.models import Kpi, KpiInfluence
from tests.cast import NOW, make_kpi
from tests.kpis.actions.refusals import codes, rows_of

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def visits(in_acme: Organization, bob: Member) -> Kpi:
    return make_kpi(in_acme, "visits", indicator="leading", owner=bob)


@pytest.fixture
def sales(in_acme: Organization) -> Kpi:
    return make_kpi(in_acme, "sales")


@pytest.fixture
def profit(in_acme: Organization) -> Kpi:
    return make_kpi(in_acme, "profit")


def test_a_leading_kpi_names_several_that_follow_and_both_sides_know(
    as_alice: Actor, visits: Kpi, sales: Kpi, profit: Kpi
) -> None:
    assert set_influences(as_alice, visits, [sales, profit], now=NOW) == [profit, sales]
    assert [*moving(sales)] == [*moving(profit)] == [visits]
    assert set_influences(as_alice, visits, [profit], now=NOW) == [*moved_by(visits)] == [profit]
    assert not moving(sales).exists()
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.changes) == ("kpi.influences_set", {"moves": [["profit", "sales"], ["profit"]]})


def test_the_same_again_writes_nothing(as_alice: Actor, visits: Kpi, sales: Kpi, profit: Kpi) -> None:
    set_influences(as_alice, visits, [sales, profit], now=NOW)
    set_influences(as_alice, visits, [profit, sales], now=NOW)
    assert (KpiInfluence.objects.count(), AuditEntry.objects.count()) == (2, 1)


def test_a_lagging_kpi_names_none(as_alice: Actor, sales: Kpi, profit: Kpi) -> None:
    with pytest.raises(ValidationError, match="Only a leading KPI names what it should move; “Sales” is lagging"):
        set_influences(as_alice, sales, [profit], now=NOW)
    assert set_influences(as_alice, sales, [], now=NOW) == []


def test_itself_leading_archived_and_repeated_ones_are_refused(
    in_acme: Organization, as_alice: Actor, visits: Kpi, sales: Kpi
) -> None:
    clicks = make_kpi(in_acme, "clicks", indicator="leading")
    gone = make_kpi(in_acme, "gone", archived_at=NOW)
    with pytest.raises(ValidationError) as raised:
        set_influences(as_alice, visits, [visits, clicks, gone, sales, sales], now=NOW)
    assert rows_of(raised.value, "influences") == [
        ("itself", 0, "kpi"),
        ("not_lagging", 1, "kpi"),
        ("archived", 2, "kpi"),
        ("repeated", 4, "kpi"),
    ]
    assert not KpiInfluence.objects.exists()


def test_one_that_was_archived_since_can_stay(as_alice: Actor, visits: Kpi, sales: Kpi, profit: Kpi) -> None:
    set_influences(as_alice, visits, [sales], now=NOW)
    Kpi.objects.filter(pk=sales.pk).update(archived_at=NOW)
    sales.refresh_from_db()
    assert set_influences(as_alice, visits, [sales, profit], now=NOW) == [profit, sales]


def test_what_moves_everything_explains_nothing(as_alice: Actor, visits: Kpi, sales: Kpi) -> None:
    with pytest.raises(ValidationError, match="what moves everything explains nothing"):
        set_influences(as_alice, visits, [sales] * (MOST + 1), now=NOW)


def test_owners_say_what_their_own_should_move(visits: Kpi, sales: Kpi, bob: Member, vera: Member) -> None:
    assert set_influences(Actor(member=bob), visits, [sales], now=NOW) == [sales]
    with pytest.raises(PermissionDenied):
        set_influences(Actor(member=vera), visits, [], now=NOW)


def test_an_archived_kpi_stays_as_it_was(in_acme: Organization, as_alice: Actor, sales: Kpi) -> None:
    with pytest.raises(ConflictError):
        set_influences(as_alice, make_kpi(in_acme, "gone", indicator="leading", archived_at=NOW), [sales], now=NOW)


def test_neither_side_can_change_its_kind_while_they_are_joined(as_alice: Actor, visits: Kpi, sales: Kpi) -> None:
    set_influences(as_alice, visits, [sales], now=NOW)
    for kpi, indicator in ((visits, "lagging"), (sales, "leading")):
        with pytest.raises(ValidationError) as raised:
            update_kpi(as_alice, kpi, now=NOW, indicator=indicator)
        assert codes(raised.value) == {"indicator": ["has_influences"]}
    set_influences(as_alice, visits, [], now=NOW)
    assert update_kpi(as_alice, sales, now=NOW, indicator="leading").indicator == "leading"
