"""What an integrator sees beside the schema."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample

_CYCLE = "01a20a6b-52ee-77ba-a112-fa093c68aa90"
_OBJECTIVE = "01a20a6b-52ee-77ba-a112-fa093c68aa91"
_KEY_RESULT = "01a20a6b-52ee-77ba-a112-fa093c68aa92"
_CHECK_IN = "01a20a6b-52ee-77ba-a112-fa093c68aa93"
_INITIATIVE = "01a20a6b-52ee-77ba-a112-fa093c68aa94"
NEW_CYCLE: Final = {"name": "Q1 2027", "starts_on": "2027-01-01", "ends_on": "2027-03-31", "length": "quarter"}
SHOWN_CYCLE: Final[dict[str, Any]] = {
    "id": _CYCLE,
    "name": "Q4 2026",
    "length": "quarter",
    "starts_on": "2026-10-01",
    "ends_on": "2026-12-31",
    "state": "active",
    "created_at": "2026-09-21T08:00:00Z",
    "closed_at": None,
    "learned": "",
    "carry_on": "",
}
CYCLE_EXAMPLES: Final = [
    OpenApiExample("A quarter", NEW_CYCLE, request_only=True),
    OpenApiExample("Q4 2026", SHOWN_CYCLE, response_only=True),
]
CLONE_EXAMPLES: Final = [OpenApiExample("The next quarter", NEW_CYCLE, request_only=True)]
CLOSE: Final = {
    "grades": [{"key_result": _KEY_RESULT, "grade": 0.7, "reason": "The last week was a public holiday"}],
    "learned": "Fresh goods sell when they are there by seven.",
    "carry_on": "Daily berries.",
}
CLOSE_EXAMPLES: Final = [
    OpenApiExample("All as proposed but one", CLOSE, request_only=True),
    OpenApiExample(
        "Q4 2026", {**SHOWN_CYCLE, "state": "closed", "closed_at": "2027-01-02T09:00:00Z"}, response_only=True
    ),
]
CARRIED: Final = OpenApiExample("One goes on", {"key_results": [_KEY_RESULT]}, request_only=True)
_STANDING: Final[dict[str, Any]] = {
    "progress": 0.45,
    "expected": 0.532608695652174,
    "pace": 0.8448979591836735,
    "status": "on_track",
}
_STATED: Final[dict[str, Any]] = {
    "confidence": "at_risk",
    "contradicted": False,
    "stale": False,
    "grade": None,
    "grade_reason": "",
}
NEW_OBJECTIVE: Final = {"cycle": _CYCLE, "title": "Grow fresh", "kind": "aspirational"}
SHOWN_OBJECTIVE: Final[dict[str, Any]] = {
    "id": _OBJECTIVE,
    "cycle": _CYCLE,
    "title": "Grow fresh",
    "description": "",
    "department": None,
    "owner": None,
    "parent": None,
    "parent_key_result": None,
    "kind": "aspirational",
    "progress_from": "key_results",
    "weight": 1.0,
    **_STANDING,
    **_STATED,
    "carried_from": None,
    "created_at": "2026-09-28T08:00:00Z",
}
OBJECTIVE_EXAMPLES: Final = [
    OpenApiExample("The company's", NEW_OBJECTIVE, request_only=True),
    OpenApiExample("Grow fresh", SHOWN_OBJECTIVE, response_only=True),
]
NEW_KEY_RESULT: Final = {"objective": _OBJECTIVE, "title": "Supply 60 shops", "start": 20, "target": 60}
LINKED_KEY_RESULT: Final = {
    "objective": _OBJECTIVE,
    "title": "Sell produce for 5,000 a week",
    "kpi": "produce_sales",
    "target": 5000,
}
BY_MILESTONES: Final = {
    "objective": _OBJECTIVE,
    "title": "Berries arrive daily",
    "kind": "milestones",
    "milestones": [
        {"title": "Choose a grower", "weight": 1, "done": True},
        {"title": "First delivery", "weight": 2, "done": False},
    ],
}
SHOWN_KEY_RESULT: Final[dict[str, Any]] = {
    "id": _KEY_RESULT,
    "objective": _OBJECTIVE,
    "title": "Supply 60 shops",
    "owner": None,
    "kind": "metric",
    "kpi": None,
    "unit": "number",
    "start": 20.0,
    "target": 60.0,
    "low": None,
    "high": None,
    "checkpoints": [],
    "plan": [],
    "reads": None,
    "cadence": "weekly",
    "cadence_day": 4,
    "milestones": [],
    "weight": 1.0,
    "starts_from": 20.0,
    "current": 38.0,
    "progress_raw": 0.45,
    **_STANDING,
    **_STATED,
    "proposed_grade": 0.45,
    "next_due": "2026-11-20",
    "carried_from": None,
    "created_at": "2026-09-28T08:00:00Z",
}
KEY_RESULT_EXAMPLES: Final = [
    OpenApiExample("A number that its owner reports", NEW_KEY_RESULT, request_only=True),
    OpenApiExample("Moved by a KPI", LINKED_KEY_RESULT, request_only=True),
    OpenApiExample("By milestones", BY_MILESTONES, request_only=True),
    OpenApiExample("Supply 60 shops", SHOWN_KEY_RESULT, response_only=True),
]
GRADE_EXAMPLES: Final = [
    OpenApiExample("Another one than proposed", {"grade": 0.7, "reason": "Two shops signed"}, request_only=True),
    OpenApiExample("Supply 60 shops", SHOWN_KEY_RESULT, response_only=True),
]
NEW_CHECK_IN: Final = {"value": 38, "confidence": "at_risk", "comment": "Two shops wait for their contracts"}
SHOWN_CHECK_IN: Final[dict[str, Any]] = {
    "id": _CHECK_IN,
    "key_result": _KEY_RESULT,
    "on": "2026-11-18",
    "value": 38.0,
    "confidence": "at_risk",
    "comment": "Two shops wait for their contracts",
    "member": None,
    "recorded_at": "2026-11-18T09:30:00Z",
    "standing": {
        "key_result": {**_STANDING, "current": 38.0, "progress_raw": 0.45},
        "objective": _STANDING,
    },
}
CHECK_IN_EXAMPLES: Final = [
    OpenApiExample("A value, and how sure", NEW_CHECK_IN, request_only=True),
    OpenApiExample("What follows from it", SHOWN_CHECK_IN, response_only=True),
]
NEW_INITIATIVE: Final = {"key_result": _KEY_RESULT, "title": "Visit the ten nearest shops", "due_on": "2026-12-05"}
SHOWN_INITIATIVE: Final[dict[str, Any]] = {
    "id": _INITIATIVE,
    "key_result": _KEY_RESULT,
    "title": "Visit the ten nearest shops",
    "owner": None,
    "due_on": "2026-12-05",
    "overdue": False,
    "state": "planned",
    "closed_on": None,
    "created_at": "2026-11-18T09:30:00Z",
}
INITIATIVE_EXAMPLES: Final = [
    OpenApiExample("Planned work", NEW_INITIATIVE, request_only=True),
    OpenApiExample("An initiative", SHOWN_INITIATIVE, response_only=True),
]
