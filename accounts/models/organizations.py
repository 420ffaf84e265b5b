"""The tenant. A global table: reached by user or by its own id or slug."""

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from uuid_utils.compat import uuid7

from accounts.models.timezones import validate_time_zone

if TYPE_CHECKING:
    from accounts.models.users import User

# First segments of the site's own URLs: no organization can be called like them.
RESERVED_SLUGS = frozenset(
    "about accounts admin api dev docs healthz help invitations media metrics new organizations readyz settings "
    "share sign-up static support theme www".split()
)
MONTHS = [(month, dt.date(2000, month, 1).strftime("%B")) for month in range(1, 13)]
WEEKDAYS = [(day, dt.date(2024, 1, 1 + day).strftime("%A")) for day in range(7)]

validate_slug = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*$", "Use lower-case letters, digits and single hyphens, such as acme-foods."
)
validate_currency = RegexValidator(r"^[A-Z]{3}$", "Use a three-letter currency code, such as EUR.")


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def of(self, user: "User") -> "OrganizationQuerySet":
        """The organizations a person belongs to."""
        return self.filter(members__user=user, members__removed_at=None)


class Organization(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    slug = models.CharField("address", max_length=60, unique=True, validators=[validate_slug])
    currency = models.CharField(max_length=3, default="EUR", validators=[validate_currency])
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    fiscal_year_start = models.PositiveSmallIntegerField("fiscal year starts in", default=1, choices=MONTHS)
    week_starts_on = models.PositiveSmallIntegerField(default=0, choices=WEEKDAYS)
    on_track_at = models.FloatField(default=0.9, validators=[MinValueValidator(-10), MaxValueValidator(10)])
    at_risk_at = models.FloatField(default=0.0, validators=[MinValueValidator(-10), MaxValueValidator(10)])
    grace_days = models.PositiveSmallIntegerField("days of grace", default=0, validators=[MaxValueValidator(14)])
    about = models.TextField(blank=True, help_text="Shown on the home page, for instance where sample data comes from.")
    is_sample = models.BooleanField(default=False, help_text="Its data is made up or shifted in time, and says so.")
    created_at = models.DateTimeField(auto_now_add=True)
    # Raised whenever something pages show has changed; pages poll it.
    version = models.BigIntegerField(default=0, editable=False)
    # The organization's date for which scores were last computed; a new date makes open periods stale.
    scored_on = models.DateField(null=True, editable=False)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(fiscal_year_start__range=(1, 12)), name="accounts_organization_fiscal"),
            models.CheckConstraint(condition=Q(week_starts_on__range=(0, 6)), name="accounts_organization_week"),
            models.CheckConstraint(
                condition=Q(on_track_at__gt=F("at_risk_at")), name="accounts_organization_thresholds"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("reports:home", args=[self.slug])

    def today(self, now: dt.datetime) -> dt.date:
        """The organization's date at an instant."""
        return now.astimezone(ZoneInfo(self.time_zone)).date()

    def next_midnight(self, now: dt.datetime) -> dt.datetime:
        """The instant at which the organization's next day begins."""
        return self.midnight(self.today(now) + dt.timedelta(days=1))

    def midnight(self, date: dt.date) -> dt.datetime:
        """The instant at which a date begins there."""
        return dt.datetime.combine(date, dt.time(), ZoneInfo(self.time_zone))
