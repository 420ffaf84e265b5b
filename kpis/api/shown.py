"""KPIs as JSON: a definition, its links, whether it is a good one, where it stands; the same queries for any number."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models import F

from accounts.models import Organization
from kpis.engine.periods import Frequency
from kpis.models import Kpi, KpiLink, Standing
from kpis.models.choices import Status
from kpis.smart import SmartFacts, as_shown, criteria
from kpis.smart_facts import smart_facts

APPRAISED: Final = (
    "period", "value", "target", "floor", "low", "high", "attainment", "score_raw", "score", "status",
    "coverage", "problem",
)  # fmt: skip
NOT_COMPUTED: Final = {**dict.fromkeys(APPRAISED), "status": Status.NO_DATA.value}


def shown(kpis: Sequence[Kpi], organization: Organization, today: dt.date) -> list[dict[str, Any]]:
    """The KPIs as the API shows them, in the order given."""
    smart = smart_facts(kpis, organization, today)
    ids = [kpi.pk for kpi in kpis]
    standings = {standing.kpi_id: standing for standing in Standing.objects.filter(kpi_id__in=ids)}
    links: Mapping[UUID, list[KpiLink]] = defaultdict(list)
    for link in KpiLink.objects.known().filter(child_id__in=ids).order_by(F("valid_from").asc(nulls_first=True), "id"):
        links[link.child_id].append(link)
    return [_shown(kpi, links[kpi.pk], standings.get(kpi.pk), smart[kpi.pk]) for kpi in kpis]


def _shown(kpi: Kpi, links: list[KpiLink], standing: Standing | None, facts: SmartFacts) -> dict[str, Any]:
    """In the order of the documentation, so that people find things."""
    only = _only_parent(links, facts.today)
    return {
        "id": kpi.pk,
        "key": kpi.key,
        "name": kpi.name,
        "description": kpi.description,
        "department": kpi.department_id,
        "owner": kpi.owner_id,
        "kind": kpi.kind,
        "parent": only.parent_id if only else None,
        "parents": [_link(link) for link in links],
        "weight": only.weight if only else 1.0,
        "contribution": only.contribution if only else 1,
        "weight_by": kpi.weight_by_id,
        "carry_forward": kpi.carry_forward,
        "due_after_days": days_until_due(kpi),
        "pace_profile": kpi.pace_profile,
        "review_cadence": kpi.review_cadence,
        "category": kpi.category,
        "level": kpi.level,
        "indicator": kpi.indicator,
        "unit": kpi.unit,
        "decimals": kpi.decimals,
        "direction": kpi.direction,
        "frequency": kpi.frequency,
        "aggregation": kpi.aggregation,
        "source": kpi.source,
        "rollup": kpi.rollup or None,
        "formula": kpi.formula or None,
        "target_path": kpi.target_path,
        "on_track_at": kpi.on_track_at,
        "at_risk_at": kpi.at_risk_at,
        "archived_at": kpi.archived_at,
        "smart": as_shown(criteria(facts)),
        "created_at": kpi.created_at,
        "current": current(standing),
        "open": standing.open and {name: standing.open[name] for name in APPRAISED} if standing else None,
    }


def current(standing: Any) -> dict[str, Any]:
    """The period that speaks; before scores are first computed nothing does."""
    if standing is None:
        return dict(NOT_COMPUTED)
    appraised = {name: getattr(standing, name) for name in APPRAISED}
    if standing.status:
        appraised["status"] = Status.shown(standing.status, is_late=standing.is_late)
    return appraised


def days_until_due(kpi: Kpi) -> int:
    return Frequency(kpi.frequency).default_due_after_days if kpi.due_after_days is None else kpi.due_after_days


def _link(link: KpiLink) -> dict[str, Any]:
    return {
        "kpi": link.parent_id,
        "weight": link.weight,
        "contribution": link.contribution,
        "valid_from": link.valid_from,
        "valid_to": link.valid_to,
    }


def holding(links: Sequence[KpiLink], today: dt.date) -> list[KpiLink]:
    """Those that hold on a day."""
    return [
        link
        for link in links
        if (link.valid_from is None or link.valid_from <= today) and (link.valid_to is None or today <= link.valid_to)
    ]


def _only_parent(links: Sequence[KpiLink], today: dt.date) -> KpiLink | None:
    """The one link that holds today, if it is one: ``parent``, ``weight`` and ``contribution`` are its."""
    now = holding(links, today)
    return now[0] if len(now) == 1 else None
