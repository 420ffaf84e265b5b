"""The first KPIs of an organization: made together, laddered, each with the owner whose address was typed beside it."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from accounts.actions.invitations import expect, invite
from accounts.actors import Actor
from accounts.errors import ConflictError, UnverifiedAddressError, refusal
from accounts.models import Member, Organization, Role
from kpis.actions.definitions import create_kpi
from kpis.actions.links import LinkSpec
from kpis.models import Kpi
from kpis.models.choices import Frequency, Source
from kpis.starters import Starter


@dataclass(frozen=True)
class Beginning:
    """A KPI to begin with as somebody chose it: perhaps renamed, with its owner's address (empty: the actor)."""

    starter: Starter
    name: str
    owner_email: str = ""


def begin(actor: Actor, chosen: Sequence[Beginning], *, organization: Organization, now: dt.datetime) -> dict[str, Kpi]:
    """Make the chosen KPIs, each after the one it feeds; returns them by their starter's slug.

    Whoever is named by an address that nobody here has yet is invited, or, while the actor's own address is not
    verified or too many letters were written today, expected without one; they own the KPI from now on. Raises
    ValidationError with ``index`` and ``field`` in its params for what is wrong with one of them.
    """
    fed = {each.starter.feeds for each in chosen if each.starter.contribution > 0}
    made: dict[str, Kpi] = {}
    for index, each in enumerate(chosen):
        starter = each.starter
        with _errors_at(index):
            made[starter.slug] = create_kpi(
                actor,
                now=now,
                name=each.name,
                owner=owner_at(actor, each.owner_email, organization=organization, now=now),
                source=Source.ROLLUP if starter.is_sum and starter.slug in fed else Source.MEASURED,
                links=_links(starter, made),
                **_definition(starter, organization),
            )
    return made


def owner_at(actor: Actor, email: str, *, organization: Organization, now: dt.datetime) -> Member | None:
    """The member with an address, made and invited if there is none yet; for an empty address the actor."""
    if not email:
        return actor.member
    known: Member | None = Member.objects.of_organization(organization.pk).with_email(email).first()
    if known:
        return known
    if actor.member and not actor.member.has_role(Role.ADMIN):
        message = "Nobody here has this address yet, and only admins invite. Ask one, or leave this empty."
        raise refusal("owner_email", message, "not_a_member")
    try:
        invited: Member = invite(actor, now=now, email=email).member
        return invited
    except (ConflictError, UnverifiedAddressError):
        return expect(actor, now=now, email=email)


def _definition(starter: Starter, organization: Organization) -> dict[str, Any]:
    return {
        "unit": starter.unit_in(organization.currency),
        "direction": starter.direction,
        "frequency": Frequency.MONTHLY,
        "aggregation": starter.aggregation,
        "description": starter.description,
        "category": starter.category,
        "level": starter.level,
    }


def _links(starter: Starter, made: Mapping[str, Kpi]) -> list[LinkSpec]:
    """Only a sum is added to and taken from; other parents are simply laddered to."""
    parent = made.get(starter.feeds)
    if parent is None:
        return []
    return [LinkSpec(parent, contribution=starter.contribution if parent.source == Source.ROLLUP else 1)]


@contextmanager
def _errors_at(index: int) -> Iterator[None]:
    """Say which KPI an error is about."""
    try:
        yield
    except ValidationError as error:
        raise ValidationError({"kpis": list(_placed(error, index))}) from error


def _placed(error: ValidationError, index: int) -> Iterator[ValidationError]:
    for field, found in error.error_dict.items():
        params = {"index": index, "field": "owner_email" if field == "email" else field}
        for each in found:
            yield ValidationError(each.messages[0].replace("%", "%%"), code=each.code, params=params)
