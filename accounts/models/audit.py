"""Who changed what, and when."""

from django.db import models

from accounts.tenancy.constraints import tenant_constraints
from accounts.tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class AuditEntry(TenantModel):
    """One write: ``action`` is ``<subject>.<past participle>``; ``changes`` maps a field to ``[before, after]``."""

    at = models.DateTimeField()
    member = TenantForeignKey("accounts.Member", null=True, related_name="+")
    token = TenantForeignKey("accounts.ApiToken", null=True, related_name="+")
    action = models.CharField(max_length=60)
    subject_id = models.UUIDField(null=True)
    subject = models.CharField(max_length=200)
    changes = models.JSONField(default=dict)

    objects = TenantManager.from_queryset(TenantQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = tenant_constraints("member", "token")
        indexes = [models.Index(fields=["organization", "-at", "-id"], name="accounts_auditentry_recent")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
