"""What is done to move a key result."""

import datetime as dt
from typing import Final

from django.db import models
from django.db.models import Q

from accounts.models import Member
from accounts.tenancy.constraints import tenant_constraints
from accounts.tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from okrs.models.choices import CycleState, InitiativeState

UNFINISHED: Final = (InitiativeState.PLANNED, InitiativeState.DOING)


class InitiativeQuerySet(TenantQuerySet["Initiative"]):
    def unfinished(self) -> "InitiativeQuerySet":
        return self.filter(state__in=UNFINISHED)

    def owed(self) -> "InitiativeQuerySet":
        """Those that are still to be done: for key results that are there, in cycles that are open."""
        still = Q(key_result__removed_at=None) & ~Q(key_result__objective__cycle__state=CycleState.CLOSED)
        return self.unfinished().filter(still).select_related("key_result__objective__cycle")

    def overdue(self, today: dt.date) -> "InitiativeQuerySet":
        return self.unfinished().filter(due_on__lt=today)

    def owned_by(self, member: Member) -> "InitiativeQuerySet":
        return self.filter(owner=member)

    def in_order(self) -> "InitiativeQuerySet":
        """What is ahead, the most urgent first, then what is over."""
        is_over = models.Case(models.When(Q(state__in=UNFINISHED), then=0), default=1)
        return self.order_by(is_over, models.F("due_on").asc(nulls_last=True), "id")


class Initiative(TenantModel):
    """A piece of work from which a key result is expected to move; it counts in no progress."""

    key_result = TenantForeignKey("okrs.KeyResult", related_name="initiatives")
    title = models.CharField(max_length=200)
    owner = TenantForeignKey("accounts.Member", null=True, blank=True, related_name="initiatives")
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=InitiativeState, default=InitiativeState.PLANNED)
    # The date on which it was done or dropped.
    closed_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(editable=False)

    objects = TenantManager.from_queryset(InitiativeQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *tenant_constraints("key_result", "owner"),
            models.CheckConstraint(
                condition=Q(state__in=[InitiativeState.DONE, InitiativeState.DROPPED], closed_on__isnull=False)
                | Q(state__in=UNFINISHED, closed_on__isnull=True),
                name="okrs_initiative_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "key_result"], name="okrs_initiative_key_result"),
            models.Index(fields=["organization", "owner"], name="okrs_initiative_owner"),
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
