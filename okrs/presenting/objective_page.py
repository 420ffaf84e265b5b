"""Everything the page of an objective shows, each part read when it is first asked for and put into words."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.actors import Actor
from accounts.models import Organization
from okrs.actions.permissions import may_edit_objective
from okrs.models import Initiative, Objective
from okrs.models.choices import ObjectiveKind, ProgressFrom
from okrs.presenting import words
from okrs.presenting.charts import ObjectiveChart
from okrs.presenting.figures import mark, percent
from okrs.presenting.initiatives import Work, work_of
from okrs.presenting.looking import Looking
from okrs.presenting.rows import KeyResultRow, bar_of, contradiction_of, grade_words, key_result_row
from okrs.presenting.why import WhyStep, why
from okrs.reading import NotThereYetError, ObjectiveView, load_objective, load_objectives

KINDS = {
    ObjectiveKind.COMMITTED: "Committed: it is to be reached in full",
    ObjectiveKind.ASPIRATIONAL: "Aspirational: 70 % is a success",
}


@dataclass(frozen=True, slots=True)
class Step:
    """Something above or below in the alignment."""

    title: str
    href: str
    note: str
    progress: str
    bar: SafeString
    status: SafeString


class ObjectivePage:
    """What one reader sees of one objective; from the past, nothing can be changed."""

    def __init__(self, objective: Objective, organization: Organization, actor: Actor, looking: Looking) -> None:
        self.stored, self.organization, self.slug = objective, organization, organization.slug
        self.looking, self.view = self._looked(looking)
        self.actor = actor
        is_open = self.looking.as_of is None and not objective.cycle.is_closed
        self.may_edit = is_open and may_edit_objective(actor, objective)

    def _looked(self, looking: Looking) -> tuple[Looking, ObjectiveView]:
        try:
            return looking, self._load(looking)
        except NotThereYetError as error:
            now = looking.of_now(f"{error} Here it is as it is today.")
            return now, self._load(now)

    def _load(self, looking: Looking) -> ObjectiveView:
        return load_objective(self.organization, self.stored, looking.day, looking.as_of)

    @property
    def objective(self) -> Objective:
        return self.view.objective

    @property
    def address(self) -> str:
        return reverse("okrs:objective", args=[self.slug, self.stored.pk])

    @property
    def live_address(self) -> str:
        return self.address + self.looking.query

    # Its standing

    @property
    def status(self) -> SafeString:
        return mark(self.view.status, badge=True)

    @property
    def progress(self) -> str:
        return percent(self.view.progress)

    @property
    def bar(self) -> SafeString:
        return bar_of(self.view)

    @property
    def pace(self) -> str:
        if self.view.status == "no_data":
            return "There is nothing it could be averaged from yet"
        return words.pace_words(self.view.progress, self.view.expected, self.view.status)

    @property
    def confidence(self) -> SafeString | str:
        return mark(self.view.confidence) if self.view.confidence else ""

    @property
    def contradiction(self) -> str:
        return contradiction_of(self.view, self.objective.owner)

    @property
    def grade(self) -> str:
        return grade_words(self.view.grade)

    @property
    def time(self) -> str:
        cycle = self.view.cycle
        if cycle.is_closed:
            return "closed"
        return words.days_left_words(cycle.days_left(self.looking.day), cycle.starts_on, self.looking.day)

    @property
    def kind(self) -> str:
        return KINDS[ObjectiveKind(self.objective.kind)]

    @property
    def progress_from(self) -> str:
        return ProgressFrom(self.objective.progress_from).label

    # What it consists of

    @cached_property
    def key_results(self) -> list[KeyResultRow]:
        return [key_result_row(one, self.slug, self.looking.day) for one in self.view.key_results]

    @cached_property
    def chart(self) -> ObjectiveChart:
        return ObjectiveChart(self.view, self.looking.today)

    @cached_property
    def why(self) -> WhyStep:
        return why(self.view, self._addresses)

    @property
    def _addresses(self) -> dict[UUID, str]:
        """The pages of everything beneath."""
        found: dict[UUID, str] = {}
        for view in self.view.beneath():
            found[view.id] = reverse("okrs:objective", args=[self.slug, view.id])
            found |= {one.id: reverse("okrs:key-result", args=[self.slug, one.id]) for one in view.key_results}
        return found

    # Its place

    @cached_property
    def chain(self) -> list[Step]:
        """What it supports, from the top down to what it is aligned to."""
        ways = self._above()
        return [self._step(view, note) for view, note in reversed(ways)]

    def _above(self) -> list[tuple[ObjectiveView, str]]:
        """Each objective above with the key result by which it is supported, from the nearest up."""
        if not (self.objective.parent_id or self.objective.parent_key_result_id):
            return []
        views = load_objectives(self.organization, [self.stored.pk], self.looking.day, self.looking.as_of, upwards=True)
        by_key_result = {one.id: view for view in views.values() for one in view.key_results}
        found: list[tuple[ObjectiveView, str]] = []
        here: Objective | None = self.objective
        while here is not None and len(found) < len(views):
            above, note = _served(here, views, by_key_result)
            if above is None:
                break
            found.append((above, note))
            here = above.objective
        return found

    @cached_property
    def supporting(self) -> list[Step]:
        """What is aligned to it, and by which of its key results."""
        direct = [self._step(view, "") for view in self.view.children]
        titles = {one.id: one.key_result.title for one in self.view.key_results}
        by_key_result = [
            self._step(view, f"by “{titles[id]}”") for id, views in self.view.of_key_results.items() for view in views
        ]
        return [*direct, *by_key_result]

    def _step(self, view: ObjectiveView, note: str) -> Step:
        own = view.objective
        whose = own.department.name if own.department else "The whole company"
        cycle = "" if view.cycle.pk == self.view.cycle.pk else f" · {view.cycle.name}"
        return Step(
            title=own.title,
            href=reverse("okrs:objective", args=[self.slug, view.id]) + self.looking.query,
            note=f"{whose}{cycle}{f' · {note}' if note else ''}",
            progress=percent(view.progress),
            bar=bar_of(view),
            status=mark(view.status),
        )

    # What is done for it

    @cached_property
    def initiatives(self) -> list[Work]:
        """The initiatives of all its key results; none of the past, which is not kept."""
        if self.looking.as_of:
            return []
        rows = Initiative.objects.filter(key_result__in=[one.id for one in self.view.key_results])
        rows = rows.select_related("key_result__objective", "owner__user").in_order()
        return work_of(rows, self.actor, self.looking.today, is_open=not self.stored.cycle.is_closed)


def _served(
    objective: Objective, views: dict[UUID, ObjectiveView], by_key_result: dict[UUID, ObjectiveView]
) -> tuple[ObjectiveView | None, str]:
    if objective.parent_id:
        return views.get(objective.parent_id), ""
    if objective.parent_key_result_id:
        view = by_key_result.get(objective.parent_key_result_id)
        titles = {one.id: one.key_result.title for one in view.key_results} if view else {}
        return view, f"its key result “{titles.get(objective.parent_key_result_id, '')}”"
    return None, ""
