"""What others reach."""

import datetime as dt

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.tenancy.constraints import tenant_constraints
from accounts.tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet

STALE_AFTER_YEARS = 2


class BenchmarkQuerySet(TenantQuerySet["Benchmark"]):
    def latest_first(self) -> "BenchmarkQuerySet":
        return self.order_by("-year", "industry", "region", "id")


class Benchmark(TenantModel):
    """A published figure to compare a KPI with: one ``median``, or that and the quartiles around it."""

    kpi = TenantForeignKey("kpis.Kpi", related_name="benchmarks")
    median = models.FloatField()
    lower_quartile = models.FloatField(null=True)
    upper_quartile = models.FloatField(null=True)
    industry = models.CharField(max_length=80)
    region = models.CharField(max_length=80, blank=True)
    year = models.PositiveSmallIntegerField(validators=[MinValueValidator(1990), MaxValueValidator(2100)])
    source = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    created_by = TenantForeignKey("accounts.Member", null=True, related_name="+")

    objects = TenantManager.from_queryset(BenchmarkQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *tenant_constraints("kpi", "created_by"),
            models.CheckConstraint(
                condition=Q(lower_quartile=None, upper_quartile=None)
                | Q(lower_quartile__lte=F("median"), upper_quartile__gte=F("median")),
                name="kpis_benchmark_quartiles",
            ),
        ]
        indexes = [models.Index(fields=["organization", "kpi"], name="kpis_benchmark_kpi")]

    def __str__(self) -> str:
        return f"{self.industry} {self.year}"

    def is_dated(self, today: dt.date) -> bool:
        """Whether it has grown too old to be relied on."""
        return today.year - self.year > STALE_AFTER_YEARS
