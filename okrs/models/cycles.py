"""The stretches of time for which objectives are set."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from accounts.tenancy.constraints import tenant_constraints
from accounts.tenancy.models import TenantManager, TenantModel, TenantQuerySet
from okrs.models.choices import CycleLength, CycleState


class CycleRhythm(TenantModel):
    """Cycles of this length are made ahead by themselves, ``days_ahead`` days before each begins."""

    length = models.CharField(max_length=7, choices=CycleLength)
    days_ahead = models.PositiveSmallIntegerField(default=30)

    objects = TenantManager.from_queryset(TenantQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *tenant_constraints(),
            models.UniqueConstraint(fields=["organization", "length"], name="okrs_cyclerhythm_once"),
            models.CheckConstraint(
                condition=Q(length__in=[CycleLength.QUARTER, CycleLength.HALF, CycleLength.YEAR]),
                name="okrs_cyclerhythm_length",
            ),
        ]

    def __str__(self) -> str:
        return self.get_length_display()


class CycleQuerySet(TenantQuerySet["Cycle"]):
    def open(self) -> "CycleQuerySet":
        """Those that can still be changed: being planned, or active."""
        return self.filter(~Q(state=CycleState.CLOSED))

    def active(self) -> "CycleQuerySet":
        return self.filter(state=CycleState.ACTIVE)

    def closed(self) -> "CycleQuerySet":
        return self.filter(state=CycleState.CLOSED)

    def holding(self, date: dt.date) -> "CycleQuerySet":
        """Those that a date lies in."""
        return self.filter(starts_on__lte=date, ends_on__gte=date)

    def newest_first(self) -> "CycleQuerySet":
        return self.order_by("-starts_on", "ends_on", "name", "id")

    def to_show(self, today: dt.date) -> "Cycle | None":
        """The one a page opens with: active and running, the shortest of several; else active; else one being planned,
        rather for today than for later."""
        running = models.Case(
            models.When(Q(state=CycleState.ACTIVE, starts_on__lte=today, ends_on__gte=today), then=0),
            models.When(Q(state=CycleState.ACTIVE), then=1),
            models.When(Q(state=CycleState.PLANNING, starts_on__lte=today, ends_on__gte=today), then=2),
            models.When(Q(state=CycleState.PLANNING, ends_on__gte=today), then=3),
            default=4,
        )
        return self.order_by(running, F("ends_on") - F("starts_on"), "-starts_on", "id").first()


class Cycle(TenantModel):
    """From ``starts_on`` to ``ends_on``, both inclusive. Several may overlap: a year and its quarters."""

    name = models.CharField(max_length=60)
    length = models.CharField(max_length=7, choices=CycleLength, default=CycleLength.CUSTOM)
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=8, choices=CycleState, default=CycleState.PLANNING)
    created_at = models.DateTimeField(editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    # The organization's date then, by which its objectives are judged from then on.
    closed_on = models.DateField(null=True, editable=False)
    # The retrospective.
    learned = models.TextField(blank=True)
    carry_on = models.TextField(blank=True)

    objects = TenantManager.from_queryset(CycleQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *tenant_constraints(),
            models.UniqueConstraint(fields=["organization", "name"], name="okrs_cycle_name"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="okrs_cycle_dates"),
            models.CheckConstraint(
                condition=Q(state=CycleState.CLOSED, closed_at__isnull=False, closed_on__isnull=False)
                | Q(state__in=[CycleState.PLANNING, CycleState.ACTIVE], closed_at=None, closed_on=None),
                name="okrs_cycle_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_closed(self) -> bool:
        return self.state == CycleState.CLOSED

    @cached_property
    def days(self) -> int:
        """How many days it has."""
        return (self.ends_on - self.starts_on).days + 1

    def days_left(self, today: dt.date) -> int:
        """How many days remain, today among them; 0 once it is over."""
        return max(0, (self.ends_on - max(today, self.starts_on)).days + 1)
