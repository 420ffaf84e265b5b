"""The secret in an invitation's link, which is mailed to the invited address and shown nowhere else.

It is derived from the invitation's id with the site's key, so that a letter sent again after an interruption has the
same link, while the database holds only its SHA-256.
"""

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from accounts.models import Invitation
from accounts.tokens import SECRET_BYTES, hash_of, pack, unpack


def link_text(invitation: Invitation) -> str:
    """The part of the link that proves the invitation: organization id and secret."""
    digest = salted_hmac("accounts.invitation", str(invitation.pk), algorithm="sha256").digest()
    return pack(invitation.member.organization_id, digest[:SECRET_BYTES])


def link(invitation: Invitation) -> str:
    """The whole address, for the letter."""
    path = reverse("accounts:invitation", args=[link_text(invitation)])
    return f"{settings.BASE_URL}{path}"


def secret_hash(invitation: Invitation) -> str:
    return hash_of(link_text(invitation))


def find_invitation(text: str) -> Invitation | None:
    """The invitation behind a link, whatever its state; call it inside the organization that ``unpack`` told."""
    if unpack(text) is None:
        return None
    rows = Invitation.objects.select_related("organization", "member__user", "member__department", "invited_by__user")
    return rows.filter(secret_hash=hash_of(text)).first()
