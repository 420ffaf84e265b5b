"""Departments, a tree."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.tenancy.constraints import tenant_constraints
from accounts.tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class DepartmentQuerySet(TenantQuerySet["Department"]):
    def active(self) -> "DepartmentQuerySet":
        return self.filter(archived_at=None)

    def in_order(self) -> "DepartmentQuerySet":
        return self.order_by("position", "name", "id")


class Department(TenantModel):
    name = models.CharField(max_length=120)
    parent = TenantForeignKey("self", null=True, blank=True, related_name="children")
    lead = TenantForeignKey("accounts.Member", null=True, blank=True, related_name="led_departments")
    position = models.PositiveIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, editable=False)

    objects = TenantManager.from_queryset(DepartmentQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *tenant_constraints("parent", "lead"),
            models.UniqueConstraint(
                "organization",
                "parent",
                Lower("name"),
                condition=Q(archived_at__isnull=True),
                nulls_distinct=False,
                name="accounts_department_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name
