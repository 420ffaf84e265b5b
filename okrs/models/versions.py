"""What cycles, objectives and key results were at any past instant."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q

from accounts.tenancy.constraints import tenant_constraints
from accounts.tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class VersionQuerySet(TenantQuerySet[Any]):
    def known_at(self, instant: dt.datetime) -> "VersionQuerySet":
        """Those in force at an instant; of what was removed by then there is none."""
        return self.filter(Q(replaced_at=None) | Q(replaced_at__gt=instant), recorded_at__lte=instant)

    def newest_first(self) -> "VersionQuerySet":
        return self.order_by("-recorded_at", "-id")


class Version(TenantModel):
    """A whole definition as it was from ``recorded_at`` until ``replaced_at`` (null: today's).

    ``definition`` maps the names of columns to their values as JSON holds them; references are ids.
    """

    recorded_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)
    member = TenantForeignKey("accounts.Member", null=True, related_name="+")
    token = TenantForeignKey("accounts.ApiToken", null=True, related_name="+")
    # Why it was changed, where that had to be said.
    reason = models.TextField(blank=True)
    definition = models.JSONField()

    objects = TenantManager.from_queryset(VersionQuerySet)()

    class Meta(TenantModel.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"since {self.recorded_at}"


def _current(subject: str, name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        fields=["organization", subject], condition=Q(replaced_at__isnull=True), name=f"okrs_{name}_current"
    )


class CycleVersion(Version):
    cycle = TenantForeignKey("okrs.Cycle", related_name="versions")

    class Meta(Version.Meta):
        constraints = [*tenant_constraints("cycle", "member", "token"), _current("cycle", "cycleversion")]
        indexes = [models.Index(fields=["organization", "cycle", "-recorded_at"], name="okrs_cycleversion_recent")]


class ObjectiveVersion(Version):
    objective = TenantForeignKey("okrs.Objective", related_name="versions")

    class Meta(Version.Meta):
        constraints = [*tenant_constraints("objective", "member", "token"), _current("objective", "objectiveversion")]
        indexes = [
            models.Index(fields=["organization", "objective", "-recorded_at"], name="okrs_objectiveversion_recent")
        ]


class KeyResultVersion(Version):
    """``definition`` holds the milestones too, as ``[{id, title, weight, done_on}, ...]``."""

    key_result = TenantForeignKey("okrs.KeyResult", related_name="versions")

    class Meta(Version.Meta):
        constraints = [*tenant_constraints("key_result", "member", "token"), _current("key_result", "keyresultversion")]
        indexes = [
            models.Index(fields=["organization", "key_result", "-recorded_at"], name="okrs_keyresultversion_recent")
        ]
