"""The shapes of cycles, objectives and key results in JSON."""

from typing import Any, Final, get_args

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from accounts.api.fields import ApiSerializer, Choice, Day, Instant, Number, Text, Whole
from accounts.api.references import department_reference, member_reference
from kpis.api.references import KpiReference
from kpis.api.serializers import UNIT
from okrs.actions.cycles import LONGEST_TEXT
from okrs.actions.milestones import MOST
from okrs.actions.objectives import LONGEST_DESCRIPTION
from okrs.actions.wellformed import MOST_POINTS
from okrs.api.fields import Checkpoint, PlannedPoint
from okrs.api.references import cycle_reference, key_result_reference, objective_reference
from okrs.models.choices import (
    Cadence,
    Confidence,
    CycleLength,
    CycleState,
    KeyResultKind,
    ObjectiveKind,
    ProgressFrom,
    Reads,
)
from okrs.progress import Status

STATUSES: Final[tuple[str, ...]] = get_args(Status)
STATUS_CHOICES: Final = [(status, status) for status in STATUSES]
LONGEST_REASON: Final = 2000
WEIGHT: Final[dict[str, Any]] = {"required": False, "min_value": 1e-9, "max_value": 1e9}
CADENCE_DAY = "0 (Monday) to 6 of a week, or 1 to 31 of a month, 31 being its last day."


class CycleSerializer(ApiSerializer):
    id = serializers.UUIDField(read_only=True)
    name = Text(max_length=60)
    length = Choice(CycleLength.choices, required=False)
    starts_on = Day()
    ends_on = Day(help_text="The last day, inclusive.")
    state = serializers.ChoiceField(choices=CycleState.choices, read_only=True)
    created_at = Instant(read_only=True)
    closed_at = Instant(read_only=True, allow_null=True)
    learned = Text(
        required=False, allow_blank=True, max_length=LONGEST_TEXT, help_text="The retrospective: what was learned."
    )
    carry_on = Text(required=False, allow_blank=True, max_length=LONGEST_TEXT, help_text="And what goes on from it.")


class StandingSerializer(serializers.Serializer[Any]):
    """How far something is on a day, and how far it should be."""

    progress = serializers.FloatField(read_only=True, help_text="Within 0 to 1, as it counts in what is above it.")
    expected = serializers.FloatField(read_only=True, help_text="What it should be by now, 0 to 1.")
    pace = serializers.FloatField(
        read_only=True, allow_null=True, help_text="progress / expected; null while nothing is expected."
    )
    status = serializers.ChoiceField(choices=STATUS_CHOICES, read_only=True)


class StatedSerializer(serializers.Serializer[Any]):
    """What is said beside what is computed."""

    confidence = serializers.ChoiceField(
        choices=Confidence.choices, allow_null=True, read_only=True, help_text="What was stated last."
    )
    contradicted = serializers.BooleanField(
        read_only=True, help_text="Whether confidence and status are two steps apart."
    )
    stale = serializers.BooleanField(read_only=True, help_text="Whether a check-in is more than three days overdue.")
    grade = serializers.FloatField(read_only=True, allow_null=True, help_text="0 to 1, once it was graded.")
    grade_reason = serializers.CharField(
        read_only=True, allow_blank=True, help_text="Why it is another one than proposed."
    )


class ObjectiveSerializer(StatedSerializer, StandingSerializer, ApiSerializer):
    """An objective with how it stands."""

    id = serializers.UUIDField(read_only=True)
    cycle = cycle_reference(help_text="Stays as it is once the objective is there.")
    title = Text(max_length=200)
    description = Text(required=False, allow_blank=True, max_length=LONGEST_DESCRIPTION)
    department = department_reference(required=False, allow_null=True, help_text="Null for the whole company's.")
    owner = member_reference(required=False, allow_null=True)
    parent = objective_reference(required=False, allow_null=True, help_text="The objective that it serves.")  # type: ignore[assignment]
    parent_key_result = key_result_reference(
        required=False, allow_null=True, help_text="Or the key result that it serves."
    )
    kind = Choice(ObjectiveKind.choices, required=False)
    progress_from = Choice(ProgressFrom.choices, required=False)
    weight = Number(**WEIGHT, help_text="Relative; counts in the objective that it serves.")
    carried_from = objective_reference(
        read_only=True, allow_null=True, help_text="The objective of an earlier cycle that it goes on with."
    )
    created_at = Instant(read_only=True)


class MilestoneSerializer(ApiSerializer):
    id = serializers.UUIDField(
        required=False, help_text="Of the one it goes on with; without it the one of the same title goes on."
    )
    title = Text(max_length=200)
    weight = Number(default=1.0, min_value=1e-9, max_value=1e9)
    done = serializers.BooleanField(required=False)
    done_on = Day(required=False, allow_null=True, help_text="Today if left out of what is done.")

    def validate(self, attrs: Any) -> Any:
        if "title" not in attrs:  # in a list that changes as a whole no row is partial
            raise ValidationError({"title": [ErrorDetail("Say what is to be done.", code="required")]})
        if attrs.get("done") is False and attrs.get("done_on"):
            message = ErrorDetail("What is not done has no such date; leave one of the two out.", code="not_done")
            raise ValidationError({"done_on": [message]})
        return attrs


class KeyResultSerializer(StatedSerializer, StandingSerializer, ApiSerializer):
    """A key result with how it stands."""

    id = serializers.UUIDField(read_only=True)
    objective = objective_reference(help_text="Stays as it is once the key result is there.")
    title = Text(max_length=200)
    owner = member_reference(required=False, allow_null=True, help_text="The objective's if left out.")
    kind = Choice(KeyResultKind.choices, required=False)
    kpi = KpiReference(required=False, allow_null=True, help_text="The KPI whose data moves it.")
    unit = Text(required=False, max_length=40, help_text=f"{UNIT} The KPI's if left out.")
    start = Number(
        required=False, allow_null=True, help_text="Null where a KPI's value in the period before the cycle is meant."
    )
    target = Number(required=False, allow_null=True)
    low = Number(required=False, allow_null=True, help_text="Of at_least and between.")
    high = Number(required=False, allow_null=True, help_text="Of at_most and between.")
    checkpoints = serializers.ListField(
        child=Checkpoint(),
        required=False,
        max_length=MOST_POINTS,
        help_text="[value, progress] on the way from start to target, where that is not a straight line.",
    )
    plan = serializers.ListField(
        child=PlannedPoint(),
        required=False,
        max_length=MOST_POINTS,
        help_text="[date, value]: where it should stand by then, where that is not a straight line.",
    )
    reads = Choice(Reads.choices, required=False, allow_null=True, help_text="How the KPI is read; null without one.")
    cadence = Choice(Cadence.choices, required=False, help_text="How often its owner checks in.")
    cadence_day = Whole(required=False, min_value=0, max_value=31, help_text=CADENCE_DAY)
    milestones = MilestoneSerializer(many=True, required=False, max_length=MOST)  # type: ignore[call-arg]
    weight = Number(**WEIGHT, help_text="Relative; counts in its objective.")
    starts_from = serializers.FloatField(
        read_only=True, allow_null=True, help_text="`start`, or where that is null what its KPI says instead."
    )
    current = serializers.FloatField(
        read_only=True, allow_null=True, help_text="The latest value; of milestones the weight done."
    )
    progress_raw = serializers.FloatField(
        read_only=True, help_text="Below 0 where it moved backwards, above 1 beyond the target."
    )
    proposed_grade = serializers.FloatField(
        read_only=True, help_text="What its grade would be if the cycle were closed now."
    )
    next_due = serializers.DateField(read_only=True, allow_null=True, help_text="When the next check-in is due.")
    carried_from = key_result_reference(
        read_only=True, allow_null=True, help_text="The key result of an earlier cycle that it goes on with."
    )
    created_at = Instant(read_only=True)


class ChangedKeyResultSerializer(KeyResultSerializer):
    reason = Text(
        write_only=True,
        required=False,
        allow_blank=True,
        max_length=LONGEST_REASON,
        help_text="Why it changes: needed for kind, start, target, low and high once somebody has checked in.",
    )
