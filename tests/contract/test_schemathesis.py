"""Whatever fits the description, or nearly, gets an answer that the description names: no 500, no surprise.

Schemathesis makes requests from ``/api/schema/`` and sends them to the application in this process, which answers as
the runtime role from a real organization.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.actors import SYSTEM
from accounts.models import Department, Member, Organization, Role, Scope
from config.wsgi import application
from kpis.models import Action, Kpi
from okrs.actions.versioning import keep_cycle, keep_key_result, keep_objective
from okrs.models import CheckIn, Cycle, Initiative, KeyResult, Milestone, Objective
from tests.api.conftest import Api, token_api
from tests.cast import NOW, inside, make_kpi, make_link, make_user
from tests.lots import examples

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
CONFIG = SchemathesisConfig.from_dict({"phases": {"coverage": {"enabled": False}}})
SCHEMA = schemathesis.openapi.from_wsgi("/api/schema/", application, config=CONFIG)
MEMBER, SALES, ACTION, CYCLE, OBJECTIVE, KEY_RESULT, MILESTONED, CHECK_IN, INITIATIVE = (
    UUID(f"01a20a6b-52ee-77ba-a112-fa093c68aa8{digit}") for digit in "56789abcd"
)
THERE = {
    "kpis": "orders",
    "members": str(MEMBER),
    "departments": str(SALES),
    "actions": str(ACTION),
    "cycles": str(CYCLE),
    "objectives": str(OBJECTIVE),
    "key-results": str(KEY_RESULT),
    "check-ins": str(CHECK_IN),
    "initiatives": str(INITIATIVE),
}

# Words that are addresses of their own where an id could stand, such as the one of ``kpis/tree/``.
WORDS = {part for found in SCHEMA.get_all_operations() for part in found.ok().path.split("/")}


@schemathesis.serializer("application/x-ndjson", "text/csv")
def as_text(context: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


@SCHEMA.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    """Three in four requests name something that is there; the others whatever was made up."""
    resource = context.operation.path.removeprefix("/api/v1/").split("/")[0]
    made_up = str((path_parameters or {}).get("id"))
    if path_parameters and resource in THERE and (len(made_up) % 4 or made_up in WORDS):
        return {**path_parameters, "id": THERE[resource]}
    return path_parameters


@contextmanager
def one_connection() -> Iterator[None]:
    """As Django's own test client does it: the end of a request is not the end of the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def known(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, str]]:
    """The headers of a token that may do everything, in an organization that has something of everything.

    Built once, in a transaction that outlives the tests; what a test writes is taken back by itself.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        acme = Organization.objects.create(name="Acme", slug="acme")
        yield make_company(acme).headers
        transaction.set_rollback(True)


@pytest.fixture
def headers(known: dict[str, str], settings: Any) -> Iterator[dict[str, str]]:
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    with one_connection(), transaction.atomic():
        yield known
        transaction.set_rollback(True)


def make_company(acme: Organization) -> Api:
    with inside(acme):
        sales = Department.objects.create(id=SALES, name="Sales")
        owner = Member.objects.create(
            id=MEMBER, organization=acme, user=make_user("Dora"), role=Role.OWNER, joined_at=NOW, department=sales
        )
        orders = make_kpi(acme, "orders", owner=owner, department=sales)
        make_link(make_kpi(acme, "total", source="rollup", rollup="sum"), orders)
        Action.objects.create(id=ACTION, kpi=orders, title="Call the growers", owner=owner, created_at=NOW)
        make_goals(owner, orders)
    api = token_api(acme, Scope.ADMIN)
    api.put("kpis/total/targets/", [{"effective_from": "2026-01-01", "target": 700, "floor": 500}])
    days = [{"kpi": "orders", "date": f"2026-{month:02}-03", "value": month * 90} for month in range(1, 11)]
    assert api.post("measurements/?wait=true", days).status_code == 200
    return api


def make_goals(owner: Member, orders: Kpi) -> None:
    """A cycle that runs, with one of everything in it, all under ids that are known."""
    dates = {"starts_on": dt.date(2026, 10, 1), "ends_on": dt.date(2026, 12, 31)}
    cycle = Cycle.objects.create(id=CYCLE, name="Q4", state="active", created_at=NOW, **dates)
    objective = Objective.objects.create(id=OBJECTIVE, cycle=cycle, title="Grow", owner=owner, created_at=NOW)
    of_it = {"objective": objective, "created_at": NOW}
    shops = KeyResult.objects.create(id=KEY_RESULT, title="60 shops", start=20, target=60, **of_it)
    steps = KeyResult.objects.create(id=MILESTONED, title="Berries", kind="milestones", **of_it)
    linked = KeyResult.objects.create(title="Orders", kpi=orders, reads="last_complete", target=9000, **of_it)
    Milestone.objects.create(key_result=steps, title="Choose a grower")
    said = {"on": NOW.date(), "value": 30, "confidence": "on_track", "recorded_at": NOW, "member": owner}
    CheckIn.objects.create(id=CHECK_IN, key_result=shops, **said)
    Initiative.objects.create(id=INITIATIVE, key_result=shops, title="Visit ten", owner=owner, created_at=NOW)
    keep_cycle(SYSTEM, cycle, now=NOW)
    keep_objective(SYSTEM, objective, now=NOW)
    for key_result in (shops, steps, linked):
        keep_key_result(SYSTEM, key_result, now=NOW)


OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_every_answer_is_described(operation: APIOperation, headers: dict[str, str]) -> None:
    """One test an operation, each with a name of its own: pytest-xdist runs tests of one name only once."""

    @given(case=operation.as_strategy())
    @examples(8, derandomize=True, suppress_health_check=list(HealthCheck))
    def is_described(case: schemathesis.Case) -> None:
        # The organization is the token's; a made-up one is a 404 that hides everything else.
        case.headers = {name: value for name, value in case.headers.items() if name != "Ladder-Organization"}
        case.call_and_validate(headers=headers, checks=CHECKS)

    is_described()
