"""The side bar's department tree."""

import re

import pytest

from accounts.department_tree import DepartmentTree
from accounts.models import Department, Member, Organization
from config.navigation import branches
from tests.cast import client_of, inside, make_kpi

FRESH, PRODUCE, GROCERY = (Department(name=name) for name in ("Fresh", "Produce", "Grocery"))
PRODUCE.parent_id = FRESH.pk


def test_departments_become_a_tree_of_links():
    fresh, grocery = branches(DepartmentTree([FRESH, PRODUCE, GROCERY]), "/acme/kpis/", None)
    assert (fresh.name, fresh.href) == ("Fresh", f"/acme/kpis/?department={FRESH.pk}")
    assert [child.name for child in fresh.children] == ["Produce"]
    assert (grocery.name, grocery.children) == ("Grocery", [])


def test_only_the_chosen_department_is_the_current_one():
    fresh, grocery = branches(DepartmentTree([FRESH, PRODUCE, GROCERY]), "/acme/kpis/", str(PRODUCE.pk))
    assert [fresh.is_current, fresh.children[0].is_current, grocery.is_current] == [False, True, False]


def test_what_lies_below_an_archived_department_is_left_out():
    assert [branch.name for branch in branches(DepartmentTree([PRODUCE, GROCERY]), "/acme/kpis/", None)] == ["Grocery"]


@pytest.mark.django_db
def test_departments_unfold_beside_the_list_that_they_narrow(acme: Organization, alice: Member) -> None:
    with inside(acme):
        Department.objects.create(name="Fresh")
        make_kpi(acme, "visits")
    folds = [
        re.findall(r'<details class="department-fold" (\w*)>', client_of(alice).get(path).content.decode())
        for path in ("/acme/kpis/", "/acme/objectives/", "/acme/kpis/visits/")
    ]
    assert folds == [["open", ""], ["", "open"], ["", ""]]
