"""Whom a letter told that something is due."""

from django.db import models
from django.db.models import Q

from accounts.tenancy.constraints import tenant_constraints
from accounts.tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class DutyKind(models.TextChoices):
    """What somebody owes."""

    CHECK_IN = "check_in", "Check-in on a key result"
    VALUE = "value", "Value of a KPI"
    REVIEW = "review", "Review of a KPI"


class ToldAs(models.TextChoices):
    OWNER = "owner", "Whoever owes it"
    LEAD = "lead", "The lead of whoever is overdue"


class Reminder(TenantModel):
    """A member was told of one thing for one due date, and is not told again.

    ``subject_id`` is a key result's or a KPI's, by ``kind``; not a foreign key, for that may be removed for good.
    """

    member = TenantForeignKey("accounts.Member", related_name="reminders")
    told_as = models.CharField(max_length=5, choices=ToldAs)
    kind = models.CharField(max_length=8, choices=DutyKind)
    subject_id = models.UUIDField()
    due_on = models.DateField()
    sent_at = models.DateTimeField()

    objects = TenantManager.from_queryset(TenantQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *tenant_constraints("member"),
            models.UniqueConstraint(
                fields=["organization", "due_on", "member", "told_as", "kind", "subject_id"], name="okrs_reminder_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=DutyKind.values), name="okrs_reminder_kind"),
            models.CheckConstraint(condition=Q(told_as__in=ToldAs.values), name="okrs_reminder_told_as"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} due on {self.due_on}"
