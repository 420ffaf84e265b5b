"""Rows that are taken away without being forgotten: what was known at a past instant includes them."""

from typing import Any, TypeVar

from django.db import models

from accounts.tenancy.models import TenantManager

ModelT = TypeVar("ModelT", bound=models.Model, covariant=True)


class PresentManager(TenantManager[ModelT]):
    """Those that were not removed."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(removed_at=None)
