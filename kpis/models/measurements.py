"""What was measured, and what was known before."""

from django.db import models

from accounts.tenancy.constraints import CompositeForeignKey, RowLevelSecurity, tenant_constraints
from accounts.tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet, TenantRow


class Via(models.TextChoices):
    PAGE = "page", "Entered on a page"
    PASTE = "paste", "Pasted from a spreadsheet"
    API = "api", "Pushed through the API"
    DEMO = "demo", "Demo data"


class Push(TenantModel):
    """One write of measurements: who, when, how. Measurements and revisions name it, so nothing else repeats that."""

    at = models.DateTimeField()
    member = TenantForeignKey("accounts.Member", null=True, related_name="+")
    token = TenantForeignKey("accounts.ApiToken", null=True, related_name="+")
    via = models.CharField(max_length=5, choices=Via)

    objects = TenantManager.from_queryset(TenantQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = tenant_constraints("member", "token")
        indexes = [models.Index(fields=["organization", "-at"], name="kpis_push_recent")]

    def __str__(self) -> str:
        return f"{self.get_via_display()} at {self.at}"


class MeasurementQuerySet(TenantQuerySet["Measurement"]):
    def newest_first(self) -> "MeasurementQuerySet":
        return self.order_by("-date")


class Measurement(TenantRow):
    """The value of a KPI dated on one day. The latest push wins; what it replaced is a revision."""

    pk = models.CompositePrimaryKey("organization_id", "kpi_id", "date")
    kpi = TenantForeignKey("kpis.Kpi", related_name="measurements")
    date = models.DateField()
    value = models.FloatField()
    note = models.TextField(default="", blank=True)
    # No foreign key: a push is never deleted before its measurements, and a second check would slow the write down.
    push_id = models.UUIDField()

    objects = TenantManager.from_queryset(MeasurementQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [
            RowLevelSecurity(name="kpis_measurement_rls"),
            CompositeForeignKey(field="kpi", name="kpis_measurement_kpi_fk"),
        ]

    def __str__(self) -> str:
        return f"{self.kpi_id} {self.date}: {self.value}"


class MeasurementRevision(TenantRow):
    """A value that was replaced or removed: what it was, which push had recorded it, which push ended it."""

    pk = models.CompositePrimaryKey("organization_id", "kpi_id", "date", "replaced_by_id")
    kpi = TenantForeignKey("kpis.Kpi", related_name="revisions")
    date = models.DateField()
    value = models.FloatField()
    note = models.TextField(default="", blank=True)
    push_id = models.UUIDField()
    replaced_by_id = models.UUIDField()

    objects = TenantManager.from_queryset(TenantQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [
            RowLevelSecurity(name="kpis_measurementrevision_rls"),
            CompositeForeignKey(field="kpi", name="kpis_measurementrevision_kpi_fk"),
        ]

    def __str__(self) -> str:
        return f"{self.kpi_id} {self.date}: was {self.value}"
