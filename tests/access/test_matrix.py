"""Who may do what: every address and every operation of the API, tried by everybody.

A row of the matrix is ``METHOD address verdicts status``, one verdict for each of owner, admin, editor, contributor,
viewer, outsider and anonymous:

| verdict | meaning |
|---|---|
| ``y`` | passes, and answers ``status``; what is sent is empty, so a write often answers what it lacks |
| ``h`` | passes, and answers 200 |
| ``e`` | passes, and answers 422: something is missing |
| ``n`` | 403: a member whose role is too low |
| ``0`` | 404: as if it did not exist |
| ``l`` | sent to the log-in page |
| ``u`` | 401 |
"""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from accounts.models import Organization
from tests.access.world import ROLES, World, build

# Addresses of libraries, for people who are not inside any organization; and the API's answer to unknown addresses.
ELSEWHERE = ("accounts/", "^")


class Row(NamedTuple):
    method: str
    path: str
    verdicts: str
    status: int


def rows() -> list[Row]:
    lines = (Path(__file__).parent / "matrix.txt").read_text().splitlines()
    words = (line.split() for line in lines if line.strip() and not line.startswith("#"))
    return [Row(method, path, verdicts, int(status)) for method, path, verdicts, status in words]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Built once, in a transaction that outlives the tests; each request is taken back by itself."""
    with django_db_blocker.unblock(), transaction.atomic():
        acme, globex = (Organization.objects.create(name=name, slug=name.lower()) for name in ("Acme", "Globex"))
        yield build(acme, globex)
        transaction.set_rollback(True)


MEMBERS = range(5)  # of the roles, from the highest to the lowest


def at_an_edge(row: Row) -> set[str]:
    """Who stands beside a member with another right, or else the lowest member; and who is no member."""
    mine = row.verdicts
    edges = {at for step in MEMBERS[1:] if mine[step - 1] != mine[step] for at in (step - 1, step)} or {MEMBERS[-1]}
    return {ROLES[at] for at in edges} | set(ROLES[len(MEMBERS) :])


in_each_row = pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.method} {row.path}")


@in_each_row
def test_rights_end_where_the_matrix_says(world: World, row: Row) -> None:
    check(world, row, at_an_edge(row))


@pytest.mark.slow
@in_each_row
def test_everybody_else_gets_what_the_matrix_says(world: World, row: Row) -> None:
    check(world, row, set(ROLES) - at_an_edge(row))


def check(world: World, row: Row, roles: set[str]) -> None:
    path = row.path.format_map(world.names)
    found = {role: verdict(world, role, row, path) for role in ROLES if role in roles}
    passes = {"y": f"y {row.status}", "h": "y 200", "e": "y 422"}
    letters = {role: letter for role, letter in zip(ROLES, row.verdicts, strict=True) if role in roles}
    assert found == {role: passes.get(letter, letter) for role, letter in letters.items()}


def verdict(world: World, role: str, row: Row, path: str) -> str:
    before, cookies = transaction.savepoint(), deepcopy(world.clients[role].cookies)
    try:
        response = _request(world, role, row.method, path)
    finally:
        transaction.savepoint_rollback(before)
        world.clients[role].cookies = cookies  # who logged out is logged in again
    if response.status_code == 302 and response.headers["Location"].startswith("/accounts/login/"):
        return "l"
    return {403: "n", 404: "0", 401: "u"}.get(response.status_code, f"y {response.status_code}")


def _request(world: World, role: str, method: str, path: str) -> HttpResponse:
    headers: dict[str, Any] = {"Ladder-Organization": "acme"} if path.startswith("/api/") else {}
    call = getattr(world.clients[role], method.lower())
    if path.startswith("/api/") and method != "GET":
        return call(path, data=b"{}", content_type="application/json", headers=headers)
    return call(path, headers=headers)


def test_no_address_is_missing(world: World) -> None:
    known = {_route(row.path.format_map(world.names)) for row in rows()}
    assert sorted(set(_routes(get_resolver().url_patterns)) - known) == []


def test_no_operation_of_the_api_is_missing(world: World) -> None:
    known = {(row.method, _route(row.path.format_map(world.names))) for row in rows()}
    offered = {
        (method.upper(), route)
        for route, pattern in _patterns(get_resolver().url_patterns)
        for method in getattr(pattern.callback, "actions", None) or ()
        if method != "head"
    }
    assert sorted(offered - known) == []


def _route(path: str) -> str:
    return resolve(path.split("?")[0]).route


def _routes(patterns: list[Any]) -> Iterator[str]:
    return (route for route, _ in _patterns(patterns))


def _patterns(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if str(pattern.pattern).startswith(ELSEWHERE):
            continue
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns, route)
        else:
            yield route, pattern
