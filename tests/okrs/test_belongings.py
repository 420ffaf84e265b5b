"""Who leaves hands on what they own in open cycles."""

import pytest
from django.core.exceptions import ValidationError

from accounts.actions.departments import archive_department, create_department
from accounts.actions.members import remove_member
from accounts.actors import SYSTEM, Actor
from accounts.models import AuditEntry, Member
from accounts.ownership import owned_by
from okrs.actions.closing import close_cycle
from okrs.actions.initiatives import create_initiative
from okrs.actions.objectives import create_objective, update_objective
from okrs.models import Cycle, Initiative, KeyResult, Objective
from tests.cast import NOW
from tests.okrs.conftest import MakeKeyResult, view_of


def test_removing_a_member_asks_for_a_successor_of_all_three(
    make: MakeKeyResult, objective: Objective, alice: Member, bob: Member
) -> None:
    update_objective(SYSTEM, objective, now=NOW, owner=bob)
    key_result = make(owner=bob)
    create_initiative(SYSTEM, key_result, now=NOW, title="Call", owner=bob)
    with pytest.raises(ValidationError, match="1 objective and 1 key result and 1 initiative"):
        remove_member(SYSTEM, bob, now=NOW)
    remove_member(SYSTEM, bob, now=NOW, successor=alice)
    assert (Objective.objects.get().owner, KeyResult.objects.get().owner, Initiative.objects.get().owner) == (
        alice,
    ) * 3
    assert view_of(key_result, as_of=NOW).key_result.owner == alice
    assert AuditEntry.objects.filter(action="key_result.changed").count() == 1


def test_what_was_closed_stays_with_whoever_owned_it(make: MakeKeyResult, bob: Member, quarter: Cycle) -> None:
    make(owner=bob)
    close_cycle(SYSTEM, quarter, now=NOW)
    assert owned_by(bob) == []
    remove_member(SYSTEM, bob, now=NOW)
    assert KeyResult.objects.get().owner == bob


def test_a_department_hands_its_objectives_on(quarter: Cycle, as_alice: Actor) -> None:
    bakery = create_department(as_alice, now=NOW, name="Bakery")
    shops = create_department(as_alice, now=NOW, name="Shops")
    objective = create_objective(SYSTEM, quarter, now=NOW, title="Bake", department=bakery)
    with pytest.raises(ValidationError, match="Bakery has 1 objective"):
        archive_department(as_alice, bakery, now=NOW)
    archive_department(as_alice, bakery, now=NOW, successor=shops)
    assert Objective.objects.get(pk=objective.pk).department == shops
    with pytest.raises(ValidationError, match="“Bakery” is archived"):
        create_objective(SYSTEM, quarter, now=NOW, title="Bake", department=bakery)
