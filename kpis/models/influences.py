"""Which lagging KPIs a leading one should move."""

from django.db import models
from django.db.models import F, Q

from accounts.tenancy.constraints import tenant_constraints
from accounts.tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class KpiInfluence(TenantModel):
    """``leading`` moves first, and ``lagging`` is expected to follow; nothing is computed from it."""

    leading = TenantForeignKey("kpis.Kpi", related_name="influences")
    lagging = TenantForeignKey("kpis.Kpi", related_name="influenced_by")

    objects = TenantManager.from_queryset(TenantQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *tenant_constraints("leading", "lagging"),
            models.UniqueConstraint(fields=["organization", "leading", "lagging"], name="kpis_kpiinfluence_once"),
            models.CheckConstraint(condition=~Q(leading=F("lagging")), name="kpis_kpiinfluence_not_itself"),
        ]
        indexes = [models.Index(fields=["organization", "lagging"], name="kpis_kpiinfluence_lagging")]

    def __str__(self) -> str:
        return f"{self.leading_id} moves {self.lagging_id}"
