"""By what an objective is measured."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from accounts.models import Member
from accounts.tenancy.constraints import tenant_constraints
from accounts.tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from okrs.models.arrays import among
from okrs.models.choices import KEEP_KINDS, Cadence, CycleState, KeyResultKind, Reads
from okrs.models.removable import PresentManager

# Which columns each kind has; a linked metric may leave its start to the KPI.
_METRIC = Q(kind=KeyResultKind.METRIC, target__isnull=False, low=None, high=None) & (
    Q(kpi__isnull=False, start=None) | (Q(start__isnull=False) & ~Q(start=F("target")))
)
_AT_LEAST = Q(kind=KeyResultKind.AT_LEAST, low__isnull=False, high=None, start=None, target=None)
_AT_MOST = Q(kind=KeyResultKind.AT_MOST, high__isnull=False, low=None, start=None, target=None)
_BETWEEN = Q(kind=KeyResultKind.BETWEEN, low__lt=F("high"), start=None, target=None)
# One that was removed has let go of its KPI; its versions know.
_REMOVED = Q(removed_at__isnull=False)
_MILESTONES = Q(kind=KeyResultKind.MILESTONES, kpi=None, low=None, high=None, start=None, target=None)


class KeyResultQuerySet(TenantQuerySet["KeyResult"]):
    def owned_by(self, member: Member) -> "KeyResultQuerySet":
        return self.filter(owner=member)

    def search(self, text: str) -> "KeyResultQuerySet":
        return self.filter(title__icontains=text)

    def reading(self, kpi_ids: Iterable[UUID]) -> "KeyResultQuerySet":
        """Those linked to one of these KPIs."""
        return self.filter(kpi__in=among(kpi_ids))

    def linked(self) -> "KeyResultQuerySet":
        return self.filter(kpi__isnull=False)

    def in_open_cycles(self) -> "KeyResultQuerySet":
        """Those that can still move, and with them what is owed."""
        return self.filter(~Q(objective__cycle__state=CycleState.CLOSED))

    def in_active_cycles(self) -> "KeyResultQuerySet":
        return self.filter(objective__cycle__state=CycleState.ACTIVE)

    def of_cycle(self, cycle_id: UUID) -> "KeyResultQuerySet":
        return self.filter(objective__cycle=cycle_id)

    def with_context(self) -> "KeyResultQuerySet":
        """With what its sentences name: objective, cycle, KPI, owner."""
        return self.select_related("objective__cycle", "kpi", "owner__user")

    def in_order(self) -> "KeyResultQuerySet":
        return self.order_by("position", "id")

    def there_at(self, instant: dt.datetime) -> "KeyResultQuerySet":
        """Those that were there at a past instant; of ``ever``."""
        return self.filter(Q(removed_at=None) | Q(removed_at__gt=instant), created_at__lte=instant)


class KeyResult(TenantModel):
    """A number led from ``start`` to ``target``, kept within ``low`` and ``high``, or milestones.

    With a ``kpi`` the data moves it and check-ins carry confidence and words; ``start`` null is then the KPI's value in
    the period before the cycle. ``checkpoints`` is ``[[value, progress], ...]``, ``plan`` ``[[date, expected], ...]``.
    """

    objective = TenantForeignKey("okrs.Objective", related_name="key_results")
    title = models.CharField(max_length=200)
    owner = TenantForeignKey("accounts.Member", null=True, blank=True, related_name="key_results")
    kind = models.CharField(max_length=10, choices=KeyResultKind, default=KeyResultKind.METRIC)
    kpi = TenantForeignKey("kpis.Kpi", null=True, blank=True, related_name="key_results")
    # How the KPI is read; empty without one.
    reads = models.CharField(max_length=13, choices=Reads, blank=True)
    unit = models.CharField(max_length=40, default="number")
    start = models.FloatField(null=True, blank=True)
    target = models.FloatField(null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    checkpoints = models.JSONField(default=list, blank=True)
    plan = models.JSONField(default=list, blank=True)
    cadence = models.CharField(max_length=9, choices=Cadence, default=Cadence.WEEKLY)
    # 0 (Monday) to 6 of a week, or 1 to 31 of a month, 31 being its last day.
    cadence_day = models.PositiveSmallIntegerField(default=4)
    weight = models.FloatField(default=1.0)
    position = models.PositiveIntegerField(default=0)
    # The key result of an earlier cycle that this one goes on with.
    carried_from = TenantForeignKey("self", null=True, blank=True, related_name="carried_into")
    # Written when grades are proposed and when the cycle is closed.
    proposed_grade = models.FloatField(null=True)
    grade = models.FloatField(null=True)
    grade_reason = models.TextField(blank=True)
    created_at = models.DateTimeField(editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = PresentManager.from_queryset(KeyResultQuerySet)()
    ever = TenantManager.from_queryset(KeyResultQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = "key result"
        constraints = [
            *tenant_constraints("objective", "owner", "kpi", "carried_from"),
            models.CheckConstraint(
                condition=_METRIC | _AT_LEAST | _AT_MOST | _BETWEEN | _MILESTONES | _REMOVED,
                name="okrs_keyresult_shape",
            ),
            models.CheckConstraint(
                condition=(Q(kpi=None, reads="")) | (Q(kpi__isnull=False) & ~Q(reads="")), name="okrs_keyresult_reads"
            ),
            models.CheckConstraint(
                condition=Q(cadence__in=[Cadence.WEEKLY, Cadence.BIWEEKLY], cadence_day__range=(0, 6))
                | Q(cadence__in=[Cadence.MONTHLY, Cadence.QUARTERLY], cadence_day__range=(1, 31)),
                name="okrs_keyresult_cadence_day",
            ),
            models.CheckConstraint(condition=Q(weight__gt=0), name="okrs_keyresult_weight"),
            models.CheckConstraint(
                condition=(Q(grade=None) | Q(grade__range=(0, 1)))
                & (Q(proposed_grade=None) | Q(proposed_grade__range=(0, 1))),
                name="okrs_keyresult_grade",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "objective"], name="okrs_keyresult_objective"),
            models.Index(fields=["organization", "owner"], name="okrs_keyresult_owner"),
            models.Index(fields=["organization", "kpi"], condition=Q(kpi__isnull=False), name="okrs_keyresult_kpi"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_linked(self) -> bool:
        """Whether a KPI's data moves it."""
        return self.kpi_id is not None

    @property
    def shown_unit(self) -> str:
        """The KPI's, whose word for it may have changed since they were linked."""
        return self.kpi.unit if self.kpi else self.unit

    @property
    def is_keep(self) -> bool:
        """Whether something is to be kept within bounds."""
        return self.kind in KEEP_KINDS

    @property
    def takes_values(self) -> bool:
        """Whether check-ins carry its value: not where data or milestones do."""
        return not self.is_linked and self.kind != KeyResultKind.MILESTONES


class MilestoneQuerySet(TenantQuerySet["Milestone"]):
    def in_order(self) -> "MilestoneQuerySet":
        return self.order_by("position", "id")


class Milestone(TenantModel):
    """One step of a key result that is measured by steps; its part of the whole is its weight's."""

    key_result = TenantForeignKey("okrs.KeyResult", related_name="milestones")
    title = models.CharField(max_length=200)
    weight = models.FloatField(default=1.0)
    done_on = models.DateField(null=True)
    position = models.PositiveIntegerField(default=0)

    objects = TenantManager.from_queryset(MilestoneQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *tenant_constraints("key_result"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="okrs_milestone_weight"),
        ]
        indexes = [models.Index(fields=["organization", "key_result"], name="okrs_milestone_key_result")]

    def __str__(self) -> str:
        return self.title
