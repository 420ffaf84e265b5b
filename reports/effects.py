"""What suppositions do up the ladder, ready to show."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from accounts.models import Organization
from kpis.compute.whatif import Change, Effect, RefusedError, what_if
from kpis.drawing.moves import Move, moves
from kpis.drawing.numbers import is_improvement, show, show_change
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
    narrow = moves(drawn, label=label, width=340, kind="trend-narrow")
    return mark_safe(wide + narrow)  # noqa: S308 - the pictures escape their texts


def csv_rows(effects: Sequence[ShownEffect]) -> Iterator[list[object]]:
    yield ["kpi", "name", "unit", "period", "before", "after", "target", "status_before", "status_after", "supposed"]
    for one in effects:
        yield [
            one.node.key, one.node.name, one.node.unit, one.period, one.before, one.after, one.target,
            one.before_status, one.after_status, one.is_supposed,
        ]  # fmt: skip


def shown_effects(organization: Organization, rows: Sequence[Supposed], *, today: dt.date) -> list[ShownEffect]:
    """What the rows do, the worst first, each KPI in the first period it moves in. Rows that cannot be supposed say so
    and are left out."""
    changes = _changes(rows)
    try:
        effects = what_if(organization, [change for _, change in changes], today=today)
    except RefusedError as refused:
        for refusal in refused.refusals:
            changes[refusal.index or 0][0].problem = refusal.detail
        effects = what_if(organization, [change for _, change in _changes(rows)], today=today)
    if not effects:
        return []
    forest, teller = load_forest(organization, on=today), Teller(organization, today)
    supposed = {row.kpi.pk for row in rows}
    first: dict[UUID, Effect] = {}
    for effect in effects:
        first.setdefault(effect.kpi_id, effect)
    shown = [
        _shown(forest.nodes[effect.kpi_id], effect, teller, is_supposed=effect.kpi_id in supposed)
        for effect in first.values()
        if effect.kpi_id in forest.nodes
    ]
    return worst_first(shown)


def _changes(rows: Sequence[Supposed]) -> list[tuple[Supposed, Change]]:
    return [
        (row, Change(row.kpi.pk, row.period, row.value))
        for row in rows
        if row.is_change and row.period is not None and row.value is not None
    ]


def _shown(node: Node, effect: Effect, teller: Teller, *, is_supposed: bool) -> ShownEffect:
    return ShownEffect(
        node,
        effect.period,
        period_label(teller.calendar, node.frequency, effect.period),
        effect.before,
        effect.after,
        effect.target,
        effect.before_status or "",
        effect.after_status or "",
        is_supposed,
    )
