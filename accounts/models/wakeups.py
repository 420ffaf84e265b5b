"""When which organization has work waiting. Global, so that periodic work can start from it."""

from django.db import models


class Wakeup(models.Model):
    """``kind`` is the name of the Celery task that takes the organization's id and finds what to do by itself."""

    pk = models.CompositePrimaryKey("organization_id", "kind")
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.DO_NOTHING, db_index=False, related_name="+"
    )
    kind = models.CharField(max_length=80)
    due_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="accounts_wakeup_due")]

    def __str__(self) -> str:
        return f"{self.kind} for {self.organization_id} at {self.due_at}"
