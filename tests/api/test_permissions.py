"""What each scope of a token and each role of a person may do."""

import pytest

from accounts.models import Role, Scope
from tests.api.conftest import errors_of, session_api, token_api
from tests.cast import inside, make_kpi, make_member

pytestmark = pytest.mark.django_db
NEW_KPI = {"name": "Visits", "unit": "number", "direction": "increase", "frequency": "daily", "source": "measured"}
PUSH = [{"kpi": "orders", "date": "2026-11-02", "value": 1}]
VALUE = "kpis/orders/values/2026-11-02/"
EVERYBODY = "owner admin editor contributor viewer"
READERS, PUSHERS, WRITERS = "read write admin", "measurements:write write admin", "write admin"
NEW_CYCLE = {"name": "Q4 2026", "starts_on": "2026-10-01", "ends_on": "2026-12-31"}
EDITORS, ADMINS = "owner admin editor", "owner admin"
# What is asked for, and the scopes and roles it is granted to.
OPERATIONS = [
    ("GET", "me/", None, "read measurements:write customers:write write admin", EVERYBODY),
    ("GET", "kpis/", None, READERS, EVERYBODY),
    ("GET", "kpis/orders/", None, READERS, EVERYBODY),
    ("GET", "kpis/orders/targets/", None, READERS, EVERYBODY),
    ("GET", "kpis/orders/series/", None, READERS, EVERYBODY),
    ("GET", "kpis/orders/ladder/", None, READERS, EVERYBODY),
    ("GET", "kpis/orders/versions/", None, READERS, EVERYBODY),
    ("GET", "kpis/orders/annotations/", None, READERS, EVERYBODY),
    ("GET", "kpis/orders/benchmarks/", None, READERS, EVERYBODY),
    ("GET", "kpis/orders/influences/", None, READERS, EVERYBODY),
    ("GET", "actions/", None, READERS, EVERYBODY),
    ("GET", "reviews/", None, READERS, EVERYBODY),
    ("GET", "kpis/tree/", None, READERS, EVERYBODY),
    ("POST", "kpis/validate-formula/", {"formula": "orders * 2"}, READERS, EVERYBODY),
    ("GET", "kpi-templates/", None, READERS, EVERYBODY),
    ("GET", "kpi-templates/net_sales/", None, READERS, EVERYBODY),
    ("GET", "organization/", None, READERS, EVERYBODY),
    ("GET", "departments/", None, READERS, EVERYBODY),
    ("GET", "members/", None, READERS, EVERYBODY),
    ("POST", "measurements/", PUSH, PUSHERS, EDITORS),
    ("PUT", VALUE, {"value": 1}, PUSHERS, EDITORS),
    ("POST", "kpis/", NEW_KPI, WRITERS, EDITORS),
    ("PATCH", "kpis/orders/", {"name": "Orders"}, WRITERS, EDITORS),
    ("PUT", "kpis/orders/targets/", [], WRITERS, EDITORS),
    ("POST", "kpis/orders/annotations/", {"on": "2026-11-02", "text": "Strike"}, WRITERS, EDITORS),
    ("PUT", "kpis/orders/benchmarks/", [], WRITERS, EDITORS),
    ("PUT", "kpis/orders/influences/", [], WRITERS, EDITORS),
    ("POST", "actions/", {"kpi": "orders", "title": "Call"}, WRITERS, EDITORS),
    ("POST", "reviews/", {"kpi": "orders"}, WRITERS, EDITORS),
    ("GET", "cycles/", None, READERS, EVERYBODY),
    ("GET", "objectives/", None, READERS, EVERYBODY),
    ("GET", "objectives/tree/", None, READERS, EVERYBODY),
    ("GET", "key-results/", None, READERS, EVERYBODY),
    ("GET", "check-ins/", None, READERS, EVERYBODY),
    ("GET", "initiatives/", None, READERS, EVERYBODY),
    ("POST", "cycles/", NEW_CYCLE, WRITERS, EDITORS),
    ("DELETE", "kpis/orders/", None, WRITERS, EDITORS),
    ("DELETE", "kpis/orders/?purge=true", None, "admin", ADMINS),
    ("POST", "departments/", {"name": "Sales"}, WRITERS, ADMINS),
    ("PATCH", "organization/", {"about": "We sell."}, "admin", ADMINS),
    ("POST", "invitations/", {"email": "dora@example.com"}, "admin", ADMINS),
    ("GET", "invitations/", None, "admin", ADMINS),
    ("GET", "tokens/", None, "admin", ADMINS),
    ("POST", "tokens/", {"name": "Job", "scopes": ["read"]}, "admin", ADMINS),
    ("GET", "audit/", None, "admin", ADMINS),
]
each_operation = pytest.mark.parametrize(
    ("method", "path", "body", "scopes", "roles"), OPERATIONS, ids=[f"{row[0]}-{row[1]}" for row in OPERATIONS]
)


def _ask(api, method, path, body):
    arguments = [] if body is None else [body]
    return getattr(api, method.lower())(path, *arguments)


@each_operation
@pytest.mark.parametrize("scope", Scope.values)
def test_a_scope_grants_what_it_names_and_nothing_else(acme, scope, method, path, body, scopes, roles):
    with inside(acme):
        make_kpi(acme, "orders")
    response = _ask(token_api(acme, Scope(scope)), method, path, body)
    assert response.status_code in ((200, 201, 204) if scope in scopes.split() else (403,)), response.content


@each_operation
@pytest.mark.parametrize("role", Role.values)
def test_a_role_grants_what_it_means_and_nothing_else(acme, role, method, path, body, scopes, roles):
    with inside(acme):
        make_kpi(acme, "orders")
    response = _ask(session_api(make_member(acme, "Robin", Role(role))), method, path, body)
    # A contributor may push, only not to what somebody else owns: then the item is wrong, not the call.
    refused = 400 if (path, role) == ("measurements/", "contributor") else 403
    assert response.status_code in ((200, 201, 204) if role in roles.split() else (refused,)), response.content


def test_a_contributor_feeds_and_edits_what_they_own(acme, bob):
    with inside(acme):
        make_kpi(acme, "orders", owner=bob)
        make_kpi(acme, "visits")
    api = session_api(bob)
    assert api.put(VALUE, {"value": 3}).status_code == 200
    assert api.post("measurements/", PUSH).json()["updated"] == 1
    assert api.patch("kpis/orders/", {"description": "What customers ordered."}).status_code == 200
    assert api.put("kpis/orders/targets/", [{"effective_from": "2026-11-01", "target": 9}]).status_code == 200
    assert api.delete(VALUE).status_code == 204
    assert api.put("kpis/visits/values/2026-11-02/", {"value": 3}).status_code == 403
    assert errors_of(api.post("measurements/", [{**PUSH[0], "kpi": "visits"}])) == [("/0/kpi", "not_allowed")]
    assert api.patch("kpis/visits/", {"description": "Mine now."}).status_code == 403
    assert api.delete("kpis/orders/").status_code == 403


@pytest.mark.parametrize("scope", Scope.values)
def test_a_token_sets_objectives_and_checks_in_with_the_scope_to_write(acme, writer, scope):
    cycle = writer.post("cycles/", NEW_CYCLE).json()
    writer.post(f"cycles/{cycle['id']}/activate/")
    objective = writer.post("objectives/", {"cycle": cycle["id"], "title": "Grow"}).json()
    shops = {"objective": objective["id"], "title": "Shops", "start": 20, "target": 60}
    key_result = writer.post("key-results/", shops).json()
    api, expected = token_api(acme, Scope(scope)), 201 if scope in WRITERS.split() else 403
    said = {"value": 30, "confidence": "on_track", "on": "2026-10-01"}
    assert api.post(f"key-results/{key_result['id']}/check-ins/", said).status_code == expected
    assert api.post("key-results/", {**shops, "title": "More"}).status_code == expected
    assert api.post("objectives/", {"cycle": cycle["id"], "title": "Win"}).status_code == expected
    assert api.post("initiatives/", {"key_result": key_result["id"], "title": "Visit"}).status_code == expected
