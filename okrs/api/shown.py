"""Objectives and key results as JSON, in the order of the documentation."""

from typing import Any

from okrs.models import Milestone
from okrs.reading import KeyResultView, ObjectiveView


def shown_objective(view: ObjectiveView) -> dict[str, Any]:
    row = view.objective
    return {
        "id": row.pk,
        "cycle": row.cycle_id,
        "title": row.title,
        "description": row.description,
        "department": row.department_id,
        "owner": row.owner_id,
        "parent": row.parent_id,
        "parent_key_result": row.parent_key_result_id,
        "kind": row.kind,
        "progress_from": row.progress_from,
        "weight": row.weight,
        **standing(view),
        **_stated(view, row.grade_reason),
        "carried_from": row.carried_from_id,
        "created_at": row.created_at,
    }


def shown_key_result(view: KeyResultView) -> dict[str, Any]:
    row = view.key_result
    return {
        "id": row.pk,
        "objective": row.objective_id,
        "title": row.title,
        "owner": row.owner_id,
        "kind": row.kind,
        "kpi": row.kpi_id,
        "unit": row.unit,
        "start": row.start,
        "target": row.target,
        "low": row.low,
        "high": row.high,
        "checkpoints": row.checkpoints,
        "plan": row.plan,
        "reads": row.reads or None,
        "cadence": row.cadence,
        "cadence_day": row.cadence_day,
        "milestones": [_milestone(one) for one in view.milestones],
        "weight": row.weight,
        "starts_from": view.start,
        "current": view.current,
        "progress_raw": view.progress_raw,
        **standing(view),
        **_stated(view, row.grade_reason),
        "proposed_grade": view.proposed_grade,
        "next_due": view.next_due,
        "carried_from": row.carried_from_id,
        "created_at": row.created_at,
    }


def standing(view: ObjectiveView | KeyResultView) -> dict[str, Any]:
    """How far it is and should be."""
    return {"progress": view.progress, "expected": view.expected, "pace": view.pace, "status": view.status}


def _stated(view: ObjectiveView | KeyResultView, reason: str) -> dict[str, Any]:
    return {
        "confidence": view.confidence,
        "contradicted": view.is_contradicted,
        "stale": view.stale,
        "grade": view.grade,
        "grade_reason": reason,
    }


def _milestone(row: Milestone) -> dict[str, Any]:
    return {
        "id": row.pk,
        "title": row.title,
        "weight": row.weight,
        "done": row.done_on is not None,
        "done_on": row.done_on,
    }
