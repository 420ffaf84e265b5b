"""What must be computed anew."""

from django.db import models

from accounts.tenancy.constraints import tenant_constraints
from accounts.tenancy.models import TenantManager, TenantModel, TenantQuerySet


class StaleMark(TenantModel):
    """A KPI whose values dated from ``first_date`` to ``last_date`` (null: unbounded) changed.

    Marks are only ever added, in the transaction of the change, and deleted by the computation that claimed them: a
    write never waits for a computation.
    """

    kpi_id = models.UUIDField()
    first_date = models.DateField(null=True)
    last_date = models.DateField(null=True)

    objects = TenantManager.from_queryset(TenantQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = tenant_constraints()

    def __str__(self) -> str:
        return f"{self.kpi_id} {self.first_date}..{self.last_date}"
