"""Derived rows, rebuildable from check-ins, milestones, KPIs and definitions at any time. No foreign keys."""

import datetime as dt

from django.db import models

from accounts.tenancy.constraints import RowLevelSecurity
from accounts.tenancy.models import TenantManager, TenantQuerySet, TenantRow


class ProgressRecordQuerySet(TenantQuerySet["ProgressRecord"]):
    def until(self, date: dt.date) -> "ProgressRecordQuerySet":
        return self.filter(on__lte=date)

    def in_order(self) -> "ProgressRecordQuerySet":
        return self.order_by("key_result_id", "on")


class ProgressRecord(TenantRow):
    """Where a key result stood from this day on: one row on each day on which that changed."""

    pk = models.CompositePrimaryKey("organization_id", "key_result_id", "on")
    key_result_id = models.UUIDField()
    on = models.DateField()
    current = models.FloatField(null=True)
    progress_raw = models.FloatField()

    objects = TenantManager.from_queryset(ProgressRecordQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [RowLevelSecurity(name="okrs_progressrecord_rls")]

    def __str__(self) -> str:
        return f"{self.key_result_id} {self.on}: {self.progress_raw}"
