"""What an organization's settings were at any past instant."""

import datetime as dt

from django.db import models
from django.db.models import Q

from accounts.tenancy.constraints import tenant_constraints
from accounts.tenancy.models import TenantManager, TenantModel, TenantQuerySet

# What numbers, periods and statuses follow from.
VERSIONED = ("currency", "time_zone", "fiscal_year_start", "week_starts_on", "on_track_at", "at_risk_at")


class SettingsVersionQuerySet(TenantQuerySet["SettingsVersion"]):
    def known_at(self, instant: dt.datetime) -> "SettingsVersionQuerySet":
        return self.filter(Q(replaced_at=None) | Q(replaced_at__gt=instant), recorded_at__lte=instant)


class SettingsVersion(TenantModel):
    """The organization's ``VERSIONED`` columns from ``recorded_at`` until ``replaced_at`` (null: today's)."""

    recorded_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)
    settings = models.JSONField()

    objects = TenantManager.from_queryset(SettingsVersionQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *tenant_constraints(),
            models.UniqueConstraint(
                fields=["organization"], condition=Q(replaced_at__isnull=True), name="accounts_settingsversion_current"
            ),
        ]

    def __str__(self) -> str:
        return f"since {self.recorded_at}"
