"""How objectives serve each other: from the company's through the departments' to the people's key results."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_required
from okrs.actions.permissions import may_lead
from okrs.forms.tree import TreeForm
from okrs.models import Cycle, KeyResult, Objective
from okrs.presenting.alignment import ALL_LEVELS, Alignment, Grower
from okrs.reading import ObjectiveView, load_objectives
from okrs.views.fetching import cycle_or_404

LEVEL_CHOICES = ((1, "1"), (2, "2"), (3, "3"), (ALL_LEVELS, "All"))


@require_GET
@member_required()
def tree(request: MemberRequest) -> HttpResponse:
    """A cycle's objectives with all they serve and all that serves them, or what lies around one of them."""
    page = TreePage(request)
    return render(request, "okrs/_tree.html" if request.htmx else "okrs/tree.html", page.context)


class TreePage:
    """What the tree shows for the choices in its address."""

    def __init__(self, request: MemberRequest) -> None:
        self.request, self.organization = request, request.organization
        form = TreeForm(request.GET)
        if not form.is_valid():
            raise Http404("There is no such part of the tree.")
        self.choice: dict[str, Any] = form.cleaned_data
        self.opened = request.GET.getlist("open")
        self.today = self.organization.today(timezone.now())

    @property
    def context(self) -> dict[str, Any]:
        branches = self.grower.branches() if self.views else []
        return {
            "cycle": self.cycle,
            "cycles": self.cycles,
            "branches": branches,
            "boxes": [branch.box() for branch in branches] if self.is_drawn else [],
            "is_drawn": self.is_drawn,
            "focus": self.focused_title,
            "addresses": {
                "same": self.address(open=self.opened),
                "whole": self.address(focus=None, open=self.opened),
                "list": self.address(view="list", open=self.opened),
                "drawn": self.address(view="", open=self.opened),
            },
            "base": self.address(open=self.opened),
            "levels": [
                (word, self.address(levels=levels), levels == self.grower.levels) for levels, word in LEVEL_CHOICES
            ]
            if self.views
            else [],
            "may_lead": may_lead(self.request.actor),
        }

    def address(self, **changes: Any) -> str:
        chosen = {name: value for name, value in {**self.choice, **changes}.items() if value}
        return f"?{urlencode(chosen, doseq=True)}"

    @cached_property
    def cycle(self) -> Cycle | None:
        if self.choice["cycle"]:
            return cycle_or_404(self.choice["cycle"])
        return self.focused_cycle or Cycle.objects.all().to_show(self.today)

    @cached_property
    def cycles(self) -> list[Cycle]:
        return list(Cycle.objects.newest_first())

    @property
    def is_drawn(self) -> bool:
        return bool(self.choice["view"] != "list")

    @cached_property
    def focused(self) -> Objective | KeyResult | None:
        """An objective or a key result that the page is about."""
        id: UUID | None = self.choice["focus"]
        if id is None:
            return None
        objective = Objective.objects.with_people().filter(pk=id).first()
        key_result = None if objective else KeyResult.objects.with_context().filter(pk=id).first()
        if objective is None and key_result is None:
            raise Http404("There is no such objective.")
        return objective or key_result

    @property
    def focused_title(self) -> str:
        return str(self.focused.title) if self.focused else ""

    @property
    def focused_cycle(self) -> Cycle | None:
        own = self.focused.objective if isinstance(self.focused, KeyResult) else self.focused
        cycle: Cycle | None = own.cycle if own else None
        return cycle

    @cached_property
    def views(self) -> dict[UUID, ObjectiveView]:
        return load_objectives(self.organization, self.seeds, self.today, upwards=True) if self.seeds else {}

    @cached_property
    def seeds(self) -> list[UUID]:
        """Around what everything is shown: the focus, or every objective of the cycle."""
        if isinstance(self.focused, KeyResult):
            return [self.focused.objective_id]
        if self.focused:
            return [self.focused.pk]
        of_cycle = Objective.objects.filter(cycle=self.cycle) if self.cycle else Objective.objects.none()
        return list(of_cycle.in_order().values_list("pk", flat=True))

    @cached_property
    def grower(self) -> Grower:
        return Grower(
            Alignment(self.views).around(self.seeds),
            self.organization.slug,
            self.address(focus=None, open=self.opened),
            cycle=self.cycle,
            levels=self.choice["levels"] or (ALL_LEVELS if self.focused else None),
            opened=self.opened,
            focus=self.focused.pk if self.focused else None,
        )
