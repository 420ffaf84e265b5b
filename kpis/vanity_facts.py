"""The KPIs that are only looked at, as the database knows them."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max

from accounts.models import Organization
from kpis.models import Action, Kpi, Review, Target
from kpis.models.choices import Level, ReviewCadence
from kpis.usage import fed, used_by_nothing
from kpis.vanity import CADENCES, VanityFacts, why_vanity


@dataclass(frozen=True, slots=True)
class OnlyLookedAt:
    """A KPI of the vanity list, and why it is there."""

    kpi: Kpi
    why: str


def only_looked_at(organization: Organization, today: dt.date) -> list[OnlyLookedAt]:
    """The vanity list, in the order of the ladder: one query where nothing can be on it, five otherwise."""
    candidates = [kpi for kpi in used_by_nothing(today).with_people().in_order() if _is_old(kpi, organization, today)]
    if not candidates:
        return []
    reasons = ((kpi, why_vanity(facts)) for kpi, facts in _facts(candidates, organization, today))
    return [OnlyLookedAt(kpi, why) for kpi, why in reasons if why]


def _is_old(kpi: Kpi, organization: Organization, today: dt.date) -> bool:
    """Nothing is judged before two cadences have passed."""
    age = today - organization.today(kpi.created_at)
    return age.days >= CADENCES * ReviewCadence(kpi.review_cadence).days


def _facts(kpis: Collection[Kpi], organization: Organization, today: dt.date) -> Iterator[tuple[Kpi, VanityFacts]]:
    ids = [kpi.pk for kpi in kpis]
    parents = fed(ids, today)
    acted, retargeted, decided = _acted(ids, organization), _retargeted(ids, organization), _decided(ids)
    for kpi in kpis:
        yield (
            kpi,
            VanityFacts(
                key=kpi.key,
                name=kpi.name,
                today=today,
                created_on=organization.today(kpi.created_at),
                review_cadence_days=ReviewCadence(kpi.review_cadence).days,
                is_strategic=kpi.level == Level.STRATEGIC,
                has_children=kpi.pk in parents,
                last_action_on=acted.get(kpi.pk),
                last_target_change_on=retargeted.get(kpi.pk),
                last_decision_on=decided.get(kpi.pk),
            ),
        )


def _acted(ids: Collection[UUID], organization: Organization) -> dict[UUID, dt.date]:
    """The last date on which an action was planned, done or due."""
    rows = Action.objects.filter(kpi_id__in=ids).values("kpi_id")
    latest = rows.annotate(planned=Max("created_at"), closed=Max("closed_on"), due=Max("due_on"))
    return {row["kpi_id"]: _last([organization.today(row["planned"]), row["closed"], row["due"]]) for row in latest}


def _retargeted(ids: Collection[UUID], organization: Organization) -> dict[UUID, dt.date]:
    """The last change of a target that had a reason."""
    rows = Target.objects.filter(kpi_id__in=ids).exclude(reason="").values("kpi_id").annotate(at=Max("recorded_at"))
    return {row["kpi_id"]: organization.today(row["at"]) for row in rows}


def _decided(ids: Collection[UUID]) -> dict[UUID, dt.date]:
    """The last review that decided something."""
    rows = Review.objects.filter(kpi_id__in=ids).exclude(decision="").values("kpi_id").annotate(on=Max("held_on"))
    return {row["kpi_id"]: row["on"] for row in rows}


def _last(dates: Iterable[dt.date | None]) -> dt.date:
    return max(date for date in dates if date)
