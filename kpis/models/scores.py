"""Derived rows, rebuildable from measurements and definitions at any time. No foreign keys: nothing depends on them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.tenancy.constraints import RowLevelSecurity
from accounts.tenancy.models import TenantManager, TenantQuerySet, TenantRow
from kpis.models.choices import Status


class Appraisal(TenantRow):
    """A value judged against its target in one period."""

    period = models.DateField(null=True)
    value = models.FloatField(null=True)
    target = models.FloatField(null=True)
    floor = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    attainment = models.FloatField(null=True)
    score_raw = models.FloatField(null=True)
    score = models.FloatField(null=True)
    # Null in an open period that cannot be judged yet.
    status = models.CharField(max_length=10, choices=Status, null=True)
    coverage = models.FloatField(null=True)
    problem = models.CharField(max_length=100, null=True)
    # For how many periods the value has been carried forward.
    age = models.PositiveSmallIntegerField(default=0)

    class Meta(TenantRow.Meta):
        abstract = True


class ScoreQuerySet(TenantQuerySet["Score"]):
    def in_order(self) -> "ScoreQuerySet":
        return self.order_by("period")


class Score(Appraisal):
    """A KPI's value and score in one of its periods, named by the period's first date. A series is dense."""

    pk = models.CompositePrimaryKey("organization_id", "kpi_id", "period")
    kpi_id = models.UUIDField()
    period = models.DateField()
    complete = models.BooleanField()

    objects = TenantManager.from_queryset(ScoreQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [RowLevelSecurity(name="kpis_score_rls")]

    def __str__(self) -> str:
        return f"{self.kpi_id} {self.period}: {self.status}"


class Standing(Appraisal):
    """Where a KPI stands now: the period that speaks, the open one beside it, and what a sparkline needs.

    One row a KPI, so that lists and trees read one row each.
    """

    pk = models.CompositePrimaryKey("organization_id", "kpi_id")
    kpi_id = models.UUIDField()
    # The open period, as the API shows it (the columns above under the same names); null where there is none.
    open = models.JSONField(null=True)
    previous_value = models.FloatField(null=True)
    # When this status began: the first period of the unbroken run that ends with the one that speaks.
    status_since = models.DateField(null=True)
    # The last 13 periods up to the one that speaks, oldest first.
    recent_values = ArrayField(models.FloatField(null=True), default=list)
    recent_targets = ArrayField(models.FloatField(null=True), default=list)
    # By when the next value is expected, and whether the latest is overdue.
    expected_on = models.DateField(null=True)
    is_late = models.BooleanField(default=False)
    # How far the data beneath reaches (engine.reach.KpiReach), so that a small change stays small.
    reach_first = models.DateField(null=True)
    reach_last = models.DateField(null=True)
    reach_through = models.DateField(null=True)

    objects = TenantManager.from_queryset(TenantQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [RowLevelSecurity(name="kpis_standing_rls")]

    def __str__(self) -> str:
        return f"{self.kpi_id}: {self.status}"
