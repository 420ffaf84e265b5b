"""Who changed what, and when."""

from django.db import models
from django.db.models import Value
from django.db.models.functions import Left, StrIndex

from accounts.tenancy.constraints import tenant_constraints
from accounts.tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class AuditEntryQuerySet(TenantQuerySet["AuditEntry"]):
    def latest_first(self) -> "AuditEntryQuerySet":
        return self.order_by("-at", "-id")

    def about(self, text: str = "", kind: str = "") -> "AuditEntryQuerySet":
        """Entries whose subject contains ``text`` and is of a kind, such as ``department``; empty means any."""
        entries = self.filter(subject__icontains=text) if text else self
        return entries.filter(action__startswith=f"{kind}.") if kind else entries

    def kinds(self) -> list[str]:
        """The kinds of subjects that something has happened to, in order."""
        kind = Left("action", StrIndex("action", Value(".")) - 1)
        return list(self.order_by().values_list(kind, flat=True).distinct().order_by(kind))


class AuditEntry(TenantModel):
    """One write: ``action`` is ``<subject>.<past participle>``; ``changes`` maps a field to ``[before, after]``."""

    at = models.DateTimeField()
    member = TenantForeignKey("accounts.Member", null=True, related_name="+")
    token = TenantForeignKey("accounts.ApiToken", null=True, related_name="+")
    action = models.CharField(max_length=60)
    subject_id = models.UUIDField(null=True)
    subject = models.CharField(max_length=200)
    changes = models.JSONField(default=dict)

    objects = TenantManager.from_queryset(AuditEntryQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = tenant_constraints("member", "token")
        indexes = [models.Index(fields=["organization", "-at", "-id"], name="accounts_auditentry_recent")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
