"""Which KPIs, or which rows about them, a list shows."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from rest_framework.exceptions import ErrorDetail, ValidationError

from accounts.api.filters import ArchivedFilter, ReferenceFilter
from accounts.api.references import departments, members
from kpis.api.references import named
from kpis.models import Kpi, Standing
from kpis.models.choices import Category, Indicator, Kind, Level, Source, Status


class KpiFilter(django_filters.CharFilter):
    """Rows about a KPI, by its id or key; one that is not there, or is another organization's, is refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": "The KPI's id or key.", **kwargs})

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        if not value:
            return qs
        found = named(Kpi.objects.all(), value).first()
        if found is None:
            message = "There is no KPI with this id or key."
            raise ValidationError({self.field_name: [ErrorDetail(message, code="unknown")]})
        return qs.filter(**{self.field_name: found})


class KpiFilters(django_filters.FilterSet):
    department = ReferenceFilter(departments)
    owner = ReferenceFilter(members)
    status = django_filters.ChoiceFilter(choices=Status.choices, method="_status", label="The current status.")
    category = django_filters.ChoiceFilter(choices=Category.choices)
    level = django_filters.ChoiceFilter(choices=Level.choices)
    indicator = django_filters.ChoiceFilter(choices=Indicator.choices)
    kind = django_filters.ChoiceFilter(choices=Kind.choices)
    source = django_filters.ChoiceFilter(choices=Source.choices)
    archived = ArchivedFilter()
    search = django_filters.CharFilter(method="_search", label="A part of the name, key or description.")

    def _status(self, kpis: QuerySet[Kpi], name: str, status: str) -> QuerySet[Kpi]:
        """By the status that ``current`` shows: without a standing there is no data, and late says more than that."""
        standings = Standing.objects.filter(kpi_id=OuterRef("pk"))
        late = standings.filter(Q(status=Status.LATE) | Q(status=Status.NO_DATA, is_late=True))
        if status == Status.LATE:
            return kpis.filter(Exists(late))
        if status == Status.NO_DATA:
            return kpis.filter(~Exists(standings.exclude(status=Status.NO_DATA)), ~Exists(late))
        return kpis.filter(Exists(standings.filter(status=status)))

    def _search(self, kpis: QuerySet[Kpi], name: str, text: str) -> QuerySet[Kpi]:
        return kpis.filter(Q(name__icontains=text) | Q(key__icontains=text) | Q(description__icontains=text))
