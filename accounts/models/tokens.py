"""API tokens: shown once, stored hashed."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.tenancy.constraints import tenant_constraints
from accounts.tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class Scope(models.TextChoices):
    """What a token may do."""

    READ = "read", "Read everything"
    MEASUREMENTS = "measurements:write", "Push measurements"
    CUSTOMERS = "customers:write", "Push customers and events"
    WRITE = "write", "Read and write everything"
    ADMIN = "admin", "Manage people, tokens and settings too"

    def includes(self, other: "Scope") -> bool:
        return other in _INCLUDES[self]


_INCLUDES: dict[Scope, set[Scope]] = {
    Scope.READ: {Scope.READ},
    Scope.MEASUREMENTS: {Scope.MEASUREMENTS},
    Scope.CUSTOMERS: {Scope.CUSTOMERS},
    Scope.WRITE: {Scope.READ, Scope.MEASUREMENTS, Scope.CUSTOMERS, Scope.WRITE},
    Scope.ADMIN: set(Scope),
}


class ApiTokenQuerySet(TenantQuerySet["ApiToken"]):
    def usable(self, now: dt.datetime) -> "ApiTokenQuerySet":
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)


class ApiToken(TenantModel):
    name = models.CharField(max_length=120)
    secret_hash = models.CharField(max_length=64, editable=False)
    hint = models.CharField(max_length=4, editable=False)
    scopes = ArrayField(models.CharField(max_length=24, choices=Scope))
    created_by = TenantForeignKey("accounts.Member", null=True, related_name="+", editable=False)
    created_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = TenantManager.from_queryset(ApiTokenQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *tenant_constraints("created_by"),
            models.UniqueConstraint(fields=["organization", "secret_hash"], name="accounts_apitoken_secret"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_labels(self) -> list[str]:
        """What the token may do, in words."""
        return [Scope(held).label for held in self.scopes]

    def grants(self, scope: Scope) -> bool:
        return any(Scope(held).includes(scope) for held in self.scopes)
