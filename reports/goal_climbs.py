"""My ladder, of key results: each way from mine up to the company's objective, and the KPI that moves it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.models import Member, Organization
from kpis.tree import Forest, Node
from okrs.models import KeyResult
from okrs.presenting.check_ins import done_words, goal_words, stands_at
from okrs.presenting.figures import bar, mark, percent
from okrs.presenting.words import pace_words
from okrs.progress import objective_shares
from okrs.reading import KeyResultView, ObjectiveView, load_objectives
from reports.figures import Figure, Teller


@dataclass(frozen=True, slots=True)
class GoalTread:
    """A step: a key result or an objective. ``feeds`` says what the step below does to it, empty for the first."""

    kind: str
    title: str
    href: str
    status: str
    mark: SafeString
    bar: SafeString
    progress: str
    at: str
    pace: str
    whose: str
    feeds: str = ""


@dataclass(frozen=True, slots=True)
class GoalClimb:
    """A key result with its way up, mine first, and the KPI by whose data it moves."""

    id: UUID
    treads: list[GoalTread]
    kpi: Figure | None
    check_in: str

    @property
    def sentence(self) -> str:
        """As in "Waste from 9 to 5 % → Sell on the day → Grow fresh", from the KPI where one moves it."""
        begins = [self.kpi.name] if self.kpi else []
        return " \u2192 ".join([*begins, *(tread.title for tread in self.treads)])


def goal_climbs(
    organization: Organization, owner: Member, forest: Forest, teller: Teller, *, may_check_in: bool
) -> list[GoalClimb]:
    """The ways of somebody's key results in cycles that are active."""
    own = KeyResult.objects.in_active_cycles().owned_by(owner).in_order()
    objectives = dict(own.values_list("pk", "objective_id"))
    if not objectives:
        return []
    views = load_objectives(organization, set(objectives.values()), teller.today, upwards=True)
    ways = _Ways(organization, views)
    mine = [one for view in views.values() for one in view.key_results if one.id in objectives]
    return [ways.climb(one, forest, teller, may_check_in=may_check_in) for one in mine]


def moved_goals(organization: Organization, nodes: Iterable[Node], teller: Teller) -> dict[UUID, list[str]]:
    """The objectives that KPIs move through key results in active cycles, by the KPI's id: their titles."""
    rows = KeyResult.objects.in_active_cycles().reading(node.id for node in nodes)
    found: dict[UUID, list[str]] = {}
    for kpi_id, title in rows.order_by("objective__position", "id").values_list("kpi", "objective__title"):
        if kpi_id and title not in found.setdefault(kpi_id, []):
            found[kpi_id].append(title)
    return found


class _Ways:
    """The steps upwards among objectives."""

    def __init__(self, organization: Organization, views: Mapping[UUID, ObjectiveView]) -> None:
        self.slug, self.views = organization.slug, views
        self.above: dict[UUID, tuple[ObjectiveView, KeyResultView | None]] = {}
        for view in views.values():
            for child in view.children:
                self.above[child.id] = (view, None)
            for one in view.key_results:
                for child in view.of_key_results.get(one.id, []):
                    self.above[child.id] = (view, one)

    def climb(self, one: KeyResultView, forest: Forest, teller: Teller, *, may_check_in: bool) -> GoalClimb:
        treads = [self._key_result(one, "")]
        view: ObjectiveView | None = self.views[one.key_result.objective_id]
        below: KeyResultView | ObjectiveView = one
        while view is not None and len(treads) < len(self.views) * 2 + 2:
            treads.append(self._objective(view, _counts(below, view)))
            higher, through = self.above.get(view.id, (None, None))
            below = view
            if through is not None:
                treads.append(self._key_result(through, "helps"))
                below = through
            view = higher
        node = forest.nodes.get(one.key_result.kpi_id) if one.key_result.kpi_id else None
        flow = reverse("okrs:check-in-flow", args=[self.slug])
        check_in = f"{flow}?at={one.id}" if may_check_in else ""
        return GoalClimb(one.id, treads, teller.figure(node) if node else None, check_in)

    def _key_result(self, one: KeyResultView, feeds: str) -> GoalTread:
        own = one.key_result
        at = " · ".join(part for part in (stands_at(one), goal_words(one)) if part)
        href = reverse("okrs:key-result", args=[self.slug, one.id])
        whose = str(own.owner) if own.owner else ""
        return GoalTread(
            kind="Key result",
            title=own.title,
            href=href,
            status=one.status,
            mark=mark(one.status),
            bar=bar(one.progress_raw, one.expected, one.status, done_words(one)),
            progress=percent(one.progress_raw),
            at=at,
            pace=_pace(one.progress_raw, one.expected, one.status),
            whose=whose,
            feeds=feeds,
        )

    def _objective(self, view: ObjectiveView, feeds: str) -> GoalTread:
        own = view.objective
        whose = " · ".join(str(part) for part in (own.department or "Company", own.owner) if part)
        return GoalTread(
            kind="Objective",
            title=own.title,
            href=reverse("okrs:objective", args=[self.slug, view.id]),
            status=view.status,
            mark=mark(view.status),
            bar=bar(view.progress, view.expected, view.status, done_words(view)),
            progress=percent(view.progress),
            at=view.cycle.name,
            pace=_pace(view.progress, view.expected, view.status),
            whose=whose,
            feeds=feeds,
        )


def _counts(below: KeyResultView | ObjectiveView, view: ObjectiveView) -> str:
    """What a part does to its objective: "counts 40 % of"; "supports" where it does not count."""
    if below not in view.counting:
        return "supports"
    share = objective_shares(view.parts, view.span).of(view.counting.index(below))
    return f"counts {percent(share)} of"


def _pace(progress: float, expected: float, status: str) -> str:
    return "" if status in ("no_data", "too_early") else pace_words(progress, expected, status)
