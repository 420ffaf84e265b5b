"""What an integrator sees beside the schema."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample

_ID = "01a20a6b-52ee-77ba-a112-fa093c68aa85"
NEW_KPI: Final = {
    "name": "Net revenue",
    "unit": "currency:EUR",
    "direction": "increase",
    "frequency": "monthly",
    "source": "measured",
    "category": "financial",
    "level": "strategic",
}
_APPRAISAL: Final[dict[str, Any]] = {
    "period": "2026-10-01",
    "value": 680.0,
    "target": 700.0,
    "floor": 500.0,
    "low": None,
    "high": None,
    "attainment": 0.9714285714285714,
    "score_raw": 0.9,
    "score": 0.9,
    "status": "on_track",
    "coverage": 1.0,
    "problem": None,
}
SHOWN_KPI: Final[dict[str, Any]] = {
    "id": _ID,
    "key": "net_revenue",
    "name": "Net revenue",
    "description": "",
    "department": None,
    "owner": None,
    "kind": "kpi",
    "parent": None,
    "parents": [],
    "weight": 1.0,
    "contribution": 1,
    "weight_by": None,
    "carry_forward": 0,
    "due_after_days": 5,
    "pace_profile": "days",
    "review_cadence": "quarterly",
    "category": "financial",
    "level": "strategic",
    "indicator": "lagging",
    "unit": "currency:EUR",
    "decimals": 0,
    "direction": "increase",
    "frequency": "monthly",
    "aggregation": "sum",
    "source": "measured",
    "rollup": None,
    "formula": None,
    "target_path": "step",
    "on_track_at": None,
    "at_risk_at": None,
    "archived_at": None,
    "smart": {
        "met": ["measurable", "relevant"],
        "missing": [
            {
                "criterion": "specific",
                "detail": "Nothing says what counts. Describe what belongs in it and what doesn’t, so that two people "
                "would get the same number.",
            }
        ],
    },
    "created_at": "2026-11-02T08:00:00Z",
    "current": _APPRAISAL,
    "open": None,
}
AVERAGE_BASKET: Final = {
    "name": "Average basket",
    "unit": "currency:EUR",
    "direction": "increase",
    "frequency": "monthly",
    "source": "formula",
    "formula": "net_sales / baskets",
}
KPI_EXAMPLES: Final = [
    OpenApiExample("The least a KPI needs", NEW_KPI, request_only=True),
    OpenApiExample("Computed by a formula", AVERAGE_BASKET, request_only=True),
    OpenApiExample("Net revenue", SHOWN_KPI, response_only=True),
]
MEASUREMENTS_JSON: Final = {
    "measurements": [
        {"kpi": "net_revenue", "date": "2026-11-22", "value": 1250.5},
        {"kpi": "net_revenue", "date": "2026-11-23", "value": 980, "note": "Half a day only"},
    ]
}
MEASUREMENTS_NDJSON: Final = '{"kpi": "net_revenue", "date": "2026-11-22", "value": 1250.5}\n'
MEASUREMENTS_CSV: Final = "kpi,date,value,note\nnet_revenue,2026-11-22,1250.5,\n"
RECORDED: Final = {"received": 2, "created": 2, "updated": 0, "unchanged": 0, "warnings": []}
TARGETS: Final = [
    {"effective_from": "2026-01-01", "target": 700.0, "floor": 500.0, "low": None, "high": None, "reason": ""},
]
WHAT_IF: Final = {"changes": [{"kpi": "produce_sales", "period": "2026-10-01", "value": 45000.0}]}
NEW_ACTION: Final = {
    "kpi": "net_revenue",
    "kind": "corrective",
    "title": "Agree on delivery times with the two growers",
    "cause": "Their trucks wait at the border",
    "due_on": "2026-12-05",
}
SHOWN_ACTION: Final[dict[str, Any]] = {
    "id": "01a20a6b-52ee-77ba-a112-fa093c68aa86",
    "kpi": _ID,
    "kind": "corrective",
    "title": "Agree on delivery times with the two growers",
    "cause": "Their trucks wait at the border",
    "owner": None,
    "due_on": "2026-12-05",
    "overdue": False,
    "state": "open",
    "closed_on": None,
    "created_at": "2026-11-18T09:30:00Z",
    "created_by": None,
}
NEW_REVIEW: Final = {"kpi": "net_revenue", "decision": "Raise the target in January", "note": "Coupons pay off"}
NEW_ANNOTATION: Final = {"on": "2026-09-14", "text": "The new cold store opened", "is_process_change": True}
BENCHMARK: Final = {
    "median": 0.62,
    "lower_quartile": 0.55,
    "upper_quartile": 0.7,
    "industry": "Grocery",
    "region": "Germany",
    "year": 2025,
    "source": "Retail report 2025, table 7",
}
