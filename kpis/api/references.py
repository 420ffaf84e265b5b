"""KPIs as the API names them: by id or by key."""

from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework.exceptions import NotFound

from accounts.api.fields import Reference, as_uuid
from kpis.models import Kpi


@extend_schema_field({"type": "string", "description": "A KPI's id or key; shown is the id."})
class KpiReference(Reference):
    default_error_messages = {"unknown": "There is no KPI with this id or key."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("KPI", Kpi.objects.all, **kwargs)

    def find(self, name: str) -> Kpi | None:
        return named(Kpi.objects.all(), name).first()


def named(kpis: QuerySet[Kpi], name: str) -> QuerySet[Kpi]:
    """The KPI of an id or key, if there is one. A key cannot look like an id, so nothing has two."""
    if "\0" in name:
        return kpis.none()
    identifier = as_uuid(name)
    return kpis.filter(Q(pk=identifier) if identifier else Q(key=name))


def kpi_at(kpis: QuerySet[Kpi], name: str) -> Kpi:
    """The KPI that a path names, or 404."""
    found = named(kpis, name).first()
    if found is None:
        raise NotFound("There is no KPI with this id or key.")
    return found
