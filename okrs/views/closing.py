"""Closing a cycle, step by step: grades, what was learned, what goes on elsewhere, and the end."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, member_required
from accounts.errors import ConflictError
from accounts.forms.merging import merged
from accounts.forms.refusals import refusals_shown_in
from accounts.models import Role
from okrs.actions.carrying import carry_over
from okrs.actions.changing import lock_objectives
from okrs.actions.closing import SAME, Grade, close_cycle, grade_key_result, propose_grades, refuse_unless_active
from okrs.actions.cycles import create_cycle, update_cycle
from okrs.cycle_calendar import CalendarCycle, RegularLength, cycle_on
from okrs.forms.closing import NEXT, CarryForm, GradesForm, LessonsForm
from okrs.models import Cycle, KeyResult
from okrs.models.choices import CycleLength, CycleState
from okrs.presenting.closing import Outcome, graded
from okrs.reading import CycleView, load_cycle
from okrs.spans import DAY
from okrs.views.fetching import cycle_or_404

STEPS = ("grades", "lessons", "carry", "end")
REGULAR: dict[str, RegularLength] = {"quarter": "quarter", "half": "half", "year": "year"}


@require_http_methods(["GET", "POST"])
@member_required(Role.EDITOR)
def close(request: MemberRequest, cycle_id: UUID) -> HttpResponse:
    """One of the steps; each keeps what it was given, so that one can leave and come back until the end."""
    if request.method == "POST":
        lock_objectives()
    cycle = cycle_or_404(cycle_id)
    if cycle.state != CycleState.ACTIVE:
        return _refused(request, cycle)
    step = request.POST.get("step") or request.GET.get("step", STEPS[0])
    closing = Closing(request, cycle)
    match step if step in STEPS else STEPS[0]:
        case "lessons":
            return closing.lessons()
        case "carry":
            return closing.carry()
        case "end":
            return closing.end()
    return closing.grades()


@require_http_methods(["GET", "POST"])
@member_required(Role.EDITOR)
def carry(request: MemberRequest, cycle_id: UUID) -> HttpResponse:
    """Go on with key results of a cycle that was closed."""
    cycle = cycle_or_404(cycle_id)
    closing = Closing(request, cycle)
    form = closing.carry_form()
    if request.method == "POST" and form.is_valid() and form.cleaned_data["key_results"]:
        with refusals_shown_in(form):
            closing.carry_over(form)
            return redirect("okrs:retrospective", request.organization.slug, cycle.pk)
    elif request.method == "POST" and not form.errors:
        form.add_error("key_results", "Choose at least one.")
    context = {"cycle": cycle, "form": form, "results": closing.results(form), "is_closed": cycle.is_closed}
    return render(request, "okrs/carry.html", context, status=422 if form.errors else 200)


class Closing:
    """The steps of one cycle's end."""

    def __init__(self, request: MemberRequest, cycle: Cycle) -> None:
        self.request, self.cycle, self.organization = request, cycle, request.organization
        self.now = timezone.now()
        self.today = self.organization.today(self.now)
        self.view: CycleView = load_cycle(self.organization, cycle, self.today)

    @property
    def posted(self) -> Any:
        return self.request.POST if self.request.method == "POST" else None

    def grades(self) -> HttpResponse:
        form = GradesForm(self.posted, view=self.view, decided=self._decided())
        if self.posted is not None and form.is_valid() and self._are_stored(form):
            return self._to("lessons")
        rows = graded(self.view.objectives, self._decided(), self.organization.slug, form)
        return self._show("grades", form, objectives=rows, outcome=_outcome(rows))

    def lessons(self) -> HttpResponse:
        form = merged(partial(LessonsForm, cycle=self.cycle), self.posted)
        if self.posted is not None and form.is_valid():
            with refusals_shown_in(form):
                update_cycle(self.request.actor, self.cycle, now=self.now, **form.cleaned_data)
            if not form.errors:
                return self._to("carry")
        return self._show("lessons", form)

    def carry(self) -> HttpResponse:
        """What is chosen here is shown once more before anything happens."""
        form = self.carry_form()
        if self.posted is not None and form.is_valid():
            return self._confirm(form)
        return self._show("carry", form, results=self.results(form))

    def end(self) -> HttpResponse:
        if self.posted is None:
            return self._to("carry")
        form = self.carry_form()
        if not form.is_valid():
            return self._show("carry", form, results=self.results(form))
        with refusals_shown_in(form):
            close_cycle(self.request.actor, self.cycle, now=self.now)
            self.carry_over(form)
        if form.errors:
            if Cycle.objects.get(pk=self.cycle.pk).is_closed:
                return _refused(self.request, self.cycle)
            return self._confirm(form)
        messages.success(self.request, f"“{self.cycle.name}” is closed. Here is how it went.")
        return redirect("okrs:retrospective", self.organization.slug, self.cycle.pk)

    def carry_form(self) -> CarryForm:
        decided = self._decided()
        ambitions = {one.id: view.objective.kind for view in self.view.objectives for one in view.key_results}
        unfinished = [
            str(id) for id, grade in decided.items() if Outcome([(ambitions[id], grade.grade)]).succeeded == 0
        ]
        return CarryForm(self.posted, rows=self.view.key_results, cycles=self._cycles(), chosen=unfinished)

    def carry_over(self, form: CarryForm) -> None:
        ids = form.cleaned_data["key_results"]
        if not ids:
            return
        into = self._into(form.cleaned_data["into"])
        carried = carry_over(self.request.actor, list(KeyResult.objects.filter(pk__in=ids)), into, now=self.now)
        count = len(carried)
        messages.success(self.request, f"{count} key result{'s' if count != 1 else ''} carried over into {into}.")

    def results(self, form: CarryForm) -> list[dict[str, Any]]:
        """The choices with what helps to choose."""
        objectives = graded(self.view.objectives, self._decided(), self.organization.slug)
        rows = {str(row.view.id): row for each in objectives for row in each.results}
        return [{"choice": choice, "row": rows[str(choice.data["value"])]} for choice in form["key_results"]]

    def _confirm(self, form: CarryForm) -> HttpResponse:
        rows = graded(self.view.objectives, self._decided(), self.organization.slug)
        chosen = form.cleaned_data["key_results"]
        titles = [one.key_result.title for one in self.view.key_results if str(one.id) in chosen]
        into = dict(self._cycles()).get(form.cleaned_data["into"], "")
        days_left = max((self.cycle.ends_on - self.today).days, 0)
        outcome = _outcome(rows)
        return self._show("end", form, objectives=rows, outcome=outcome, titles=titles, into=into, days_left=days_left)

    def _show(self, step: str, form: Any, **context: Any) -> HttpResponse:
        address = reverse("okrs:close", args=[self.organization.slug, self.cycle.pk])
        steps = [(name, f"{address}?step={name}", name == step) for name in STEPS[:-1]]
        given = {"cycle": self.cycle, "view": self.view, "form": form, "step": step, "steps": steps, **context}
        return render(self.request, f"okrs/close_{step}.html", given, status=422 if form.errors else 200)

    def _to(self, step: str) -> HttpResponse:
        address = reverse("okrs:close", args=[self.organization.slug, self.cycle.pk])
        return redirect(f"{address}?step={step}")

    def _decided(self) -> dict[UUID, Grade]:
        return propose_grades(self.organization, self.cycle, self.today)

    def _are_stored(self, form: GradesForm) -> bool:
        """Keep the grades that are other ones than proposed; what is proposed stays open until the end."""
        for one in form.key_results:
            given = form.given(one)
            is_proposed = abs(given.grade - one.proposed_grade) <= SAME and not given.reason
            stored = None if one.grade is None else Grade(one.grade, one.key_result.grade_reason)
            wanted = None if is_proposed else given
            if wanted == stored:
                continue
            try:
                with transaction.atomic():
                    grade_key_result(
                        self.request.actor,
                        one.key_result,
                        now=self.now,
                        grade=wanted.grade if wanted else None,
                        reason=wanted.reason if wanted else "",
                    )
            except ValidationError as error:
                for field, errors in error.error_dict.items():
                    form.add_error(f"{field}_{one.id}" if field in ("grade", "reason") else None, errors)
            except ConflictError as error:
                form.add_error(None, str(error))
        return not form.errors

    def _cycles(self) -> list[tuple[str, str]]:
        """Those in which key results can go on, the likeliest first; the next one though nobody planned it yet."""
        rows = [row for row in Cycle.objects.open() if row.ends_on > self.cycle.ends_on or row.ends_on >= self.today]
        rows = [row for row in rows if row.pk != self.cycle.pk]
        rows.sort(key=lambda row: (row.starts_on <= self.cycle.ends_on, row.length != self.cycle.length, row.starts_on))
        found = [(str(row.pk), row.name) for row in rows]
        following = self._following()
        if following is None or Cycle.objects.filter(name__iexact=following.name).exists():
            return found
        return [(NEXT, f"{following.name} (new)"), *found]

    def _following(self) -> CalendarCycle | None:
        length = REGULAR.get(self.cycle.length)
        if length is None:
            return None
        return cycle_on(self.cycle.ends_on + DAY, length, self.organization.fiscal_year_start)

    def _into(self, chosen: str) -> Cycle:
        following = self._following()
        if chosen != NEXT or following is None:
            return Cycle.objects.get(pk=UUID(chosen))
        return create_cycle(
            self.request.actor,
            now=self.now,
            name=following.name,
            starts_on=following.span.starts_on,
            ends_on=following.span.ends_on,
            length=CycleLength(following.length),
        )


def _outcome(rows: Any) -> Outcome:
    return Outcome([(row.view.objective.kind, row.grade) for row in rows])


def _refused(request: MemberRequest, cycle: Cycle) -> HttpResponse:
    """Somebody was first, or it has not begun."""
    stored = cycle_or_404(cycle.pk)
    try:
        refuse_unless_active(stored)
    except ConflictError as error:
        messages.warning(request, str(error))
    if stored.is_closed:
        return redirect("okrs:retrospective", request.organization.slug, cycle.pk)
    return redirect(f"{reverse('okrs:list', args=[request.organization.slug])}?cycle={cycle.pk}")
