"""What owners say, and what they said before."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import models
from django.db.models import Q

from accounts.tenancy.constraints import tenant_constraints
from accounts.tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from okrs.models.arrays import among
from okrs.models.choices import Confidence


class CheckInQuerySet(TenantQuerySet["CheckIn"]):
    def newest_first(self) -> "CheckInQuerySet":
        return self.order_by("-on", "-id")

    def of(self, key_result_ids: Iterable[UUID]) -> "CheckInQuerySet":
        return self.filter(key_result__in=among(key_result_ids))

    def recorded_by(self, instant: dt.datetime) -> "CheckInQuerySet":
        """Those that stand today as they stood at an instant; the others' past is in ``CheckInRevision``."""
        return self.filter(recorded_at__lte=instant)


class Statement(TenantModel):
    """What was said about a key result as of a day; ``value`` null where data moves it or only words were said."""

    on = models.DateField()
    value = models.FloatField(null=True)
    confidence = models.CharField(max_length=9, choices=Confidence)
    comment = models.TextField(blank=True)
    member = TenantForeignKey("accounts.Member", null=True, related_name="+")
    token = TenantForeignKey("accounts.ApiToken", null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.on}: {self.confidence}"


class CheckIn(Statement):
    """One a key result and day; saying it again corrects it and keeps what was said before."""

    key_result = TenantForeignKey("okrs.KeyResult", related_name="check_ins")

    objects = TenantManager.from_queryset(CheckInQuerySet)()

    class Meta(Statement.Meta):
        verbose_name = "check-in"
        constraints = [
            *tenant_constraints("key_result", "member", "token"),
            models.UniqueConstraint(fields=["organization", "key_result", "on"], name="okrs_checkin_once"),
            models.CheckConstraint(condition=Q(confidence__in=Confidence.values), name="okrs_checkin_confidence"),
        ]
        indexes = [models.Index(fields=["organization", "-recorded_at"], name="okrs_checkin_recent")]


class CheckInRevisionQuerySet(TenantQuerySet["CheckInRevision"]):
    def standing_at(self, instant: dt.datetime) -> "CheckInRevisionQuerySet":
        """Those that had been said and not been corrected at an instant."""
        return self.filter(recorded_at__lte=instant, replaced_at__gt=instant)

    def newest_first(self) -> "CheckInRevisionQuerySet":
        return self.order_by("-replaced_at", "-id")


class CheckInRevision(Statement):
    """What a check-in said until ``replaced_at``, when ``replaced_by`` (null: a token) corrected or removed it."""

    key_result = TenantForeignKey("okrs.KeyResult", related_name="check_in_revisions")
    replaced_at = models.DateTimeField()
    replaced_by = TenantForeignKey("accounts.Member", null=True, related_name="+")

    objects = TenantManager.from_queryset(CheckInRevisionQuerySet)()

    class Meta(Statement.Meta):
        constraints = tenant_constraints("key_result", "member", "token", "replaced_by")
        indexes = [models.Index(fields=["organization", "key_result", "on"], name="okrs_checkinrevision_of")]
