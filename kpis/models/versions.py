"""What definitions were at any past instant."""

import datetime as dt

from django.db import models
from django.db.models import Q

from accounts.tenancy.constraints import tenant_constraints
from accounts.tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class KpiVersionQuerySet(TenantQuerySet["KpiVersion"]):
    def known_at(self, instant: dt.datetime) -> "KpiVersionQuerySet":
        """The version of each KPI that was in force at an instant."""
        return self.filter(Q(replaced_at=None) | Q(replaced_at__gt=instant), recorded_at__lte=instant)

    def newest_first(self) -> "KpiVersionQuerySet":
        return self.order_by("-recorded_at", "-id")


class KpiVersion(TenantModel):
    """A KPI's whole definition as it was from ``recorded_at`` until ``replaced_at`` (null: today's).

    ``definition`` maps the names of ``Kpi``'s columns to their values as JSON holds them; references are ids.
    """

    kpi = TenantForeignKey("kpis.Kpi", related_name="versions")
    recorded_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)
    member = TenantForeignKey("accounts.Member", null=True, related_name="+")
    token = TenantForeignKey("accounts.ApiToken", null=True, related_name="+")
    definition = models.JSONField()

    objects = TenantManager.from_queryset(KpiVersionQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *tenant_constraints("kpi", "member", "token"),
            models.UniqueConstraint(
                fields=["organization", "kpi"], condition=Q(replaced_at__isnull=True), name="kpis_kpiversion_current"
            ),
        ]
        indexes = [models.Index(fields=["organization", "kpi", "-recorded_at"], name="kpis_kpiversion_recent")]

    def __str__(self) -> str:
        return f"{self.kpi_id} since {self.recorded_at}"
