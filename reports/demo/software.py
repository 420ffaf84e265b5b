"""Northbeam Software: a small company that sells subscriptions. Its numbers are generated, the same every time."""

import datetime as dt
import random
from collections.abc import Iterator

from accounts.models import Role
from reports.demo.blueprint import Blueprint, DepartmentPlan, KpiPlan, PersonPlan, Series, TargetPlan

SLUG = "northbeam"
TIME_ZONE = "Europe/Berlin"
MONTHS = 24
SEED = 2017
CURRENCY = "currency:EUR"
PEOPLE = (
    PersonPlan("demo@ladder.example", "Dana Whitfield", Role.OWNER),
    PersonPlan("ines@ladder.example", "Ines Marchetti", Role.EDITOR),
    PersonPlan("oskar@ladder.example", "Oskar Nyman", Role.CONTRIBUTOR),
)
DANA, INES, OSKAR = (person.email for person in PEOPLE)
DEPARTMENTS = (
    DepartmentPlan("Sales", lead=INES),
    DepartmentPlan("Marketing", lead=INES),
    DepartmentPlan("Customer success", lead=OSKAR),
    DepartmentPlan("Engineering"),
)
GROWTH = TargetPlan(1.06, "last", reason="The end of the last quarter plus 6 %")


def _region(key: str, name: str) -> KpiPlan:
    return KpiPlan(
        key,
        f"MRR {name}",
        f"What customers in {name} pay each month for their subscriptions.",
        CURRENCY,
        "monthly",
        parents={"mrr": 1},
        owner=INES,
        department="Sales",
        target=GROWTH,
        fields={"category": "sales", "aggregation": "last"},
    )


KPIS = (
    KpiPlan(
        "mrr",
        "Monthly recurring revenue",
        "What all customers pay each month for their subscriptions.",
        CURRENCY,
        "monthly",
        owner=DANA,
        rollup=True,
        target=GROWTH,
        fields={"category": "financial", "level": "strategic", "aggregation": "last"},
    ),
    _region("mrr_europe", "Europe"),
    _region("mrr_americas", "the Americas"),
    _region("mrr_asia", "Asia"),
    KpiPlan(
        "customers",
        "Customers",
        "How many companies pay us at the end of the month.",
        "number",
        "monthly",
        owner=OSKAR,
        department="Customer success",
        fields={"category": "customer", "kind": "metric", "aggregation": "last"},
    ),
    KpiPlan(
        "arpa",
        "Revenue per account",
        "What one customer pays each month, on average.",
        CURRENCY,
        "monthly",
        owner=INES,
        department="Sales",
        formula="mrr / customers",
        target=TargetPlan(1.02, "last", reason="The end of the last quarter plus 2 %"),
        fields={"category": "sales", "decimals": 0},
    ),
    KpiPlan(
        "mrr_growth",
        "MRR growth",
        "By how much recurring revenue grew in the month.",
        "percent",
        "monthly",
        owner=DANA,
        formula="growth(mrr)",
        target=TargetPlan(1.0, floor=0.5, reason="The pace of the quarter before"),
        fields={"category": "financial", "decimals": 1},
    ),
    KpiPlan(
        "churn",
        "Customer churn",
        "The share of customers who cancelled in the month.",
        "percent",
        "monthly",
        "decrease",
        owner=OSKAR,
        department="Customer success",
        target=TargetPlan(0.95, floor=1.25, reason="A little less than in the quarter before"),
        fields={"category": "customer", "level": "strategic", "aggregation": "mean", "decimals": 1},
    ),
    KpiPlan(
        "first_reply",
        "First reply",
        "Hours until a customer's question gets its first answer, on average.",
        "duration:h",
        "monthly",
        "decrease",
        parents={"churn": 1},
        owner=OSKAR,
        department="Customer success",
        target=TargetPlan(0.95, reason="A little faster than in the quarter before"),
        fields={"category": "quality", "indicator": "leading", "aggregation": "mean", "decimals": 1},
    ),
    KpiPlan(
        "nps",
        "Net promoter score",
        "Promoters minus detractors among those who answered our survey, per hundred.",
        "number",
        "monthly",
        parents={"churn": 1},
        owner=OSKAR,
        department="Customer success",
        target=TargetPlan(1.03, reason="The quarter before plus 3 %"),
        fields={"category": "customer", "indicator": "leading", "aggregation": "last"},
    ),
    KpiPlan(
        "trials",
        "Trials started",
        "How many people began a free trial in the month.",
        "number",
        "monthly",
        parents={"mrr_europe": 1},
        owner=INES,
        department="Marketing",
        target=TargetPlan(1.05, reason="The quarter before plus 5 %"),
        fields={"category": "marketing", "indicator": "leading"},
    ),
    KpiPlan(
        "trial_conversion",
        "Trial conversion",
        "The share of trials that became paying customers.",
        "percent",
        "monthly",
        parents={"mrr_europe": 1},
        owner=INES,
        department="Marketing",
        target=TargetPlan(1.02, floor=0.85, reason="The quarter before plus 2 %"),
        fields={"category": "sales", "indicator": "leading", "aggregation": "mean", "decimals": 1},
    ),
    KpiPlan(
        "uptime",
        "Uptime",
        "The share of the month in which the product answered.",
        "percent",
        "monthly",
        parents={"churn": 1},
        department="Engineering",
        target=TargetPlan(low=0.999, high=1.0, reason="What our contracts promise"),
        direction="between",
        fields={"category": "quality", "aggregation": "mean", "decimals": 2},
    ),
    KpiPlan(
        "runway",
        "Cash runway",
        "For how many months the money in the bank lasts at the present pace.",
        "custom:months",
        "monthly",
        owner=DANA,
        target=TargetPlan(1.0, "last", reason="No shorter than at the end of last quarter"),
        fields={"category": "financial", "level": "strategic", "aggregation": "last", "decimals": 1},
    ),
)


def blueprint(today: dt.date) -> Blueprint:
    """Two years of months, the last of them the one that ended before ``today``."""
    return Blueprint(
        "Northbeam Software",
        SLUG,
        {"time_zone": TIME_ZONE, "about": "A sample: this company and all its numbers are made up.", "is_sample": True},
        PEOPLE,
        DEPARTMENTS,
        KPIS,
        _series(list(_month_ends(today))),
    )


def _month_ends(today: dt.date) -> Iterator[dt.date]:
    """The last days of the complete months before ``today``, oldest first."""
    last = today.year * 12 + today.month - 1
    for month in range(last - MONTHS, last):
        yield dt.date((month + 1) // 12, (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)


def _series(days: list[dt.date]) -> dict[str, Series]:
    """Trends with a little noise. In the last months churn rises and fewer people try the product."""
    chance = random.Random(SEED)  # noqa: S311 - made-up numbers, not secrets

    def course(start: float, growth: float, noise: float, decimals: int, late: float = 0.0) -> Series:
        values = {}
        for month, day in enumerate(days):
            trouble = 1 + late * max(0, month - MONTHS + 4)
            values[day] = round(start * (1 + growth) ** month * trouble * chance.gauss(1, noise), decimals)
        return values

    return {
        "mrr_europe": course(42_000, 0.024, 0.006, 0),
        "mrr_americas": course(27_000, 0.031, 0.008, 0),
        "mrr_asia": course(9_500, 0.012, 0.01, 0, late=-0.015),
        "customers": course(310, 0.019, 0.004, 0),
        "churn": course(0.024, -0.006, 0.03, 4, late=0.09),
        "first_reply": course(6.4, -0.012, 0.05, 1),
        "nps": course(36, 0.006, 0.03, 0),
        "trials": course(410, 0.018, 0.04, 0, late=-0.08),
        "trial_conversion": course(0.11, 0.004, 0.03, 4),
        "uptime": {day: round(min(0.9999, chance.gauss(0.9993, 0.0003)), 5) for day in days},
        "runway": course(17.5, -0.004, 0.01, 1, late=-0.02),
    }
