"""Which objectives, key results, check-ins and initiatives a list shows."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from accounts.api.filters import ReferenceFilter
from accounts.api.references import departments, members
from kpis.api.filters import KpiFilter
from okrs.api.references import cycles, key_results, objectives
from okrs.api.serializers import STATUS_CHOICES
from okrs.models import Initiative, KeyResult, Objective
from okrs.models.choices import CycleState, InitiativeState, KeyResultKind
from okrs.reading import load_key_results, load_objectives


class CycleFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=CycleState.choices)


class ObjectiveFilters(django_filters.FilterSet):
    cycle = ReferenceFilter(cycles)
    department = ReferenceFilter(departments)
    owner = ReferenceFilter(members)
    parent = ReferenceFilter(objectives)
    search = django_filters.CharFilter(method="_search", label="A part of the title.")
    # The last one, because it works out the progress of what the others left.
    status = django_filters.ChoiceFilter(choices=STATUS_CHOICES, method="_status", label="The computed status.")

    def _search(self, rows: QuerySet[Objective], name: str, text: str) -> QuerySet[Objective]:
        return rows.filter(title__icontains=text)

    def _status(self, rows: QuerySet[Objective], name: str, status: str) -> QuerySet[Objective]:
        view = self.request.parser_context["view"]
        found = load_objectives(view.organization, list(rows.values_list("pk", flat=True)), view.day)
        return rows.filter(pk__in=[id for id, one in found.items() if one.status == status])


class KeyResultFilters(django_filters.FilterSet):
    objective = ReferenceFilter(objectives)
    cycle = ReferenceFilter(cycles, field_name="objective__cycle", parameter="cycle")
    owner = ReferenceFilter(members)
    kpi = KpiFilter()
    kind = django_filters.ChoiceFilter(choices=KeyResultKind.choices)
    status = django_filters.ChoiceFilter(choices=STATUS_CHOICES, method="_status", label="The computed status.")

    def _status(self, rows: QuerySet[KeyResult], name: str, status: str) -> QuerySet[KeyResult]:
        view = self.request.parser_context["view"]
        found = load_key_results(view.organization, list(rows.values_list("pk", flat=True)), view.day)
        return rows.filter(pk__in=[one.id for one in found if one.status == status])


class CheckInFilters(django_filters.FilterSet):
    key_result = ReferenceFilter(key_results)
    cycle = ReferenceFilter(cycles, field_name="key_result__objective__cycle", parameter="cycle")
    member = ReferenceFilter(members)


class InitiativeFilters(django_filters.FilterSet):
    key_result = ReferenceFilter(key_results)
    cycle = ReferenceFilter(cycles, field_name="key_result__objective__cycle", parameter="cycle")
    owner = ReferenceFilter(members)
    state = django_filters.ChoiceFilter(choices=InitiativeState.choices)
    overdue = django_filters.ChoiceFilter(
        choices=[("true", "Overdue"), ("false", "Not overdue")], method="_overdue", label="Unfinished after `due_on`."
    )

    def _overdue(self, rows: QuerySet[Initiative], name: str, text: str) -> QuerySet[Initiative]:
        view: Any = self.request.parser_context["view"]
        overdue = Initiative.objects.overdue(view.organization.today(view.now))
        return rows.filter(pk__in=overdue) if text == "true" else rows.exclude(pk__in=overdue)
