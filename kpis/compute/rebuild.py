"""Computing everything anew from measurements and definitions, and proving that what is stored equals it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import F

from accounts.models import Organization
from accounts.outbox import announce
from kpis.compute.definitions import load_whole
from kpis.compute.joining import joined_at_once
from kpis.compute.run import SCORED
from kpis.compute.standings import store_standings
from kpis.compute.store import ScoreRows, differing_scores, everything, score_rows, store_scores
from kpis.compute.values import load_all_measurements
from kpis.engine.evaluate import evaluate
from kpis.engine.graph import Graph
from kpis.engine.judge import judge
from kpis.engine.scope import Scope
from kpis.engine.shapes import shapes_in
from kpis.models import Kpi, StaleMark, Standing


@dataclass(frozen=True)
class Difference:
    """A stored score that is not what measurements and definitions give: missing, superfluous or other."""

    kpi_id: UUID
    period: dt.date
    what: str


def differences(organization: Organization, *, now: dt.datetime) -> list[Difference]:
    """Recompute the whole organization and compare with what is stored, bit for bit; changes nothing."""
    with joined_at_once():
        _, _, results = _everything(organization, organization.today(now))
        return [Difference(*row) for row in differing_scores(organization, results)]


def rebuild(organization: Organization, *, now: dt.datetime) -> int:
    """Store what a full computation gives; answers how many score rows were wrong."""
    today = organization.today(now)
    StaleMark.objects.all().delete()
    with joined_at_once():
        graph, scope, results = _everything(organization, today)
        kpi_ids: list[Any] = [kpi.id for kpi in graph.kpis]
        wrong = store_scores(organization, results, everything(kpi_ids))
        Standing.objects.exclude(kpi_id__in=Kpi.objects.values("pk")).delete()
        store_standings(organization, graph, np.arange(len(graph)), scope.reach, today)
    Organization.objects.filter(pk=organization.pk).update(version=F("version") + 1, scored_on=today)
    announce(organization.pk, SCORED, kpi_ids, now=now)
    return wrong


def _everything(organization: Organization, today: dt.date) -> tuple[Graph, Scope, ScoreRows]:
    graph = load_whole(organization).graph
    measurements = load_all_measurements(organization, graph)
    scope = Scope.whole(graph, measurements, today)
    values = evaluate(graph, scope, measurements)
    return graph, scope, score_rows(graph, values, judge(graph, scope, values, shapes_in(graph, scope, measurements)))
