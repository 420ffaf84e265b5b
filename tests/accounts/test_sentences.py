"""The audit log in words: every action that is recorded anywhere has a sentence that reads as English."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts.models import AuditEntry
from accounts.sentences import SENTENCES, told
from tests.cast import NOW

APPS = ("accounts", "kpis", "okrs", "segments", "reports")
ROOT = Path(__file__).resolve().parents[2]

READS = {
    "organization.created": "Alice founded Acme",
    "organization.updated": "Alice changed the settings of Acme",
    "department.created": "Alice added the department Fresh",
    "department.renamed": "Alice renamed a department, which is now called Fresh",
    "department.moved": "Alice moved the department Fresh to another place in the tree",
    "department.reordered": "Alice changed the place of the department Fresh among its neighbours",
    "department.lead_changed": "Alice changed who leads the department Fresh",
    "department.archived": "Alice archived the department Fresh",
    "department.restored": "Alice restored the department Fresh",
    "member.invited": "Alice invited Bob",
    "member.expected": "Alice added Bob, whose invitation goes out later",
    "member.joined": "Alice joined",
    "member.left": "Alice left",
    "member.removed": "Alice removed the member Bob",
    "member.role_changed": "Alice changed the role of Bob",
    "member.department_changed": "Alice changed the department of Bob",
    "invitation.sent": "Alice sent an invitation to Bob",
    "invitation.resent": "Alice sent a new invitation to Bob",
    "token.created": "Alice made the API token Nightly push",
    "token.revoked": "Alice revoked the API token Nightly push",
    "kpi.created": "Alice added the KPI Net sales",
    "kpi.changed": "Alice changed the KPI Net sales",
    "kpi.parents_set": "Alice changed what the KPI Net sales ladders up to",
    "kpi.targets_set": "Alice changed the targets of the KPI Net sales",
    "kpi.reordered": "Alice put KPIs into another order, which begins with Net sales",
    "kpi.archived": "Alice archived the KPI Net sales",
    "kpi.restored": "Alice restored the KPI Net sales",
    "kpi.purged": "Alice removed the KPI Net sales for good",
    "kpi.reviewed": "Alice reviewed the KPI Net sales",
    "kpi.annotated": "Alice noted what happened to the KPI Net sales",
    "kpi.annotation_changed": "Alice changed a note on the KPI Net sales",
    "kpi.annotation_removed": "Alice removed a note from the KPI Net sales",
    "kpi.benchmarks_set": "Alice changed the benchmarks of the KPI Net sales",
    "kpi.influences_set": "Alice changed which KPIs should follow the KPI Net sales",
    "cycle.created": "Alice added the cycle Q4 2026",
    "cycle.changed": "Alice changed the cycle Q4 2026",
    "cycle.activated": "Alice began the cycle Q4 2026",
    "cycle.cloned": "Alice set up the cycle Q4 2026 like an earlier one",
    "cycle.closed": "Alice closed the cycle Q4 2026",
    "cycle.removed": "Alice removed the cycle Q4 2026",
    "cycle.rhythms_set": "Alice changed which cycles are made ahead in Q4 2026",
    "objective.created": "Alice added the objective Win the region",
    "objective.changed": "Alice changed the objective Win the region",
    "objective.aligned": "Alice changed what the objective Win the region is aligned to",
    "objective.reordered": "Alice put objectives into another order, which begins with Win the region",
    "objective.carried_over": "Alice carried the objective Win the region over into another cycle",
    "objective.removed": "Alice removed the objective Win the region",
    "key_result.created": "Alice added the key result Reach 100 shops",
    "key_result.changed": "Alice changed the key result Reach 100 shops",
    "key_result.milestones_set": "Alice changed the milestones of the key result Reach 100 shops",
    "key_result.reordered": "Alice put the key results of Reach 100 shops into another order",
    "key_result.graded": "Alice graded the key result Reach 100 shops",
    "key_result.carried_over": "Alice carried the key result Reach 100 shops over into another cycle",
    "key_result.removed": "Alice removed the key result Reach 100 shops",
    "check_in.recorded": "Alice checked in on Reach 100 shops",
    "check_in.corrected": "Alice corrected a check-in on Reach 100 shops",
    "check_in.removed": "Alice took back a check-in on Reach 100 shops",
    "initiative.created": "Alice added the initiative Call the landlords",
    "initiative.changed": "Alice changed the initiative Call the landlords",
    "initiative.removed": "Alice removed the initiative Call the landlords",
    "action.created": "Alice added the action Call the growers",
    "action.changed": "Alice changed the action Call the growers",
}
SUBJECTS = {
    "organization": "Acme",
    "department": "Fresh",
    "member": "Bob",
    "invitation": "Bob",
    "token": "Nightly push",
    "kpi": "Net sales",
    "action": "Call the growers",
    "cycle": "Q4 2026",
    "objective": "Win the region",
    "key_result": "Reach 100 shops",
    "check_in": "Reach 100 shops",
    "initiative": "Call the landlords",
}


def entry(action, member=None, **fields):
    subject = SUBJECTS.get(action.partition(".")[0], "It")
    return AuditEntry(at=NOW, member=member, action=action, subject=subject, **fields)


def test_every_action_in_the_code_has_a_sentence_and_every_sentence_an_action():
    assert set(recorded()) == set(SENTENCES)


@pytest.mark.parametrize("action", SENTENCES)
def test_an_action_reads_as_english(action, alice):
    assert str(told(entry(action, alice))) == READS[action]


def test_what_a_token_and_the_product_itself_did_is_told_of_them():
    assert str(told(entry("kpi.archived"))) == "Ladder archived the KPI Net sales"


def test_an_action_nobody_knows_any_more_is_spelt_out(alice):
    assert str(told(entry("key_result.called_off", alice))) == "Alice called off the key result Reach 100 shops"


def test_changes_are_told_by_words_of_the_pages(alice):
    line = told(entry("kpi.parents_set", alice, changes={"parents": [["net_sales"], ["net_sales", "profit (-1)"]]}))
    (change,) = line.changes
    assert (change.field, change.before, change.after) == ("ladders up to", "net_sales", "net_sales, profit (-1)")


def test_the_finder_follows_an_action_through_functions_and_conditions():
    module = ast.parse(
        """
LATER = "thing.expected"
def first(actor): record(actor, "thing.made", it)
def second(actor, flag): audit.record(actor, "thing.sent" if flag else "thing.sent_again", it)
def third(actor): record(actor, LATER, it)
def fourth(actor): _change(actor, it, "thing.changed")
def fifth(actor): _change(actor, it, action="thing.moved")
def _change(actor, it, action): record(actor, action, it)
"""
    )
    names = "made sent sent_again expected changed moved".split()
    assert set(_of_module(module)) == {f"thing.{name}" for name in names}
    with pytest.raises(AssertionError, match="line 1"):
        list(_of_module(ast.parse("record(actor, make_up(), it)")))


def recorded() -> Iterator[str]:
    """The action of every call of ``accounts.audit.record``, in all apps."""
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            yield from _of_module(ast.parse(path.read_text()))


def _of_module(module: ast.Module) -> Iterator[str]:
    functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]
    for call in _calls(module, "record"):
        if len(call.args) > 1:
            yield from _actions(call.args[1], call, module, functions)


def _calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name in (getattr(node.func, "id", ""), getattr(node.func, "attr", "")):
            yield node


def _actions(value: ast.expr, at: ast.Call, module: ast.Module, functions: list[ast.FunctionDef]) -> Iterator[str]:
    match value:
        case ast.Constant(value=str(action)):
            yield action
        case ast.IfExp(body=one, orelse=other):
            yield from _actions(one, at, module, functions)
            yield from _actions(other, at, module, functions)
        case ast.Name(id=name):
            yield from _named(name, at, module, functions)
        case _:
            raise AssertionError(f"Which action line {at.lineno} records cannot be told; name it there.")


def _named(name: str, at: ast.Call, module: ast.Module, functions: list[ast.FunctionDef]) -> Iterator[str]:
    """A constant of the module, a variable of the function, or what the function's callers hand over."""
    inside = next((each for each in functions if at in ast.walk(each)), None)
    assigned = [
        node.value
        for tree in filter(None, (inside, module))
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == name for target in node.targets)
    ]
    if assigned:
        for value in assigned:
            yield from _actions(value, at, module, functions)
        return
    assert inside, f"Which action line {at.lineno} records cannot be told; name it there."
    parameters = [each.arg for each in (*inside.args.args, *inside.args.kwonlyargs)]
    for call in _calls(module, inside.name):
        handed = {**dict(zip(parameters, call.args, strict=False)), **{each.arg: each.value for each in call.keywords}}
        yield from _actions(handed[name], call, module, functions)
