"""What a KPI is to reach."""

import datetime as dt

from django.db import models
from django.db.models import F, Q

from accounts.tenancy.constraints import tenant_constraints
from accounts.tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class TargetQuerySet(TenantQuerySet["Target"]):
    def known(self) -> "TargetQuerySet":
        """Those that are part of today's definitions."""
        return self.filter(replaced_at=None).order_by("effective_from")

    def known_at(self, instant: dt.datetime) -> "TargetQuerySet":
        """Those that were part of the definitions at a past instant."""
        earlier = self.filter(Q(replaced_at=None) | Q(replaced_at__gt=instant), recorded_at__lte=instant)
        return earlier.order_by("effective_from")


class Target(TenantModel):
    """Holds from the period that contains ``effective_from`` until the next row's.

    ``target`` and ``floor`` for rising and falling KPIs, ``low`` and ``high`` for a range. Rows are never edited: a
    change replaces the row, so that the original stays known.
    """

    kpi = TenantForeignKey("kpis.Kpi", related_name="targets")
    effective_from = models.DateField()
    target = models.FloatField(null=True)
    floor = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    # By when it is to be reached.
    due_on = models.DateField(null=True)
    # How it was entered where that was not a number: "+20 % on Q2 2026".
    basis = models.CharField(max_length=80, blank=True)
    reason = models.TextField(blank=True)
    set_by = TenantForeignKey("accounts.Member", null=True, related_name="+")
    recorded_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    objects = TenantManager.from_queryset(TargetQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *tenant_constraints("kpi", "set_by"),
            models.UniqueConstraint(
                fields=["organization", "kpi", "effective_from"],
                condition=Q(replaced_at__isnull=True),
                name="kpis_target_once",
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=False, low__isnull=True, high__isnull=True)
                | Q(target__isnull=True, floor__isnull=True, low__lt=F("high")),
                name="kpis_target_shape",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi_id} from {self.effective_from}"
