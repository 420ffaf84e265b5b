"""A KPI's definition."""

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import Member, Organization, Role
from accounts.tenancy.constraints import tenant_constraints
from accounts.tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from kpis.models.choices import (
    Aggregation,
    Category,
    Direction,
    Frequency,
    Indicator,
    Kind,
    Level,
    PaceProfile,
    ReviewCadence,
    Rollup,
    Source,
    Status,
    TargetPath,
)
from kpis.models.scores import Standing

# The formula language's functions and words, and path segments of the API and of pages: no key can be called like them.
RESERVED_KEYS = frozenset(
    "if and or not coalesce min max abs round sqrt ln log10 exp prev same_period_last_year change growth ytd qtd "
    "rolling_sum rolling_mean children_sum children_mean tree what_if validate_formula true false new paste".split()
)
# In which order statuses deserve a look.
BY_URGENCY = (
    Status.OFF_TRACK,
    Status.AT_RISK,
    Status.LATE,
    Status.INCOMPLETE,
    Status.ON_TRACK,
    Status.NO_DATA,
    Status.NO_TARGET,
)
KEY_PATTERN = r"^[a-z][a-z0-9_]*$"

validate_key = RegexValidator(
    KEY_PATTERN, "Start with a lower-case letter; then letters, digits and underscores, such as net_revenue."
)


class KpiQuerySet(TenantQuerySet["Kpi"]):
    def active(self) -> "KpiQuerySet":
        return self.filter(archived_at=None)

    def scored(self) -> "KpiQuerySet":
        """Those with a target duty: a metric is an operand only."""
        return self.filter(kind=Kind.KPI)

    def owned_by(self, member: Member) -> "KpiQuerySet":
        return self.filter(owner=member)

    def archived(self) -> "KpiQuerySet":
        return self.filter(archived_at__isnull=False)

    def search(self, text: str) -> "KpiQuerySet":
        """Those with the text in their name or key."""
        return self.filter(Q(name__icontains=text) | Q(key__icontains=text.strip().replace(" ", "_")))

    def with_status(self) -> "KpiQuerySet":
        """Annotates ``status`` (what the mark shows), ``urgency`` (0: look here first) and ``standing_period``."""
        standing = Standing.objects.filter(kpi_id=OuterRef("pk"))
        late = standing.filter(is_late=True, status=Status.NO_DATA).values(word=Value(Status.LATE.value))
        status = Coalesce(Subquery(late[:1]), Subquery(standing.values("status")[:1]), Value(Status.NO_DATA.value))
        urgency = [When(status=status, then=Value(place)) for place, status in enumerate(BY_URGENCY)]
        return self.annotate(status=status, standing_period=Subquery(standing.values("period")[:1])).annotate(
            urgency=Case(*urgency, default=Value(len(BY_URGENCY)), output_field=models.IntegerField())
        )

    def in_status(self, status: str) -> "KpiQuerySet":
        """Of those ``with_status``."""
        return self.filter(Q(("status", status)))

    def counts_by_status(self) -> dict[str, int]:
        """Of those ``with_status``."""
        return dict(self.order_by().values_list(*["status"]).annotate(count=models.Count("id")))

    def with_people(self) -> "KpiQuerySet":
        return self.select_related("department", "owner__user")

    def in_order(self) -> "KpiQuerySet":
        return self.order_by("position", "name", "id")


class Kpi(TenantModel):
    """One number the organization watches: what it means, who owns it, where its values come from."""

    key = models.CharField(max_length=64, validators=[validate_key])
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.KPI)
    department = TenantForeignKey("accounts.Department", null=True, blank=True, related_name="kpis")
    owner = TenantForeignKey("accounts.Member", null=True, blank=True, related_name="kpis")
    category = models.CharField(max_length=12, choices=Category, default=Category.OTHER)
    level = models.CharField(max_length=12, choices=Level, default=Level.OPERATIONAL)
    indicator = models.CharField(max_length=8, choices=Indicator, default=Indicator.LAGGING)
    unit = models.CharField(max_length=40)
    decimals = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(6)])
    direction = models.CharField(max_length=8, choices=Direction)
    frequency = models.CharField(max_length=10, choices=Frequency)
    aggregation = models.CharField(max_length=4, choices=Aggregation, default=Aggregation.SUM)
    source = models.CharField(max_length=8, choices=Source, default=Source.MEASURED)
    rollup = models.CharField(max_length=13, choices=Rollup, blank=True)
    # In the language of ``engine.formula``, naming other KPIs by their keys.
    formula = models.TextField(blank=True, max_length=1000)
    # The KPI whose value weighs this one in its parents' weighted means (conversion weighted by visits).
    weight_by = TenantForeignKey("self", null=True, blank=True, related_name="weighs")
    carry_forward = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(366)])
    # Days after a period's end by which its value is due; null means the frequency's default.
    due_after_days = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(366)])
    target_path = models.CharField(max_length=6, choices=TargetPath, default=TargetPath.STEP)
    # How a running period is judged: by its days, or by the shape of the same period a year before.
    pace_profile = models.CharField(max_length=9, choices=PaceProfile, default=PaceProfile.DAYS)
    review_cadence = models.CharField(max_length=9, choices=ReviewCadence, default=ReviewCadence.QUARTERLY)
    on_track_at = models.FloatField(null=True, blank=True)
    at_risk_at = models.FloatField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(editable=False)
    archived_at = models.DateTimeField(null=True, editable=False)

    objects = TenantManager.from_queryset(KpiQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *tenant_constraints("department", "owner", "weight_by"),
            models.UniqueConstraint(fields=["organization", "key"], name="kpis_kpi_key"),
            models.CheckConstraint(
                condition=(Q(source=Source.ROLLUP) & ~Q(rollup="")) | (~Q(source=Source.ROLLUP) & Q(rollup="")),
                name="kpis_kpi_rollup",
            ),
            models.CheckConstraint(
                condition=(Q(source=Source.FORMULA) & ~Q(formula="")) | (~Q(source=Source.FORMULA) & Q(formula="")),
                name="kpis_kpi_formula",
            ),
            models.CheckConstraint(
                condition=Q(on_track_at=None) | Q(at_risk_at=None) | Q(on_track_at__gt=F("at_risk_at")),
                name="kpis_kpi_thresholds",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "owner"], name="kpis_kpi_owner"),
            models.Index(fields=["organization", "department"], name="kpis_kpi_department"),
            models.Index(
                fields=["organization", "weight_by"], condition=Q(weight_by__isnull=False), name="kpis_kpi_weight_by"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def url_in(self, organization: Organization) -> str:
        """The KPI's page."""
        return reverse("kpis:detail", args=[organization.slug, self.key])

    @property
    def is_measured(self) -> bool:
        return self.source == Source.MEASURED

    def may_be_fed_by(self, member: Member) -> bool:
        """Editors feed and edit every KPI, contributors those they own."""
        return member.has_role(Role.EDITOR) or (member.has_role(Role.CONTRIBUTOR) and self.owner_id == member.pk)
