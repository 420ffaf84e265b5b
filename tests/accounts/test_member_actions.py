import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.actions.members import change_department, change_role, leave, remove_member
from accounts.actors import Actor
from accounts.errors import ConflictError
from accounts.models import AuditEntry, Department, Member, Role
from tests.cast import NOW, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def erin(acme):
    return make_member(acme, "Erin", Role.ADMIN)


@pytest.fixture
def as_erin(erin):
    return Actor(member=erin)


def test_an_admin_changes_a_role(as_erin, bob, in_acme):
    change_role(as_erin, bob, now=NOW, role=Role.EDITOR)
    bob.refresh_from_db()
    assert bob.role == Role.EDITOR
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.changes) == ("member.role_changed", {"role": ["contributor", "editor"]})


def test_an_admin_cannot_make_an_owner(as_erin, bob, in_acme):
    with pytest.raises(PermissionDenied, match="Only an owner"):
        change_role(as_erin, bob, now=NOW, role=Role.OWNER)


def test_an_admin_cannot_demote_or_remove_an_owner(as_erin, alice, in_acme):
    with pytest.raises(PermissionDenied, match="Only an owner"):
        change_role(as_erin, alice, now=NOW, role=Role.VIEWER)
    with pytest.raises(PermissionDenied, match="Only an owner"):
        remove_member(as_erin, alice, now=NOW)


def test_the_only_owner_can_neither_be_demoted_nor_leave(as_alice, alice, in_acme):
    with pytest.raises(ConflictError, match="Alice is the only owner and must keep that role"):
        change_role(as_alice, alice, now=NOW, role=Role.ADMIN)
    with pytest.raises(ConflictError, match="Alice is the only owner and cannot leave"):
        leave(as_alice, now=NOW)


def test_an_owner_who_has_not_arrived_does_not_count(as_alice, acme, in_acme):
    Member.objects.create(organization=acme, invited_email="new@example.com", role=Role.OWNER)
    with pytest.raises(ConflictError, match="only owner"):
        leave(as_alice, now=NOW)


def test_one_of_two_owners_can_leave(as_alice, alice, bob, in_acme):
    change_role(as_alice, bob, now=NOW, role=Role.OWNER)
    leave(as_alice, now=NOW)
    alice.refresh_from_db()
    assert alice.removed_at == NOW
    assert AuditEntry.objects.order_by("id").last().action == "member.left"


def test_who_owns_something_is_removed_only_with_a_successor(as_alice, bob, vera, charlie, hats, in_acme):
    hats[bob.pk] = 1
    Department.objects.create(name="Sales", lead=bob)
    with pytest.raises(ValidationError, match="Bob has 1 department to lead and 1 hat"):
        remove_member(as_alice, bob, now=NOW)
    for nobody in (bob, charlie):
        with pytest.raises(ValidationError, match="Choose another member of this organization"):
            remove_member(as_alice, bob, now=NOW, successor=nobody)
    remove_member(as_alice, bob, now=NOW, successor=vera)
    bob.refresh_from_db()
    assert bob.removed_at == NOW
    assert Department.objects.get().lead == vera
    assert hats == {vera.pk: 1}


def test_who_owns_nothing_is_removed_without(as_alice, bob, in_acme):
    remove_member(as_alice, bob, now=NOW)
    assert not Member.objects.of_organization(bob.organization_id).filter(pk=bob.pk).exists()
    with pytest.raises(ConflictError, match="no longer a member"):
        remove_member(as_alice, bob, now=NOW)


def test_a_member_moves_to_another_department(as_alice, bob, sales):
    change_department(as_alice, bob, now=NOW, department=sales)
    bob.refresh_from_db()
    assert bob.department == sales
    sales.archived_at = NOW
    with pytest.raises(ValidationError, match="Sales is archived"):
        change_department(as_alice, make_member(bob.organization, "Fay", Role.VIEWER), now=NOW, department=sales)
