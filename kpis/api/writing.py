"""From a checked body to the verbs that write a KPI."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework.exceptions import ErrorDetail, ValidationError

from accounts.actors import Actor
from accounts.api.problems import details_of, pointers
from accounts.models import Organization
from kpis.actions.definitions import create_kpi, update_kpi
from kpis.actions.links import LinkSpec, links_of, moved, set_parents
from kpis.api.shown import holding
from kpis.calendars import calendar_of
from kpis.engine.periods import Frequency
from kpis.models import Kpi

LINKS: Final = ("parent", "parents", "weight", "contribution")
ITEM: Final = ("kpi", "weight", "contribution", "valid_from", "valid_to")


def create(actor: Actor, given: Mapping[str, Any], now: dt.datetime) -> Kpi:
    """Create the KPI of a body; whoever makes one owns it unless it says otherwise."""
    fields = _definition(given)
    fields.setdefault("owner", actor.member)
    links = _listed(given["parents"]) if "parents" in given else _shorthand(given)
    try:
        return create_kpi(actor, now=now, links=links, **fields)
    except DjangoValidationError as error:
        raise _pointed(error, given) from None


def update(actor: Actor, kpi: Kpi, given: Mapping[str, Any], organization: Organization, now: dt.datetime) -> Kpi:
    """Change what the body names and nothing else."""
    try:
        updated = update_kpi(actor, kpi, now=now, reason=given.get("reason", ""), **_definition(given))
        if set(LINKS) & set(given):
            set_parents(actor, updated, _links(updated, given, organization, now), now=now)
    except DjangoValidationError as error:
        raise _pointed(error, given) from None
    return updated


def _definition(given: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: value for name, value in given.items() if name not in (*LINKS, "reason")}
    return fields | {name: fields[name] or "" for name in ("rollup", "formula") if name in fields}


def _listed(parents: list[dict[str, Any]]) -> list[LinkSpec]:
    return [
        LinkSpec(**{**{name: link[name] for name in link if name != "kpi"}, "parent": link["kpi"]}) for link in parents
    ]


def _shorthand(given: Mapping[str, Any]) -> list[LinkSpec]:
    if not given.get("parent"):
        return []
    return [LinkSpec(given["parent"], given.get("weight", 1.0), given.get("contribution", 1))]


def _links(kpi: Kpi, given: Mapping[str, Any], organization: Organization, now: dt.datetime) -> list[LinkSpec]:
    """The whole list after the change. The shorthand moves a KPI from the period that runs; its first parent counts
    from the beginning."""
    if "parents" in given:
        return _listed(given["parents"])
    stored = links_of(kpi)
    specs = [LinkSpec.of(link) for link in stored]
    today = organization.today(now)
    holds = [LinkSpec.of(link) for link in holding(stored, today)]
    wanted = _wanted(given, holds)
    if not specs:
        return wanted
    frequency, calendar = Frequency(kpi.frequency), calendar_of(organization)
    return moved(specs, wanted, calendar.first_date(frequency, calendar.ordinal(frequency, today)))


def _wanted(given: Mapping[str, Any], holds: list[LinkSpec]) -> list[LinkSpec]:
    """The one parent meant, keeping the weight and sign that the body does not name."""
    if "parent" in given and given["parent"] is None:
        return []
    if "parent" not in given and len(holds) != 1:
        message = ErrorDetail("Name the parent whose link this is.", code="required")
        raise ValidationError({"parent": [message]})
    before = holds[0] if len(holds) == 1 else None
    parent = given.get("parent") or holds[0].parent
    same = before is not None and before.parent == parent
    weight = given.get("weight", before.weight if before and same else 1.0)
    contribution = given.get("contribution", before.contribution if before and same else 1)
    return [LinkSpec(parent, weight, contribution)]


def _pointed(refused: DjangoValidationError, given: Mapping[str, Any]) -> ValidationError:
    """Errors about links stand where the links stood in the body."""
    details = details_of(refused)
    found = details.pop("parents", None)
    if isinstance(found, dict) and "parents" in given:
        details["parents"] = {index: _of_link(row) if isinstance(row, dict) else row for index, row in found.items()}
    elif found is not None:
        name = "parents" if "parents" in given else "parent"
        details[name] = [ErrorDetail(error["detail"], code=error["code"]) for error in pointers(found)]
    return ValidationError(details)


def _of_link(row: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """What is wrong with the parent itself, such as its unit, is wrong with naming it."""
    named: dict[str, list[Any]] = {}
    for field, errors in row.items():
        named.setdefault(field if field in ITEM else "kpi", []).extend(errors)
    return named
