"""What suppositions do up the ladder, ready to show."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from numpy.typing import NDArray

from accounts.models import Organization
from kpis.compute.whatif import WhatIfRefusedError, what_if
from kpis.drawing.frame import either
from kpis.drawing.moves import Move, moves
from kpis.drawing.numbers import is_improvement, show, show_change
from kpis.engine import scoring
from kpis.engine.scoring import judged, raw_scores
from kpis.engine.targets import Bounds
from kpis.engine.what_if import Effect
from kpis.models import Kpi, Score
from kpis.models.choices import Direction, Status
from kpis.tree import Node, load_forest
from reports.changes import URGENCY
from reports.figures import JUDGED_COLOURS, Teller, amount, period_label
from reports.supposing import Supposed


@dataclass(frozen=True)
class ShownEffect:
    """A KPI that moves in a period; statuses are empty where the period is not judged."""

    node: Node
    period: dt.date
    period_label: str
    before: float | None
    after: float | None
    target: float | None
    before_status: str
    after_status: str
    is_supposed: bool

    @property
    def before_shown(self) -> SafeString:
        return self._shown(self.before)

    @property
    def after_shown(self) -> SafeString:
        return self._shown(self.after)

    @property
    def change_shown(self) -> SafeString | str:
        text = show_change(self.after, self.before, self.node.unit, self.node.decimals)
        if not text or self.before is None or self.after is None:
            return ""
        colour = JUDGED_COLOURS[is_improvement(self.after, self.before, self.node.direction)]
        return format_html('<span class="value {} nowrap">{}</span>', colour, text)

    @property
    def is_status_change(self) -> bool:
        return self.before_status != self.after_status

    @property
    def step(self) -> int:
        """How many statuses it would be worse by; negative for better."""
        if self.before_status not in URGENCY or self.after_status not in URGENCY:
            return 0
        return URGENCY[self.before_status] - URGENCY[self.after_status]

    @property
    def move(self) -> Move:
        node = self.node
        texts = (amount(node, self.before), amount(node, self.after))
        return Move(node.name, self.before, self.after, self.target, *texts, self.before_status, self.after_status)

    def _shown(self, value: float | None) -> SafeString:
        return mark_safe(show(value, self.node.unit, self.node.decimals).as_html())  # noqa: S308 - escaped there


def worst_first(effects: Sequence[ShownEffect]) -> list[ShownEffect]:
    """What becomes worse before what stays, that before what becomes better; the strategic first among equals."""
    return sorted(effects, key=lambda one: (-one.step, URGENCY.get(one.after_status, 3), not one.node.is_strategic))


def summary_of(effects: Sequence[ShownEffect]) -> str:
    """As in "5 KPIs would move: 1 worse, 2 better"."""
    worse, better = sum(one.step > 0 for one in effects), sum(one.step < 0 for one in effects)
    told = ", ".join(f"{count} {word}" for count, word in ((worse, "worse"), (better, "better")) if count)
    noun = "KPI" if len(effects) == 1 else "KPIs"
    return f"{len(effects)} {noun} would move: {told or 'no status changes'}"


def drawing_of(effects: Sequence[ShownEffect]) -> SafeString:
    """Before and after of each, for wide and for narrow screens."""
    drawn, label = [one.move for one in effects], summary_of(effects)
    wide = moves(drawn, label=label, kind="trend-wide")
    narrow = moves(drawn, label=label, width=330, kind="trend-narrow")
    return mark_safe(either(wide, narrow))  # noqa: S308 - the pictures escape their texts


def csv_rows(effects: Sequence[ShownEffect]) -> Iterator[list[object]]:
    yield ["kpi", "name", "unit", "period", "before", "after", "target", "status_before", "status_after", "supposed"]
    for one in effects:
        yield [
            one.node.key, one.node.name, one.node.unit, one.period, one.before, one.after, one.target,
            one.before_status, one.after_status, one.is_supposed,
        ]  # fmt: skip


def shown_effects(organization: Organization, rows: Sequence[Supposed], *, today: dt.date) -> list[ShownEffect]:
    """What the rows do, the worst first, each KPI in the first period it moves in; the rows themselves among it. Rows
    that cannot be supposed say so and are left out."""
    effects = _effects(organization, rows, today)
    supposed = [row for row in rows if row.is_change]
    if not supposed:
        return []
    forest, teller = load_forest(organization, on=today), Teller(organization, today)
    first = {row.kpi.pk: Effect(row.kpi.pk, row.period, row.current, row.value) for row in supposed if row.period}
    for effect in effects:
        first.setdefault(effect.kpi, effect)  # type: ignore[arg-type]
    moved = [effect for effect in first.values() if effect.kpi in forest.nodes]
    judge = Judge.of(organization, moved)
    ids = {row.kpi.pk for row in supposed}
    return worst_first([judge.shown(forest.nodes[one.kpi], one, teller, ids) for one in moved])  # type: ignore[index]


def _effects(organization: Organization, rows: Sequence[Supposed], today: dt.date) -> list[Effect]:
    """Asks again without the rows that were refused."""
    for _ in range(2):
        asked = [row for row in rows if row.is_change]
        if not asked:
            break
        try:
            return what_if(organization, [row.override for row in asked], today=today)
        except WhatIfRefusedError as refused:
            for refusal in refused.refusals:
                for row in asked if refusal.index is None else [asked[refusal.index]]:
                    row.problem = refusal.detail
    return []


@dataclass(frozen=True)
class Judge:
    """Judges other values of periods by the bounds they are judged by now."""

    scores: Mapping[tuple[UUID, dt.date], Score]
    thresholds: Mapping[UUID, tuple[float, float]]

    @classmethod
    def of(cls, organization: Organization, effects: Sequence[Effect]) -> "Judge":
        """For what moves, in two queries."""
        ids: set[Any] = {one.kpi for one in effects}
        periods = {one.period for one in effects}
        scores = Score.objects.filter(kpi_id__in=ids, period__in=periods)
        usual = (organization.on_track_at, organization.at_risk_at)
        own = Kpi.objects.filter(pk__in=ids).values_list("pk", "on_track_at", "at_risk_at")
        thresholds = {
            pk: (usual[0] if on_track is None else on_track, usual[1] if at_risk is None else at_risk)
            for pk, on_track, at_risk in own
        }
        return cls({(score.kpi_id, score.period): score for score in scores}, thresholds)

    def shown(self, node: Node, effect: Effect, teller: Teller, supposed: Collection[UUID]) -> ShownEffect:
        score = self.scores.get((node.id, effect.period))
        return ShownEffect(
            node,
            effect.period,
            period_label(teller.calendar, node.frequency, effect.period),
            effect.before,
            effect.after,
            score.target if score else None,
            (score.status or "") if score else "",
            self._status(node, score, effect.after),
            node.id in supposed,
        )

    def _status(self, node: Node, score: Score | None, value: float | None) -> str:
        """Empty where the period is not judged; what is partial stays so."""
        if score is None or score.status is None:
            return ""
        if value is None:
            return Status.NO_DATA.value
        if score.status == Status.INCOMPLETE:
            return Status.INCOMPLETE.value
        bounds = Bounds(*(_array(getattr(score, name)) for name in ("target", "floor", "low", "high")))
        raw = raw_scores(_array(value), bounds, np.array([node.direction == Direction.BETWEEN]))
        status = judged(_array(value), raw, bounds, *map(_array, self.thresholds[node.id]))
        return scoring.Status(int(status[0])).code or ""


def _array(value: float | None) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value])
