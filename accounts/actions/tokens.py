"""API tokens: create, revoke."""

import datetime as dt
from collections.abc import Sequence

from accounts import audit
from accounts.actors import Actor
from accounts.errors import refusal
from accounts.models import ApiToken, Scope
from accounts.tenancy.context import current_organization_id
from accounts.tokens import hash_of, new_token_text


def create_token(
    actor: Actor, *, now: dt.datetime, name: str, scopes: Sequence[str], expires_at: dt.datetime | None = None
) -> tuple[ApiToken, str]:
    """Make a token; returns it with its text, which is told this once and stored nowhere."""
    _check_scopes(scopes)
    if expires_at is not None and expires_at <= now:
        raise refusal("expires_at", "Choose a time in the future, or none.", "past")
    text = new_token_text(current_organization_id())
    token = ApiToken(
        name=name.strip(),
        secret_hash=hash_of(text),
        hint=text[-4:],
        scopes=[scope.value for scope in Scope if scope in scopes],
        created_by=actor.member,
        created_at=now,
        expires_at=expires_at,
    )
    token.clean_fields(exclude=["organization", "created_by"])
    token.save(force_insert=True)
    changes = audit.differences(ApiToken(), {"scopes": token.scopes, "expires_at": expires_at})
    audit.record(actor, "token.created", token, now=now, changes=changes)
    return token, text


def revoke_token(actor: Actor, token: ApiToken, *, now: dt.datetime) -> None:
    """Make a token useless at once; a second time changes nothing."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        token.revoked_at = now
        audit.record(actor, "token.revoked", token, now=now)


def _check_scopes(scopes: Sequence[str]) -> None:
    if not scopes:
        raise refusal("scopes", "Choose at least one thing the token may do.", "required")
    if unknown := sorted(set(scopes) - set(Scope.values)):
        message = f"There is no scope {', '.join(unknown)}; choose from {', '.join(Scope.values)}."
        raise refusal("scopes", message, "unknown")
