"""The side bar's department tree."""

from config.navigation import branches


def test_departments_become_a_tree_of_links():
    rows = [(1, None, "Fresh"), (2, 1, "Produce"), (3, None, "Grocery")]
    fresh, grocery = branches(rows, "/acme/kpis/", None)
    assert (fresh.name, fresh.href) == ("Fresh", "/acme/kpis/?department=1")
    assert [child.name for child in fresh.children] == ["Produce"]
    assert grocery.children == []


def test_the_way_to_the_current_department_is_known():
    rows = [(1, None, "Fresh"), (2, 1, "Produce"), (3, None, "Grocery")]
    fresh, grocery = branches(rows, "/acme/kpis/", "2")
    assert fresh.contains_current
    assert not fresh.is_current
    assert fresh.children[0].is_current
    assert not grocery.contains_current


def test_what_lies_below_an_archived_department_is_left_out():
    assert [branch.name for branch in branches([(2, 1, "Produce"), (3, None, "Grocery")], "/acme/kpis/", None)] == [
        "Grocery"
    ]
