"""The shape of a KPI's JSON."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from accounts.api.fields import ApiSerializer, Choice, Day, Instant, Number, Text, Whole
from accounts.api.references import department_reference, member_reference
from kpis.api.references import KpiReference
from kpis.models.choices import (
    Aggregation,
    Category,
    Direction,
    Frequency,
    Indicator,
    Kind,
    Level,
    PaceProfile,
    ReviewCadence,
    Rollup,
    Source,
    Status,
    TargetPath,
)
from kpis.models.kpis import validate_key

UNIT = "number, percent, ratio, currency:<ISO 4217>, duration:<s|min|h|d> or custom:<label>."
CRITERIA = ("specific", "measurable", "achievable", "relevant", "time_bound", "actionable")
FORMULA = "Names other KPIs by their keys, such as net_sales / baskets; exactly where the source is formula."


class LinkSerializer(ApiSerializer):
    kpi = KpiReference(help_text="The parent.")
    weight = Number(default=1.0, min_value=1e-9, max_value=1e9, help_text="Relative; counts in weighted means.")
    contribution = serializers.ChoiceField(choices=[1, -1], default=1, help_text="-1 subtracts, as a cost does.")
    valid_from = Day(required=False, allow_null=True, default=None)
    valid_to = Day(required=False, allow_null=True, default=None)


class AppraisalSerializer(serializers.Serializer[Any]):
    """A period's value, judged."""

    period = serializers.DateField(allow_null=True, help_text="The period's first date.")
    value = serializers.FloatField(allow_null=True)
    target = serializers.FloatField(allow_null=True)
    floor = serializers.FloatField(allow_null=True, help_text="The red flag: where the score is 0.")
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    attainment = serializers.FloatField(allow_null=True, help_text="value / target, where both are positive.")
    score_raw = serializers.FloatField(allow_null=True, help_text="0 at the floor, 1 at the target.")
    score = serializers.FloatField(allow_null=True, help_text="score_raw within 0 to 1.")
    status = serializers.ChoiceField(choices=Status.choices, allow_null=True)
    coverage = serializers.FloatField(allow_null=True, help_text="The part of what it is computed from that is there.")
    problem = serializers.CharField(allow_null=True, help_text="Why there is no value.")


class MissingSerializer(serializers.Serializer[Any]):
    criterion = serializers.ChoiceField(choices=CRITERIA)
    detail = serializers.CharField(help_text="What is missing, and what would be right.")


class SmartSerializer(serializers.Serializer[Any]):
    """Whether it is specific, measurable, achievable, relevant and time-bound, and whether a step is planned."""

    met = serializers.ListField(child=serializers.CharField(), help_text="The criteria that are met.")
    missing = MissingSerializer(many=True)


class KpiSerializer(ApiSerializer):
    id = serializers.UUIDField(read_only=True)
    key = Text(
        max_length=64,
        required=False,
        validators=[validate_key],
        help_text="What pushes call it by; made from the name if left out.",
    )
    name = Text(max_length=120)
    description = Text(required=False, allow_blank=True, max_length=5000)
    department = department_reference(required=False, allow_null=True)
    owner = member_reference(required=False, allow_null=True)
    kind = Choice(Kind.choices, required=False)
    parent = KpiReference(required=False, allow_null=True, help_text="Shorthand for one link.")  # type: ignore[assignment]
    parents = LinkSerializer(many=True, required=False, max_length=100)  # type: ignore[call-arg]
    weight = Number(required=False, min_value=1e-9, max_value=1e9, help_text="Of the link to `parent`.")
    contribution = serializers.ChoiceField(choices=[1, -1], required=False, help_text="Of the link to `parent`.")
    weight_by = KpiReference(required=False, allow_null=True, help_text="The KPI that weighs it in weighted means.")
    carry_forward = Whole(required=False, min_value=0, max_value=366)
    due_after_days = Whole(required=False, allow_null=True, min_value=0, max_value=366)
    pace_profile = Choice(
        PaceProfile.choices, required=False, help_text="How a running period is judged: by its days, or as a year ago."
    )
    review_cadence = Choice(ReviewCadence.choices, required=False)
    category = Choice(Category.choices, required=False)
    level = Choice(Level.choices, required=False)
    indicator = Choice(Indicator.choices, required=False)
    unit = Text(max_length=40, help_text=UNIT)
    decimals = Whole(required=False, min_value=0, max_value=6)
    direction = Choice(Direction.choices)
    frequency = Choice(Frequency.choices)
    aggregation = Choice(Aggregation.choices, required=False)
    source = Choice(Source.choices)  # type: ignore[assignment]
    rollup = Choice(Rollup.choices, required=False, allow_null=True)
    formula = Text(
        required=False, allow_null=True, allow_blank=True, trim_whitespace=False, max_length=1000, help_text=FORMULA
    )
    target_path = Choice(TargetPath.choices, required=False, help_text="How targets get from one row to the next.")
    reason = Text(
        write_only=True,
        required=False,
        allow_blank=True,
        max_length=500,
        help_text="Why, needed where another `target_path` changes a target that was promised.",
    )
    on_track_at = Number(required=False, allow_null=True, min_value=-10, max_value=10)
    at_risk_at = Number(required=False, allow_null=True, min_value=-10, max_value=10)
    archived_at = Instant(read_only=True, allow_null=True)
    smart = SmartSerializer(read_only=True)
    created_at = Instant(read_only=True)
    current = AppraisalSerializer(read_only=True)
    open = AppraisalSerializer(read_only=True, allow_null=True, help_text="The period that runs, so far.")

    def validate(self, attrs: Any) -> Any:
        if attrs.get("parent") and attrs.get("parents"):
            message = ErrorDetail("Give either parent or parents, not both.", code="ambiguous")
            raise ValidationError({"parent": [message]})
        if not self.partial and not attrs.get("parent"):
            message = ErrorDetail("This is the link's to parent; name the parent too.", code="no_parent")
            stray = {name: [message] for name in ("weight", "contribution") if attrs.get(name, 1) != 1}
            if stray:
                raise ValidationError(stray)
        return attrs
