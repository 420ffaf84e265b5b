"""``key-results/``: by what an objective is measured, with how it stands."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import Number
from accounts.api.permissions import READ, WRITE_OWN
from kpis.api.knowing import AS_OF
from okrs.actions.closing import grade_key_result
from okrs.actions.key_results import create_key_result, remove_key_result, update_key_result
from okrs.actions.milestones import set_milestones
from okrs.actions.permissions import require_edit_key_result
from okrs.api.closing import GradeSerializer
from okrs.api.examples import GRADE_EXAMPLES, KEY_RESULT_EXAMPLES
from okrs.api.filters import KeyResultFilters
from okrs.api.milestones import milestone_specs
from okrs.api.serializers import ChangedKeyResultSerializer, KeyResultSerializer
from okrs.api.shown import shown_key_result
from okrs.api.standpoints import StandpointViewSet
from okrs.models import KeyResult
from okrs.models.choices import KeyResultKind
from okrs.reading import load_key_results


class TakenBackGradeSerializer(GradeSerializer):
    grade = Number(min_value=0, max_value=1, allow_null=True, help_text="Null takes it back.")


class KeyResultViewSet(StandpointViewSet):
    model = KeyResult
    needs = {
        "list": READ,
        "retrieve": READ,
        "create": WRITE_OWN,
        "partial_update": WRITE_OWN,
        "destroy": WRITE_OWN,
        "grade": WRITE_OWN,
    }
    parameters = {"retrieve": {"as_of"}}
    serializer_class = KeyResultSerializer
    filterset_class = KeyResultFilters
    ordering_fields = ("position", "title", "created_at")
    ordering = ("position", "id")
    noun = "key result"

    def rows(self) -> QuerySet[KeyResult]:
        return KeyResult.objects.with_context()

    def as_shown(self, rows: Sequence[KeyResult]) -> list[dict[str, Any]]:
        views = {view.id: view for view in load_key_results(self.organization, [row.pk for row in rows], self.day)}
        return [shown_key_result(views[row.pk]) for row in rows]

    def list(self, request: Request) -> Response:
        """List key results with their progress."""
        return self.page()

    @extend_schema(parameters=[AS_OF], examples=KEY_RESULT_EXAMPLES)
    def retrieve(self, request: Request, id: Any) -> Response:
        """One key result, as it stands or as it stood."""
        return Response(shown_key_result(self.key_result_view()))

    @extend_schema(examples=KEY_RESULT_EXAMPLES)
    def create(self, request: Request) -> Response:
        """Measure an objective by one more key result.

        Contributors may for objectives they own. With a `kpi` its data moves it, and check-ins carry confidence and
        words only.
        """
        given = self.validated()
        objective, fields = given.pop("objective"), _fields(given)
        specs = list(milestone_specs(given.get("milestones", []), [], self.day))
        made = create_key_result(self.actor, objective, now=self.now, milestones=specs, **fields)
        return self.shown(made, status=201)

    @extend_schema(request=ChangedKeyResultSerializer(partial=True), examples=KEY_RESULT_EXAMPLES)
    def partial_update(self, request: Request, id: Any) -> Response:
        """Change a key result; `milestones` replaces the whole list of them.

        Contributors may change those they own and those of their objectives. Once somebody has checked in, changing
        what is to be reached (kind, start, target, low, high) needs a `reason`.
        """
        key_result = self.get_object()
        require_edit_key_result(self.actor, key_result)
        given = self.validated(ChangedKeyResultSerializer, partial=True)
        if given.pop("objective", key_result.objective) != key_result.objective:
            message = "A key result stays with its objective; set another one there."
            raise ValidationError({"objective": [ErrorDetail(message, code="fixed")]})
        return self.shown(self._changed(key_result, given))

    def destroy(self, request: Request, id: Any) -> Response:
        """Remove a key result; refused while objectives are aligned to it.

        What it was can still be read with `as_of`.
        """
        remove_key_result(self.actor, self.get_object(), now=self.now)
        return Response(status=204)

    @extend_schema(request=TakenBackGradeSerializer, responses=KeyResultSerializer, examples=GRADE_EXAMPLES)
    def grade(self, request: Request, id: Any) -> Response:
        """Grade a key result ahead of the end of its cycle, or take that back.

        Another grade than the proposed one needs a `reason`.
        """
        key_result = self.get_object()
        require_edit_key_result(self.actor, key_result)
        given = self.validated(TakenBackGradeSerializer)
        return self.shown(grade_key_result(self.actor, key_result, now=self.now, **given))

    def _changed(self, key_result: KeyResult, given: Mapping[str, Any]) -> KeyResult:
        """Milestones that go are removed before the kind changes, those that come are added after."""
        was_by_milestones = key_result.kind == KeyResultKind.MILESTONES
        if was_by_milestones:
            self._set_milestones(key_result, given)
        fields = _fields(given)
        if fields:
            key_result = update_key_result(self.actor, key_result, now=self.now, **fields)
        if not was_by_milestones:
            self._set_milestones(key_result, given)
        return key_result

    def _set_milestones(self, key_result: KeyResult, given: Mapping[str, Any]) -> None:
        rows = given.get("milestones")
        if rows is None or not (rows or key_result.kind == KeyResultKind.MILESTONES):
            return
        specs = milestone_specs(rows, list(key_result.milestones.in_order()), self.day)
        set_milestones(self.actor, key_result, list(specs), now=self.now)


def _fields(given: Mapping[str, Any]) -> dict[str, Any]:
    """As the verbs take them: how a KPI is read is an empty text where there is none."""
    fields = {name: value for name, value in given.items() if name != "milestones"}
    return fields | ({"reads": fields["reads"] or ""} if "reads" in fields else {})
