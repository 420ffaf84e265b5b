"""Scores within the request, for callers that cannot wait for the workers."""

import time
from typing import Final

from django.utils import timezone

from accounts.models import Organization
from accounts.tenancy.context import organization_context
from kpis.compute import compute
from kpis.compute.run import is_stale

PATIENCE: Final = 10.0
PAUSE: Final = 0.05


def scores_are_there(organization: Organization, *, seconds: float = PATIENCE) -> bool:
    """Compute what is stale, or watch a worker do it; False if that takes longer. Call it outside any transaction."""
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at:
        with organization_context(organization.pk):
            if not is_stale(organization.pk):
                return True
            computed = compute(organization, now=timezone.now())
        if computed is None:
            time.sleep(PAUSE)
    return False
