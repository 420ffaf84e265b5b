"""``kpis/{id}/annotations/``: what happened to a KPI on a date."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import ApiSerializer, Day, Instant, Text
from accounts.api.permissions import READ, WRITE_OWN
from accounts.api.references import member_reference
from kpis.actions.annotating import annotate_kpi, remove_annotation, update_annotation
from kpis.actions.permissions import require_edit
from kpis.api.examples import NEW_ANNOTATION
from kpis.api.nested import OfKpiViewSet
from kpis.models import Annotation

EXAMPLES = [OpenApiExample("A change of the process", NEW_ANNOTATION, request_only=True)]


class AnnotationSerializer(ApiSerializer):
    id = serializers.UUIDField(read_only=True)
    on = Day()
    text = Text(max_length=200)
    is_process_change = serializers.BooleanField(
        required=False, help_text="Whether the limits of ordinary variation begin anew on this date."
    )
    member = member_reference(read_only=True, allow_null=True, help_text="Who wrote it; null for a program.")
    created_at = Instant(read_only=True)


class AnnotationViewSet(OfKpiViewSet):
    model = Annotation
    needs = {"list": READ, "create": WRITE_OWN, "partial_update": WRITE_OWN, "destroy": WRITE_OWN}
    serializer_class = AnnotationSerializer
    ordering_fields = ("on", "created_at")
    ordering = ("-on", "-id")

    def rows(self) -> QuerySet[Annotation]:
        return Annotation.objects.filter(kpi=self.kpi())

    def get_object(self) -> Annotation:
        found = self.rows().select_related("kpi").filter(pk=self.kwargs["annotation"]).first()
        if found is None:
            raise NotFound("This KPI has no annotation with this id.")
        return found

    def list(self, request: Request, id: str) -> Response:
        """List a KPI's annotations, the latest date first."""
        return self.page()

    @extend_schema(examples=EXAMPLES)
    def create(self, request: Request, id: str) -> Response:
        """Note what happened on a date.

        Contributors may for KPIs they own.
        """
        kpi = self.kpi()
        require_edit(self.actor, kpi)
        return self.shown(annotate_kpi(self.actor, kpi, now=self.now, **self.validated()), status=201)

    def partial_update(self, request: Request, id: str, annotation: Any) -> Response:
        """Reword an annotation or move it; for whoever wrote it, and for editors."""
        found = self.get_object()
        return self.shown(update_annotation(self.actor, found, now=self.now, **self.validated(partial=True)))

    def destroy(self, request: Request, id: str, annotation: Any) -> Response:
        """Remove an annotation; for whoever wrote it, and for editors."""
        remove_annotation(self.actor, self.get_object(), now=self.now)
        return Response(status=204)
