"""By when KPIs are to be looked at together again."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Max

from accounts.models import Member, Organization
from kpis.models import Kpi, Review
from kpis.models.choices import Kind, ReviewCadence


def review_due_on(kpi: Kpi, last: dt.date | None, organization: Organization) -> dt.date | None:
    """When a KPI is to be reviewed next after its ``last`` review; None for a mere operand, or one put aside."""
    if kpi.kind != Kind.KPI or kpi.archived_at:
        return None
    return ReviewCadence(kpi.review_cadence).due_after(last or organization.today(kpi.created_at))


def due_reviews(
    organization: Organization, until: dt.date, *, owner: Member | None = None
) -> Iterator[tuple[Kpi, dt.date]]:
    """The KPIs with an owner whose review is due by a date, each with the day on which it is; with ``owner`` theirs."""
    owned = Kpi.objects.owned_by(owner) if owner else Kpi.objects.filter(owner__isnull=False)
    kpis = list(owned.active().scored().in_order())
    held = Review.objects.filter(kpi_id__in=[kpi.pk for kpi in kpis]).values("kpi_id").annotate(last=Max("held_on"))
    last = dict(held.values_list("kpi_id", "last"))
    for kpi in kpis:
        due_on = review_due_on(kpi, last.get(kpi.pk), organization)
        if due_on and due_on <= until:
            yield kpi, due_on
