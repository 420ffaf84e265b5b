"""Invitations by e-mail: a hashed secret, an expiry, one use, one address."""

import datetime as dt

from django.db import models

from accounts.tenancy.constraints import tenant_constraints
from accounts.tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet

VALID_FOR = dt.timedelta(days=14)


class InvitationQuerySet(TenantQuerySet["Invitation"]):
    def open(self, now: dt.datetime) -> "InvitationQuerySet":
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=now)

    def unsent(self, now: dt.datetime) -> "InvitationQuerySet":
        """Those whose letter still has to go out."""
        return self.open(now).filter(sent_at=None)

    def unanswered(self) -> "InvitationQuerySet":
        """Those neither accepted nor taken back, a later one of a member after an earlier one."""
        return self.filter(accepted_at=None, revoked_at=None).order_by("id")


class Invitation(TenantModel):
    """A letter to a ``Member`` who has not arrived; what they will own is theirs already."""

    member = TenantForeignKey("accounts.Member", related_name="invitations")
    email = models.EmailField()
    secret_hash = models.CharField(max_length=64)
    invited_by = TenantForeignKey("accounts.Member", null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = TenantManager.from_queryset(InvitationQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *tenant_constraints("member", "invited_by"),
            models.UniqueConstraint(fields=["organization", "secret_hash"], name="accounts_invitation_secret"),
        ]
        indexes = [models.Index(fields=["organization", "member"], name="accounts_invitation_member")]

    def __str__(self) -> str:
        return self.email
