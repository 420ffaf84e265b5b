"""Rows of ``okrs``, as fields, parameters and paths name them."""

from typing import Any

from django.db.models import QuerySet

from accounts.api.fields import Reference
from okrs.models import Cycle, KeyResult, Objective


def cycles() -> QuerySet[Cycle]:
    return Cycle.objects.all()


def objectives() -> QuerySet[Objective]:
    return Objective.objects.with_people()


def key_results() -> QuerySet[KeyResult]:
    return KeyResult.objects.with_context()


def cycle_reference(**kwargs: Any) -> Reference:
    return Reference("cycle", cycles, **kwargs)


def objective_reference(**kwargs: Any) -> Reference:
    return Reference("objective", objectives, **kwargs)


def key_result_reference(**kwargs: Any) -> Reference:
    return Reference("key result", key_results, **kwargs)
