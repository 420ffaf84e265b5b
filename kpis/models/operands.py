"""Which KPIs a formula is computed from, kept beside its text so that the database can follow and protect them."""

from django.db import models

from accounts.tenancy.constraints import tenant_constraints
from accounts.tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class KpiOperand(TenantModel):
    """``kpi``'s formula names ``operand``: its value, or with ``is_parent`` what ladders up to it (``children_sum``).

    A formula that names nothing has a row that names itself, by which it is found: it reaches as far as anything
    measured.
    """

    kpi = TenantForeignKey("kpis.Kpi", related_name="operands")
    operand = TenantForeignKey("kpis.Kpi", related_name="used_by")
    is_parent = models.BooleanField(default=False)

    objects = TenantManager.from_queryset(TenantQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *tenant_constraints("kpi", "operand"),
            models.UniqueConstraint(
                fields=["organization", "kpi", "operand", "is_parent"], name="kpis_kpioperand_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "operand"], name="kpis_kpioperand_operand"),
            models.Index(
                fields=["organization", "kpi"],
                condition=models.Q(kpi=models.F("operand"), is_parent=False),
                name="kpis_kpioperand_constant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi_id} of {self.operand_id}"
