"""``key-results/{id}/check-ins/`` and ``check-ins/``: what owners say, and what follows from it at once."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import ApiSerializer, Choice, Day, Instant, Number, Text
from accounts.api.permissions import READ, WRITE_OWN
from accounts.api.references import member_reference
from accounts.api.viewsets import ApiViewSet
from okrs.actions.checking_in import LONGEST_COMMENT, check_in, correct_check_in, remove_check_in
from okrs.actions.permissions import require_check_in
from okrs.api.examples import CHECK_IN_EXAMPLES
from okrs.api.filters import CheckInFilters
from okrs.api.references import key_result_reference
from okrs.api.serializers import StandingSerializer
from okrs.api.shown import standing
from okrs.models import CheckIn, KeyResult
from okrs.models.choices import Confidence
from okrs.reading import load_objective


class CheckInSerializer(ApiSerializer):
    id = serializers.UUIDField(read_only=True)
    key_result = key_result_reference(read_only=True)
    on = Day(required=False, help_text="As of which day; today if left out.")
    value = Number(
        required=False, allow_null=True, help_text="Null, or left out, where only words are said, or data moves it."
    )
    confidence = Choice(Confidence.choices, help_text="How sure its owner is that it will be reached.")
    comment = Text(required=False, allow_blank=True, max_length=LONGEST_COMMENT)
    member = member_reference(read_only=True, allow_null=True, help_text="Who said it; null for a program.")
    recorded_at = Instant(read_only=True)


class MovedKeyResultSerializer(StandingSerializer):
    current = serializers.FloatField(allow_null=True)
    progress_raw = serializers.FloatField()


class MovedSerializer(serializers.Serializer[Any]):
    key_result = MovedKeyResultSerializer()
    objective = StandingSerializer()


class RecordedCheckInSerializer(CheckInSerializer):
    standing = MovedSerializer(read_only=True, help_text="How the key result and its objective stand with it.")


class RecordingViewSet(ApiViewSet):
    """Answers a check-in with what it led to."""

    model = CheckIn
    serializer_class = CheckInSerializer
    noun = "check-in"

    def recorded(self, said: CheckIn, *, status: int = 200) -> Response:
        key_result = KeyResult.objects.with_context().get(pk=said.key_result_id)
        above = load_objective(self.organization, key_result.objective, self.organization.today(self.now))
        own = next(view for view in above.key_results if view.id == key_result.pk)
        moved = {**standing(own), "current": own.current, "progress_raw": own.progress_raw}
        shown = self.as_shown([said])[0]
        return Response({**shown, "standing": {"key_result": moved, "objective": standing(above)}}, status=status)


class CheckInsOfKeyResultViewSet(RecordingViewSet):
    needs = {"list": READ, "create": WRITE_OWN}
    ordering_fields = ("on", "recorded_at")
    ordering = ("-on", "-id")

    def rows(self) -> QuerySet[CheckIn]:
        return CheckIn.objects.filter(key_result=self._key_result())

    @extend_schema(responses=CheckInSerializer(many=True))
    def list(self, request: Request, id: Any) -> Response:
        """List the check-ins on a key result, the latest day first."""
        return self.page()

    @extend_schema(request=CheckInSerializer, responses={201: RecordedCheckInSerializer}, examples=CHECK_IN_EXAMPLES)
    def create(self, request: Request, id: Any) -> Response:
        """Check in: say where a key result stands and how sure you are.

        Contributors may on those they own and those of their objectives. A second check-in of the same day corrects the
        first one, which stays known.
        """
        key_result = self._key_result()
        require_check_in(self.actor, key_result)
        said = check_in(self.actor, key_result, now=self.now, **self.validated())
        return self.recorded(said, status=201)

    def _key_result(self) -> KeyResult:
        found = KeyResult.objects.with_context().filter(pk=self.kwargs["id"]).first()
        if found is None:
            raise NotFound("There is no key result with this id.")
        return found


class CheckInViewSet(RecordingViewSet):
    needs = {
        "list": READ,
        "retrieve": READ,
        "update": WRITE_OWN,
        "partial_update": WRITE_OWN,
        "destroy": WRITE_OWN,
    }
    filterset_class = CheckInFilters
    ordering_fields = ("on", "recorded_at")
    ordering = ("-on", "-id")

    def rows(self) -> QuerySet[CheckIn]:
        return CheckIn.objects.filter(key_result__removed_at=None).select_related("key_result__objective")

    def list(self, request: Request) -> Response:
        """List the check-ins on all key results, the latest day first."""
        return self.page()

    def retrieve(self, request: Request, id: Any) -> Response:
        """One check-in."""
        return self.shown(self.get_object())

    @extend_schema(request=CheckInSerializer, responses=RecordedCheckInSerializer, examples=CHECK_IN_EXAMPLES)
    def update(self, request: Request, id: Any) -> Response:
        """Correct a check-in as a whole: without a value it has none, without a comment an empty one.

        What it said before stays known. Its day stays unless `on` says another one.
        """
        said = self.get_object()
        require_check_in(self.actor, said.key_result)
        given = {"value": None, "comment": "", **self.validated()}
        return self.recorded(correct_check_in(self.actor, said, now=self.now, **given))

    @extend_schema(
        request=CheckInSerializer(partial=True), responses=RecordedCheckInSerializer, examples=CHECK_IN_EXAMPLES
    )
    def partial_update(self, request: Request, id: Any) -> Response:
        """Correct what the body names of a check-in; what it said before stays known."""
        said = self.get_object()
        return self.recorded(correct_check_in(self.actor, said, now=self.now, **self.validated(partial=True)))

    def destroy(self, request: Request, id: Any) -> Response:
        """Take a check-in back; what it said stays known."""
        remove_check_in(self.actor, self.get_object(), now=self.now)
        return Response(status=204)
