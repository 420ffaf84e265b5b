"""The description of the API, and the page on it."""

from pathlib import Path

import pytest
import yaml
from django.test import Client
from django.urls import get_resolver
from openapi_spec_validator import validate

from config.api import as_yaml, described

SNAPSHOT = Path(__file__).parents[2] / "docs" / "openapi.yaml"
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def schema():
    return yaml.safe_load(as_yaml())


def operations(schema):
    return [
        (path, method, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]


def test_the_committed_description_is_the_present_one():
    assert SNAPSHOT.read_bytes() == as_yaml(), "The API has changed: run `make schema` and read the difference."


def test_it_is_valid_openapi_3_1(schema):
    assert schema["openapi"].startswith("3.1")
    validate(schema)


def test_it_describes_every_address_below_v1(schema):
    (api,) = (found for found in get_resolver().url_patterns if str(found.pattern) == "api/")
    prefixes = [found for found in api.url_patterns if str(found.pattern) == "v1/"]
    routes = {"/api/v1/" + str(route.pattern) for prefix in prefixes for route in prefix.url_patterns}
    plain = {route.replace("<uuid:", "{").replace("<str:", "{").replace(">", "}") for route in routes}
    assert plain == set(schema["paths"])


def test_every_operation_says_what_it_does_and_what_can_go_wrong(schema):
    for path, method, operation in operations(schema):
        name = f"{method} {path}"
        assert operation["summary"], name
        assert {"400", "401", "403", "404", "429", "500"} <= set(operation["responses"]), name
        assert operation["security"] == [{"token": []}, {"session": []}], name
        parameters = {parameter["name"] for parameter in operation["parameters"]}
        assert ("Idempotency-Key" in parameters) == (method == "post"), name
        assert ("422" in operation["responses"]) == (method == "post"), name


def test_operations_are_called_by_names_of_their_own(schema):
    names = [operation["operationId"] for _, _, operation in operations(schema)]
    assert len(names) == len(set(names))


def test_the_examples_fit_their_schemas(schema):
    from kpis.api.examples import SHOWN_KPI

    assert set(SHOWN_KPI) == set(schema["components"]["schemas"]["Kpi"]["properties"])


def test_it_is_served_to_everybody_as_json_and_as_yaml():
    client = Client()
    assert client.get("/api/schema/").json()["info"]["title"] == "Ladder API"
    assert client.get("/api/schema/?format=yaml").content == SNAPSHOT.read_bytes()
    assert described()["paths"]


def test_the_page_needs_nothing_that_the_content_security_policy_forbids(db):
    response = Client().get("/api/docs/")
    page = response.content.decode()
    assert response.status_code == 200
    assert "unsafe" not in response["Content-Security-Policy"]
    assert ("<style" in page, "style=" in page, "http://" in page, "https://" in page) == (False,) * 4
    assert page.count("<script") == page.count("<script src=")
