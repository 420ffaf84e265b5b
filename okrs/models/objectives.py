"""What is to be achieved in a cycle."""

import datetime as dt

from django.db import models
from django.db.models import F, Q

from accounts.models import Member
from accounts.tenancy.constraints import tenant_constraints
from accounts.tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from okrs.models.choices import ObjectiveKind, ProgressFrom
from okrs.models.removable import PresentManager


class ObjectiveQuerySet(TenantQuerySet["Objective"]):
    def owned_by(self, member: Member) -> "ObjectiveQuerySet":
        return self.filter(owner=member)

    def search(self, text: str) -> "ObjectiveQuerySet":
        return self.filter(title__icontains=text)

    def with_people(self) -> "ObjectiveQuerySet":
        return self.select_related("department", "owner__user", "cycle")

    def in_order(self) -> "ObjectiveQuerySet":
        return self.order_by("position", "id")

    def there_at(self, instant: dt.datetime) -> "ObjectiveQuerySet":
        """Those that were there at a past instant; of ``ever``."""
        return self.filter(Q(removed_at=None) | Q(removed_at__gt=instant), created_at__lte=instant)


class Objective(TenantModel):
    """Of a department, or of the company where that is null; aligned to another objective or key result, or to none."""

    cycle = TenantForeignKey("okrs.Cycle", related_name="objectives")
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    department = TenantForeignKey("accounts.Department", null=True, blank=True, related_name="objectives")
    owner = TenantForeignKey("accounts.Member", null=True, blank=True, related_name="objectives")
    parent = TenantForeignKey("self", null=True, blank=True, related_name="children")
    parent_key_result = TenantForeignKey("okrs.KeyResult", null=True, blank=True, related_name="children")
    kind = models.CharField(max_length=12, choices=ObjectiveKind, default=ObjectiveKind.ASPIRATIONAL)
    progress_from = models.CharField(max_length=11, choices=ProgressFrom, default=ProgressFrom.KEY_RESULTS)
    weight = models.FloatField(default=1.0)
    position = models.PositiveIntegerField(default=0)
    # The objective of an earlier cycle that this one goes on with.
    carried_from = TenantForeignKey("self", null=True, blank=True, related_name="carried_into")
    # Null until the cycle is closed: the weighted mean of its key results' grades, unless a reason says why not.
    grade = models.FloatField(null=True)
    grade_reason = models.TextField(blank=True)
    created_at = models.DateTimeField(editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = PresentManager.from_queryset(ObjectiveQuerySet)()
    ever = TenantManager.from_queryset(ObjectiveQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *tenant_constraints("cycle", "department", "owner", "parent", "parent_key_result", "carried_from"),
            models.CheckConstraint(
                condition=Q(parent=None) | Q(parent_key_result=None), name="okrs_objective_one_parent"
            ),
            models.CheckConstraint(condition=Q(parent=None) | ~Q(parent=F("id")), name="okrs_objective_not_itself"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="okrs_objective_weight"),
            models.CheckConstraint(condition=Q(grade=None) | Q(grade__range=(0, 1)), name="okrs_objective_grade"),
        ]
        indexes = [
            models.Index(fields=["organization", "cycle"], name="okrs_objective_cycle"),
            models.Index(fields=["organization", "owner"], name="okrs_objective_owner"),
            models.Index(fields=["organization", "department"], name="okrs_objective_department"),
            models.Index(
                fields=["organization", "parent"], condition=Q(parent__isnull=False), name="okrs_objective_parent"
            ),
            models.Index(
                fields=["organization", "parent_key_result"],
                condition=Q(parent_key_result__isnull=False),
                name="okrs_objective_parent_kr",
            ),
        ]

    def __str__(self) -> str:
        return self.title
