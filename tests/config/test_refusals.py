"""What the console says of requests that are refused, and of those that fail."""

import logging
from io import StringIO

import pytest
from django.test import Client

from tests.cast import client_of


@pytest.fixture
def said(monkeypatch):
    """Ask for something, and read what the console says of it."""
    (handler,) = [each for each in logging.getLogger().handlers if type(each) is logging.StreamHandler]

    def ask(client, method, path, **more):
        monkeypatch.setattr(handler, "stream", console := StringIO())
        client.raise_request_exception = False
        getattr(client, method)(path, **more)
        return console.getvalue().splitlines()

    return ask


def test_a_refused_request_is_one_line(said, acme, vera, charlie):
    viewer = client_of(vera)
    assert said(viewer, "get", "/acme/kpis/nothing/") == ["Not Found: /acme/kpis/nothing/"]
    assert said(viewer, "get", "/acme/settings/audit/") == ["Forbidden (Permission denied): /acme/settings/audit/"]
    assert said(viewer, "put", "/acme/") == ["Method Not Allowed (PUT): /acme/"]
    assert said(client_of(charlie), "get", "/acme/") == ["Not Found: /acme/"]
    assert said(Client(), "get", "/api/v1/kpis/") == ["Unauthorized: /api/v1/kpis/"]
    assert said(viewer, "get", "/acme/") == []


def test_a_form_without_its_token_is_one_line(said, db):
    assert said(Client(enforce_csrf_checks=True), "post", "/accounts/login/") == [
        "Forbidden (CSRF cookie not set.): /accounts/login/"
    ]


def test_a_strange_host_is_one_line(said, db):
    (line,) = said(Client(), "get", "/", headers={"host": "evil.example"})
    assert line.startswith("Invalid HTTP_HOST header: 'evil.example'")


def test_an_endless_address_is_cut(said, db):
    (line,) = said(Client(), "get", f"/{'a' * 5000}/b/")
    assert line.startswith("Not Found: /aaa")
    assert len(line) == 160


def test_what_fails_keeps_its_traceback(said, acme, vera, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("The wheel came off.")

    monkeypatch.setattr("kpis.views.listing.rows_of", fail)
    lines = said(client_of(vera), "get", "/acme/kpis/")
    assert "Traceback (most recent call last):" in "\n".join(lines)
    assert "RuntimeError: The wheel came off." in lines
