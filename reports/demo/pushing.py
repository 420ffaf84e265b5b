"""Measurements of the demo take the way of everybody's: a request to the public API with a bearer token."""

import datetime as dt
from collections.abc import Mapping
from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from wsgiref.util import setup_testing_defaults

import msgspec
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

from accounts.actions.tokens import create_token, revoke_token
from accounts.actors import SYSTEM
from accounts.models import Organization, Scope
from accounts.tenancy.context import organization_context
from kpis.models import Kpi, Measurement
from reports.demo.blueprint import Series

PATH = "/api/v1/measurements/"


class RefusedError(RuntimeError):
    """The API did not take the measurements; the message is its answer."""


def push_missing(organization: Organization, series: Mapping[str, Series], *, now: dt.datetime) -> int:
    """Push what is not there yet, with a token that lives as long as it takes; answers how many values that was.

    Values that somebody has changed since stay as they are, and so do archived KPIs.
    """
    items = _missing(organization, series)
    if not items:
        return 0
    with organization_context(organization.pk):
        token, text = create_token(
            SYSTEM, now=now, name="Demo data", scopes=[Scope.MEASUREMENTS], expires_at=now + dt.timedelta(hours=1)
        )
    try:
        _post(text, msgspec.json.encode({"measurements": items}))
    finally:
        with organization_context(organization.pk):
            revoke_token(SYSTEM, token, now=now)
    return len(items)


def _missing(organization: Organization, series: Mapping[str, Series]) -> list[dict[str, Any]]:
    with organization_context(organization.pk):
        ids = dict(Kpi.objects.active().filter(key__in=series).values_list("key", "pk"))
        there = set(Measurement.objects.filter(kpi__in=ids.values()).values_list("kpi_id", "date"))
    return [
        {"kpi": key, "date": date, "value": value}
        for key, kpi_id in ids.items()
        for date, value in series[key].items()
        if (kpi_id, date) not in there
    ]


def _post(token: str, body: bytes) -> None:
    """One request through all middleware to the view, in this process: no server needs to run."""
    response = WSGIHandler().get_response(WSGIRequest(_environment(token, body)))
    answer = getattr(response, "content", b"").decode(errors="replace")
    if response.status_code != HTTPStatus.OK:
        raise RefusedError(f"The API refused the demo's measurements ({response.status_code}): {answer[:500]}")


def _environment(token: str, body: bytes) -> dict[str, Any]:
    base = urlsplit(settings.BASE_URL)
    environment = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": PATH,
        "HTTP_HOST": base.netloc,
        "HTTP_AUTHORIZATION": f"Bearer {token}",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": base.scheme,
        "wsgi.input": BytesIO(body),
    }
    setup_testing_defaults(environment)
    return environment
