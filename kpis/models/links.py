"""Which KPI ladders up to which."""

import datetime as dt

from django.db import models
from django.db.models import F, Q

from accounts.tenancy.constraints import tenant_constraints
from accounts.tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class KpiLinkQuerySet(TenantQuerySet["KpiLink"]):
    def known(self) -> "KpiLinkQuerySet":
        """Those that are part of today's definitions."""
        return self.filter(replaced_at=None)

    def known_at(self, instant: dt.datetime) -> "KpiLinkQuerySet":
        """Those that were part of the definitions at a past instant."""
        return self.filter(Q(replaced_at=None) | Q(replaced_at__gt=instant), recorded_at__lte=instant)

    def holding_on(self, date: dt.date) -> "KpiLinkQuerySet":
        """Those whose validity holds a date."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=date), Q(valid_to=None) | Q(valid_to__gte=date))

    def known_from(self, date: dt.date) -> "KpiLinkQuerySet":
        """Those among them that hold on a date or later."""
        return self.known().filter(Q(valid_to=None) | Q(valid_to__gte=date))

    def valid_on(self, date: dt.date) -> "KpiLinkQuerySet":
        return self.known().holding_on(date)


class KpiLink(TenantModel):
    """A child under a parent, from ``valid_from`` to ``valid_to`` (both inclusive, null: unbounded).

    Rows are never edited: a change replaces the row, so that ``as_of`` can read the links known at any past instant.
    """

    parent = TenantForeignKey("kpis.Kpi", related_name="child_links")
    child = TenantForeignKey("kpis.Kpi", related_name="parent_links")
    weight = models.FloatField(default=1.0)
    contribution = models.SmallIntegerField(default=1)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    objects = TenantManager.from_queryset(KpiLinkQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *tenant_constraints("parent", "child"),
            models.UniqueConstraint(
                fields=["organization", "child", "parent", "valid_from"],
                condition=Q(replaced_at__isnull=True),
                nulls_distinct=False,
                name="kpis_kpilink_once",
            ),
            models.CheckConstraint(condition=~Q(parent=F("child")), name="kpis_kpilink_not_itself"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="kpis_kpilink_weight"),
            models.CheckConstraint(condition=Q(contribution__in=(1, -1)), name="kpis_kpilink_contribution"),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
                name="kpis_kpilink_validity",
            ),
        ]
        indexes = [models.Index(fields=["organization", "parent"], name="kpis_kpilink_parent")]

    def __str__(self) -> str:
        return f"{self.child_id} -> {self.parent_id}"
