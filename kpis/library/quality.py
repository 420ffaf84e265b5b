"""Defects, rework, and what they cost."""

from functools import partial
from typing import Final

from kpis.engine.definitions import Aggregation, Direction
from kpis.engine.periods import Frequency
from kpis.library.template import MONEY, Template

DOWN = Direction.DECREASE
MEAN, LAST = Aggregation.MEAN, Aggregation.LAST
WEEKLY = Frequency.WEEKLY

metric = partial(Template, category="quality", unit="number", kind="metric")
units = partial(metric, unit="custom:units", frequency=WEEKLY)
bad_units = partial(units, direction=DOWN)
share = partial(Template, category="quality", unit="percent", decimals=1, aggregation=MEAN)
cost = partial(Template, category="quality", unit=MONEY, direction=DOWN)
per_million = partial(Template, category="quality", direction=DOWN, aggregation=MEAN)

PRODUCTION: Final = (
    units("units_inspected", "Units inspected", "Units that were looked at, all of them or a sample."),
    bad_units("units_defective", "Units found defective", "Of those inspected, the ones with at least one defect."),
    share(
        "defect_rate",
        "Defect rate",
        "Of the units inspected, the share with at least one defect. Looking closer finds more, so it may rise when "
        "things get better.",
        direction=DOWN,
        decimals=2,
        frequency=WEEKLY,
        formula="units_defective / units_inspected",
        also="reject rate",
    ),
    metric(
        "defects_found",
        "Defects found",
        "All defects on the units inspected; a unit may have several.",
        direction=DOWN,
        frequency=WEEKLY,
    ),
    metric(
        "opportunities_per_unit",
        "Opportunities for a defect per unit",
        "In how many ways a unit can be defective: set it once, the same for all.",
        aggregation=LAST,
        carry_forward=12,
    ),
    per_million(
        "defects_per_million_opportunities",
        "Defects per million opportunities (DPMO)",
        "Defects for a million chances to make one, to compare simple products with complicated ones. Counting more "
        "opportunities makes it look better.",
        "custom:per million",
        formula="defects_found / (units_inspected * opportunities_per_unit) * 1000000",
        also="six sigma",
    ),
    units("units_right_first_time", "Units right first time", "Units fit to sell without any rework or repair."),
    share(
        "first_pass_yield",
        "First pass yield (FPY)",
        "Of all units made, the share right at the first attempt. Units that are good after rework do not count.",
        level="strategic",
        frequency=WEEKLY,
        formula="units_right_first_time / units_made",
        also="right first time, OEE quality",
    ),
    bad_units("units_scrapped", "Units scrapped", "Units thrown away because they could not be mended."),
    share(
        "scrap_rate",
        "Scrap rate",
        "Of all units made, the share thrown away.",
        direction=DOWN,
        decimals=2,
        frequency=WEEKLY,
        formula="units_scrapped / units_made",
    ),
    bad_units("units_reworked", "Units reworked", "Units that were mended before they could be sold."),
    share(
        "rework_rate",
        "Rework rate",
        "Of all units made, the share that had to be mended. Rework done on the side and not written down is the "
        "larger part in many places.",
        direction=DOWN,
        decimals=2,
        frequency=WEEKLY,
        formula="units_reworked / units_made",
        moves=("unit_cost", "cost_of_poor_quality"),
    ),
)

COST: Final = (
    cost(
        "internal_failure_cost",
        "Cost of failures found inside",
        "Scrap, rework and repeated tests, before delivery.",
        kind="metric",
    ),
    cost(
        "external_failure_cost",
        "Cost of failures found by customers",
        "Warranty, returns, recalls, goodwill, after delivery.",
        kind="metric",
    ),
    cost(
        "cost_of_poor_quality",
        "Cost of poor quality (COPQ)",
        "What failures cost, before and after delivery. Customers who silently stay away are not in it.",
        level="strategic",
        formula="internal_failure_cost + external_failure_cost",
    ),
    share(
        "poor_quality_share",
        "Cost of poor quality as a share of revenue",
        "How much of revenue failures eat up. Claims come months after the sale, so growth makes it look better.",
        direction=DOWN,
        formula="cost_of_poor_quality / revenue",
    ),
)

AT_CUSTOMERS: Final = (
    metric("warranty_claims", "Warranty claims", "Claims under warranty that were accepted.", direction=DOWN),
    share(
        "warranty_claim_rate",
        "Warranty claim rate",
        "Accepted claims of the last twelve months for each item sold in them. Claims follow sales by months.",
        direction=DOWN,
        decimals=2,
        formula="rolling_sum(warranty_claims, 12) / rolling_sum(items_sold, 12)",
    ),
    metric("defects_found_inside", "Defects found before delivery", "Defects found by tests and inspections."),
    metric(
        "defects_found_by_customers", "Defects found by customers", "Defects customers had to report.", direction=DOWN
    ),
    share(
        "defect_escape_rate",
        "Defect escape rate",
        "Of all defects found, the share that customers found: how well tests protect them. Defects nobody reported "
        "are missing.",
        direction=DOWN,
        formula="defects_found_by_customers / (defects_found_by_customers + defects_found_inside)",
        also="defect leakage, bugs in production",
    ),
    metric(
        "complaints_due",
        "Complaints due for an answer",
        "Complaints whose agreed time to solve them ended in the period.",
    ),
    metric(
        "complaints_solved_on_time",
        "Complaints solved on time",
        "Of those due, the ones solved within the agreed time.",
    ),
    share(
        "on_time_complaint_resolution",
        "On-time complaint resolution",
        "Of the complaints due, the share solved within the agreed time. Solved means that the customer agrees.",
        formula="complaints_solved_on_time / complaints_due",
        moves=("net_promoter_score", "repeat_customer_rate"),
    ),
)

PREVENTION: Final = (
    metric("supplier_parts_received", "Suppliers’ parts received", "Parts that came from suppliers.", frequency=WEEKLY),
    metric(
        "supplier_parts_rejected",
        "Suppliers’ parts rejected",
        "Parts from suppliers that were not fit for use.",
        direction=DOWN,
        frequency=WEEKLY,
    ),
    per_million(
        "supplier_defect_rate",
        "Supplier defect rate (PPM)",
        "Parts not fit for use for a million received. Parts of a cent and of a thousand count alike.",
        "custom:ppm",
        formula="supplier_parts_rejected / supplier_parts_received * 1000000",
        moves=("defect_rate", "first_pass_yield"),
    ),
    metric("corrective_actions_due", "Corrective actions due", "Corrective and preventive actions that were due."),
    metric(
        "corrective_actions_on_time", "Corrective actions done on time", "Of those due, the ones done by their date."
    ),
    share(
        "corrective_action_punctuality",
        "Corrective actions on time (CAPA)",
        "Of the corrective and preventive actions due, the share done by their date. Done is not effective: look "
        "whether the cause came back.",
        formula="corrective_actions_on_time / corrective_actions_due",
        moves=("defect_rate", "cost_of_poor_quality"),
    ),
)

TEMPLATES: Final = (*PRODUCTION, *COST, *AT_CUSTOMERS, *PREVENTION)
