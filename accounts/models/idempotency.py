"""First answers to POSTs with an ``Idempotency-Key``, kept for a day."""

from django.db import models

from accounts.tenancy.constraints import tenant_constraints
from accounts.tenancy.models import TenantManager, TenantModel, TenantQuerySet


class IdempotentRequest(TenantModel):
    endpoint = models.CharField(max_length=200)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    content_type = models.CharField(max_length=80)
    created_at = models.DateTimeField()

    objects = TenantManager.from_queryset(TenantQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *tenant_constraints(),
            models.UniqueConstraint(fields=["organization", "endpoint", "key"], name="accounts_idempotentrequest_key"),
        ]
        indexes = [models.Index(fields=["organization", "created_at"], name="accounts_idempotent_age")]

    def __str__(self) -> str:
        return f"{self.endpoint} {self.key}"
