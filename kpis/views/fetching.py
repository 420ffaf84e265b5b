"""Fetching the KPI that a URL names."""

from django.http import Http404

from accounts.actors import Actor
from kpis.actions.permissions import require_edit, require_feed
from kpis.models import Kpi


def kpi_or_404(key: str) -> Kpi:
    """The organization's KPI with its people; another organization's is as if it did not exist."""
    kpi = Kpi.objects.with_people().select_related("weight_by").filter(key=key).first()
    if kpi is None:
        raise Http404("No such KPI.")
    return kpi


def edited_kpi_or_404(actor: Actor, key: str) -> Kpi:
    """A KPI that the actor may change; PermissionDenied for others."""
    kpi = kpi_or_404(key)
    require_edit(actor, kpi)
    return kpi


def fed_kpi_or_404(actor: Actor, key: str) -> Kpi:
    """A KPI that the actor enters values for; PermissionDenied for others."""
    kpi = kpi_or_404(key)
    require_feed(actor, kpi)
    return kpi
