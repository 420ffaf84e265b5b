"""People who log in. A person can belong to several organizations."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from uuid_utils.compat import uuid7

from accounts.models.timezones import validate_time_zone

UNSAID = "UTC"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField("e-mail address")
    name = models.CharField("your name", max_length=120, blank=True)
    time_zone = models.CharField(max_length=64, default=UNSAID, validators=[validate_time_zone])
    is_reminded = models.BooleanField("e-mail me when something of mine is due", default=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_user_email")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def has_verified_email(self) -> bool:
        return self.has_verified(self.email)

    def settle_in(self, time_zone: str) -> None:
        """Who never said where they live, lives where their organization is."""
        if self.time_zone == UNSAID and time_zone != UNSAID:
            self.time_zone = time_zone
            self.save(update_fields=["time_zone"])

    def has_verified(self, email: str) -> bool:
        """Whether the person has shown that an address is theirs."""
        return self.emailaddress_set.filter(email__iexact=email, verified=True).exists()  # type: ignore[attr-defined, no-any-return]


def display_name(user: User) -> str:
    """How mails address a person."""
    return str(user)
