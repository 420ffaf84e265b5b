"""``cycles/{id}/close/``: from a checked body to the verb that closes a cycle."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from accounts.actors import Actor
from accounts.api.fields import ApiSerializer, Number, Text
from accounts.api.problems import details_of
from okrs.actions.closing import LONGEST_REASON, Grade, close_cycle
from okrs.actions.cycles import LONGEST_TEXT
from okrs.models import Cycle

MOST = 5000


class GradeSerializer(ApiSerializer):
    grade = Number(min_value=0, max_value=1)
    reason = Text(
        required=False, allow_blank=True, max_length=LONGEST_REASON, help_text="Why it is another one than proposed."
    )


class KeyResultGradeSerializer(GradeSerializer):
    key_result = serializers.UUIDField()


class ObjectiveGradeSerializer(GradeSerializer):
    objective = serializers.UUIDField()


class CloseSerializer(ApiSerializer):
    grades = KeyResultGradeSerializer(many=True, required=False, max_length=MOST)  # type: ignore[call-arg]
    objective_grades = ObjectiveGradeSerializer(many=True, required=False, max_length=MOST)  # type: ignore[call-arg]
    learned = Text(required=False, allow_blank=True, max_length=LONGEST_TEXT)
    carry_on = Text(required=False, allow_blank=True, max_length=LONGEST_TEXT)


def close(actor: Actor, cycle: Cycle, given: Mapping[str, Any], now: dt.datetime) -> Cycle:
    """Close the cycle of a body; what is wrong with a grade is wrong where it stands in the body."""
    rows, of_objectives = given.get("grades", []), given.get("objective_grades", [])
    try:
        return close_cycle(
            actor,
            cycle,
            now=now,
            grades=_by_id(rows, "key_result", "grades"),
            objective_grades=_by_id(of_objectives, "objective", "objective_grades"),
            learned=given.get("learned"),
            carry_on=given.get("carry_on"),
        )
    except DjangoValidationError as error:
        raise _pointed(error, rows, of_objectives) from None


def _by_id(rows: Sequence[Mapping[str, Any]], name: str, member: str) -> dict[UUID, Grade]:
    grades: dict[UUID, Grade] = {}
    for index, row in enumerate(rows):
        if row[name] in grades:
            message = ErrorDetail("It has a grade in this body already; give one.", code="repeated")
            raise ValidationError({member: {str(index): {name: [message]}}})
        grades[row[name]] = Grade(row["grade"], row.get("reason", ""))
    return grades


def _pointed(
    refused: DjangoValidationError, rows: Sequence[Mapping[str, Any]], of_objectives: Sequence[Mapping[str, Any]]
) -> ValidationError:
    """The verb names grades by the ids of what is graded."""
    places = {str(row["key_result"]): ("grades", index, "key_result") for index, row in enumerate(rows)}
    places |= {
        str(row["objective"]): ("objective_grades", index, "objective") for index, row in enumerate(of_objectives)
    }
    details: dict[str, Any] = {}
    for name, errors in refused.error_dict.items() if hasattr(refused, "error_dict") else ():
        if name not in places:
            continue
        member, index, subject = places[name]
        for error in errors:
            field = subject if error.code == "unknown" else (error.params or {}).get("field", "")
            leaf = ErrorDetail(error.messages[0], code=error.code or "invalid")
            details.setdefault(member, {}).setdefault(index, {}).setdefault(field, []).append(leaf)
    rest = {name: leaves for name, leaves in details_of(refused).items() if name not in places}
    return ValidationError({**details, **rest})
