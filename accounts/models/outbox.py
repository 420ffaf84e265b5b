"""What an app has to tell those above it, which it does not know."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.tenancy.constraints import tenant_constraints
from accounts.tenancy.models import TenantManager, TenantModel, TenantQuerySet


class OutboxMessage(TenantModel):
    """``kind`` happened to all of ``subject_ids``, for the task named ``reader`` to take note of.

    Messages are only ever added, in the transaction that caused them, and deleted by the reader in the transaction that
    has taken note: whoever announces never waits for a reader.
    """

    reader = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    subject_ids = ArrayField(models.UUIDField())
    announced_at = models.DateTimeField()

    objects = TenantManager.from_queryset(TenantQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = tenant_constraints()
        indexes = [models.Index(fields=["organization", "reader"], name="accounts_outboxmessage_reader")]

    def __str__(self) -> str:
        return f"{self.kind} for {self.reader}"
