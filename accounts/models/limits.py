"""How many requests each API token has made lately."""

from django.db import models

from accounts.tenancy.constraints import tenant_row_constraints
from accounts.tenancy.models import TenantForeignKey, TenantManager, TenantQuerySet, TenantRow


class RequestCount(TenantRow):
    """The requests of a token in the minute that began at ``since``."""

    pk = models.CompositePrimaryKey("organization_id", "token_id")
    token = TenantForeignKey("accounts.ApiToken", related_name="+")
    since = models.DateTimeField()
    requests = models.PositiveIntegerField()

    objects = TenantManager.from_queryset(TenantQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = tenant_row_constraints("token")

    def __str__(self) -> str:
        return f"{self.token_id}: {self.requests} since {self.since}"
