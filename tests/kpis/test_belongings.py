"""What the organization's people and settings mean for KPIs."""

import pytest

from accounts import ownership
from accounts.actions.organizations import update_organization
from accounts.actors import Actor
from accounts.models import AuditEntry, Department, Member, Organization
from kpis.models import Kpi, StaleMark
from tests.cast import NOW, make_kpi


def test_who_leaves_hands_on_their_kpis(in_acme: Organization, alice: Member, bob: Member, as_alice: Actor) -> None:
    make_kpi(in_acme, "sales", owner=bob)
    make_kpi(in_acme, "visits", owner=bob, archived_at=NOW)
    make_kpi(in_acme, "costs", owner=alice)
    assert "2 KPIs" in ownership.owned_by(bob)
    ownership.transfer(bob, alice, actor=as_alice, now=NOW)
    assert set(Kpi.objects.values_list("owner", flat=True)) == {alice.pk}
    entries = AuditEntry.objects.filter(action="kpi.changed").order_by("subject")
    assert [(entry.subject, entry.changes) for entry in entries] == [
        ("Sales", {"owner": ["Bob", "Alice"]}),
        ("Visits", {"owner": ["Bob", "Alice"]}),
    ]


def test_a_department_that_closes_hands_on_its_kpis(in_acme: Organization, as_alice: Actor) -> None:
    old, new = (Department.objects.create(name=name) for name in ("Fax", "Mail"))
    make_kpi(in_acme, "letters", department=old)
    assert ownership.owned_by(old) == ["1 KPI"]
    ownership.transfer(old, new, actor=as_alice, now=NOW)
    assert Kpi.objects.get().department == new


@pytest.mark.parametrize(("change", "marks"), [({"fiscal_year_start": 4}, 2), ({"name": "Acme Foods"}, 0)])
def test_settings_that_scores_follow_from_make_all_of_them_stale(
    in_acme: Organization, as_alice: Actor, change: dict[str, object], marks: int
) -> None:
    make_kpi(in_acme, "sales")
    make_kpi(in_acme, "visits")
    update_organization(as_alice, in_acme, now=NOW, **change)
    assert StaleMark.objects.count() == marks
