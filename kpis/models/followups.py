"""What people do about a KPI: actions, reviews, and notes on its dates."""

import datetime as dt
from typing import Final

from django.db import models
from django.db.models import Q

from accounts.models import Member
from accounts.tenancy.constraints import tenant_constraints
from accounts.tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class ActionKind(models.TextChoices):
    PLANNED = "planned", "Planned"
    CORRECTIVE = "corrective", "Corrective"


class ActionState(models.TextChoices):
    OPEN = "open", "To do"
    RUNNING = "running", "Under way"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"


UNFINISHED: Final = (ActionState.OPEN, ActionState.RUNNING)


class ActionQuerySet(TenantQuerySet["Action"]):
    def unfinished(self) -> "ActionQuerySet":
        return self.filter(state__in=UNFINISHED)

    def overdue(self, today: dt.date) -> "ActionQuerySet":
        return self.unfinished().filter(due_on__lt=today)

    def by_urgency(self) -> "ActionQuerySet":
        """What is to be done first, then what is over, the latest first."""
        is_ahead = Q(state__in=UNFINISHED)
        is_over = models.Case(models.When(is_ahead, then=0), default=1)
        due_on = models.Case(models.When(is_ahead, then=models.F("due_on")))
        return self.order_by(is_over, due_on.asc(nulls_last=True), models.F("closed_on").desc(nulls_last=True), "-id")

    def owned_by(self, member: Member) -> "ActionQuerySet":
        return self.filter(owner=member)


class Action(TenantModel):
    """A step taken for a KPI: planned to reach its target, or corrective because it went wrong, then with its cause."""

    kpi = TenantForeignKey("kpis.Kpi", related_name="actions")
    kind = models.CharField(max_length=10, choices=ActionKind, default=ActionKind.PLANNED)
    title = models.CharField(max_length=200)
    cause = models.TextField(blank=True)
    owner = TenantForeignKey("accounts.Member", null=True, related_name="actions")
    due_on = models.DateField(null=True)
    state = models.CharField(max_length=8, choices=ActionState, default=ActionState.OPEN)
    # The date on which it was done or dropped.
    closed_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    created_by = TenantForeignKey("accounts.Member", null=True, related_name="+")

    objects = TenantManager.from_queryset(ActionQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *tenant_constraints("kpi", "owner", "created_by"),
            models.CheckConstraint(
                condition=Q(state__in=[ActionState.DONE, ActionState.DROPPED], closed_on__isnull=False)
                | Q(state__in=[ActionState.OPEN, ActionState.RUNNING], closed_on__isnull=True),
                name="kpis_action_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "kpi"], name="kpis_action_kpi"),
            models.Index(fields=["organization", "owner"], name="kpis_action_owner"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED

    def days_overdue(self, today: dt.date) -> int:
        """By how many days it is late; 0 where it is not, or is over."""
        if self.due_on is None or not self.is_unfinished:
            return 0
        return max((today - self.due_on).days, 0)


class ReviewQuerySet(TenantQuerySet["Review"]):
    def newest_first(self) -> "ReviewQuerySet":
        return self.order_by("-held_on", "-recorded_at")


class Review(TenantModel):
    """Somebody looked at a KPI and said what follows: a ``decision``, or none where all stays as it is."""

    kpi = TenantForeignKey("kpis.Kpi", related_name="reviews")
    held_on = models.DateField()
    decision = models.TextField(blank=True)
    note = models.TextField(blank=True)
    member = TenantForeignKey("accounts.Member", null=True, related_name="+")
    recorded_at = models.DateTimeField()

    objects = TenantManager.from_queryset(ReviewQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = tenant_constraints("kpi", "member")
        indexes = [models.Index(fields=["organization", "kpi", "-held_on"], name="kpis_review_recent")]

    def __str__(self) -> str:
        return f"{self.kpi_id} reviewed on {self.held_on}"


class AnnotationQuerySet(TenantQuerySet["Annotation"]):
    def process_changes(self) -> "AnnotationQuerySet":
        return self.filter(is_process_change=True)

    def newest_first(self) -> "AnnotationQuerySet":
        return self.order_by("-on", "-created_at")


class Annotation(TenantModel):
    """What happened on a date, drawn into the chart. A process change begins the baseline of the limits anew."""

    kpi = TenantForeignKey("kpis.Kpi", related_name="annotations")
    on = models.DateField()
    text = models.CharField(max_length=200)
    is_process_change = models.BooleanField(default=False)
    member = TenantForeignKey("accounts.Member", null=True, related_name="+")
    created_at = models.DateTimeField()

    objects = TenantManager.from_queryset(AnnotationQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = tenant_constraints("kpi", "member")
        indexes = [models.Index(fields=["organization", "kpi", "-on"], name="kpis_annotation_recent")]

    def __str__(self) -> str:
        return self.text
