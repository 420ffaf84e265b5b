import pytest
from django.core.exceptions import ValidationError

from accounts.actions.departments import (
    DEEPEST,
    archive_department,
    create_department,
    move_department,
    rename_department,
    restore_department,
    set_lead,
    shift_department,
)
from accounts.errors import ConflictError
from accounts.models import AuditEntry, Department, Member
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(as_alice, in_acme):
    """Shop > Fresh > Produce, and Office."""
    shop = create_department(as_alice, now=NOW, name="Shop")
    fresh = create_department(as_alice, now=NOW, name="Fresh", parent=shop)
    produce = create_department(as_alice, now=NOW, name="Produce", parent=fresh)
    office = create_department(as_alice, now=NOW, name="Office")
    AuditEntry.objects.all().delete()
    return {"shop": shop, "fresh": fresh, "produce": produce, "office": office}


def names(**filters):
    return list(Department.objects.active().filter(**filters).in_order().values_list("name", flat=True))


def test_departments_are_added_last_among_their_siblings(tree):
    assert names(parent=None) == ["Shop", "Office"]
    assert names(parent=tree["shop"].pk) == ["Fresh"]


def test_siblings_have_different_names_whatever_their_case(tree, as_alice):
    with pytest.raises(ValidationError, match="already a department called OFFICE at the top"):
        create_department(as_alice, now=NOW, name="OFFICE")
    with pytest.raises(ValidationError, match="already a department called Shop at the top"):
        rename_department(as_alice, tree["office"], now=NOW, name="Shop")
    create_department(as_alice, now=NOW, name="Office", parent=tree["shop"])


def test_a_name_is_needed(as_alice, in_acme):
    with pytest.raises(ValidationError) as refused:
        create_department(as_alice, now=NOW, name="   ")
    assert list(refused.value.message_dict) == ["name"]


def test_a_new_name_is_written_down(tree, as_alice):
    rename_department(as_alice, tree["office"], now=NOW, name=" Head  office ")
    assert names(parent=None) == ["Shop", "Head office"]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.changes) == ("department.renamed", {"name": ["Office", "Head office"]})


def test_a_department_moves_with_everything_below_it(tree, as_alice):
    move_department(as_alice, tree["fresh"], now=NOW, parent=tree["office"])
    assert names(parent=tree["office"].pk) == ["Fresh"]
    assert names(parent=tree["fresh"].pk) == ["Produce"]
    assert AuditEntry.objects.get().changes == {"parent": ["Shop", "Office"]}


def test_a_department_cannot_lie_under_itself(tree, as_alice):
    with pytest.raises(ValidationError, match="Shop cannot lie under itself"):
        move_department(as_alice, tree["shop"], now=NOW, parent=tree["shop"])


def test_a_department_cannot_lie_under_one_below_it_and_the_path_says_why(tree, as_alice):
    with pytest.raises(ValidationError, match="lies below it: Shop → Fresh → Produce → Shop"):
        move_department(as_alice, tree["shop"], now=NOW, parent=tree["produce"])
    tree["shop"].refresh_from_db()
    assert tree["shop"].parent_id is None


def test_the_tree_has_a_deepest_level(as_alice, in_acme):
    lowest = None
    for level in range(DEEPEST):
        lowest = create_department(as_alice, now=NOW, name=f"Level {level}", parent=lowest)
    with pytest.raises(ValidationError, match="12 levels deep at most"):
        create_department(as_alice, now=NOW, name="Too deep", parent=lowest)
    root = Department.objects.get(parent=None)
    other = create_department(as_alice, now=NOW, name="Other")
    with pytest.raises(ValidationError, match="12 levels deep at most"):
        move_department(as_alice, root, now=NOW, parent=other)


def test_departments_shift_among_their_siblings_only(tree, as_alice):
    shift_department(as_alice, tree["office"], now=NOW, by=-1)
    assert names(parent=None) == ["Office", "Shop"]
    shift_department(as_alice, tree["office"], now=NOW, by=-1)
    assert names(parent=None) == ["Office", "Shop"]
    assert AuditEntry.objects.get().changes == {"order": [["Shop", "Office"], ["Office", "Shop"]]}


def test_a_lead_must_be_a_member(tree, as_alice, bob):
    set_lead(as_alice, tree["shop"], now=NOW, lead=bob)
    assert Department.objects.get(lead=bob) == tree["shop"]
    assert AuditEntry.objects.get().changes == {"lead": [None, "Bob"]}
    bob.removed_at = NOW
    with pytest.raises(ValidationError, match="Bob is no longer a member"):
        set_lead(as_alice, tree["office"], now=NOW, lead=bob)


def test_a_department_with_others_below_it_is_not_archived(tree, as_alice):
    with pytest.raises(ConflictError, match="Shop still has departments below it: Fresh"):
        archive_department(as_alice, tree["shop"], now=NOW)


def test_a_department_that_owns_something_needs_a_successor(tree, as_alice, hats, bob):
    hats[tree["produce"].pk] = 2
    Member.objects.filter(pk=bob.pk).update(department=tree["produce"])
    with pytest.raises(ValidationError, match="Produce has 1 member and 2 hats"):
        archive_department(as_alice, tree["produce"], now=NOW)
    with pytest.raises(ValidationError, match="another department that is in use"):
        archive_department(as_alice, tree["produce"], now=NOW, successor=tree["produce"])
    archive_department(as_alice, tree["produce"], now=NOW, successor=tree["fresh"])
    bob.refresh_from_db()
    assert bob.department == tree["fresh"]
    assert hats == {tree["fresh"].pk: 2}
    assert names(parent=tree["fresh"].pk) == []


def test_an_archived_department_comes_back_where_it_was(tree, as_alice):
    archive_department(as_alice, tree["produce"], now=NOW)
    restore_department(as_alice, tree["produce"], now=NOW)
    assert names(parent=tree["fresh"].pk) == ["Produce"]


def test_it_does_not_come_back_beside_another_of_its_name_or_below_an_archived_one(tree, as_alice):
    archive_department(as_alice, tree["produce"], now=NOW)
    create_department(as_alice, now=NOW, name="produce", parent=tree["fresh"])
    with pytest.raises(ValidationError, match="already a department called Produce in Fresh"):
        restore_department(as_alice, tree["produce"], now=NOW)
    Department.objects.filter(pk=tree["fresh"].pk).update(archived_at=NOW)
    tree["produce"].refresh_from_db()
    with pytest.raises(ConflictError, match="below Fresh, which is archived"):
        restore_department(as_alice, tree["produce"], now=NOW)
