"""The texts behind API tokens and invitation links.

Both carry their organization's id, so that its context can be entered before the lookup, and a random part of which
only the SHA-256 is stored. A text that is malformed and one that is unknown give the same None.
"""

import base64
import binascii
import datetime as dt
import hashlib
import secrets
from uuid import UUID

from accounts.models import ApiToken
from accounts.tenancy.context import organization_context

PREFIX = "ldr_"
SECRET_BYTES = 24
USE_NOTED_EVERY = dt.timedelta(minutes=1)


def new_token_text(organization_id: UUID) -> str:
    """A fresh API token: ``ldr_`` and the base64url of the organization's id and 24 random bytes."""
    return PREFIX + pack(organization_id, secrets.token_bytes(SECRET_BYTES))


def find_token(text: str) -> ApiToken | None:
    """The token behind a text, with its organization, or None if the text is malformed or unknown."""
    unpacked = unpack(text.removeprefix(PREFIX)) if text.startswith(PREFIX) else None
    if unpacked is None:
        return None
    organization_id, _ = unpacked
    with organization_context(organization_id):
        return ApiToken.objects.select_related("organization").filter(secret_hash=hash_of(text)).first()


def problem_with(token: ApiToken, now: dt.datetime) -> str:
    """Why a token no longer works, in a sentence for whoever holds it; empty if it does."""
    if token.revoked_at:
        return f"This token was revoked on {token.revoked_at:%-d %B %Y}."
    if token.expires_at and token.expires_at <= now:
        return f"This token expired on {token.expires_at:%-d %B %Y}; make a new one."
    return ""


def note_use(token: ApiToken, now: dt.datetime) -> None:
    """Remember when a token was last used, to the minute, so that a busy one is not a write per call."""
    if token.last_used_at is None or now - token.last_used_at >= USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def hash_of(text: str) -> str:
    """What is stored of a secret text."""
    return hashlib.sha256(text.encode()).hexdigest()


def pack(organization_id: UUID, secret: bytes) -> str:
    """An organization's id and a secret as one text fit for an address."""
    return base64.urlsafe_b64encode(organization_id.bytes + secret).rstrip(b"=").decode()


def unpack(text: str) -> tuple[UUID, bytes] | None:
    """The organization's id and the secret of a packed text; None if it is none."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(raw) != 16 + SECRET_BYTES or pack(UUID(bytes=raw[:16]), raw[16:]) != text:
        return None
    return UUID(bytes=raw[:16]), raw[16:]
