"""Winning customers, and deals worth having."""

from typing import Final

from okrs.drafting.template import ObjectiveTemplate, at_least, at_most, move

TEMPLATES: Final = (
    ObjectiveTemplate(
        "Win the customers who need us most",
        "More deals won from a pipeline that is worth working on, rather than more calls.",
        (
            move("Win rate", 0.20, 0.28, "win_rate"),
            move("New customers in the quarter", 0, 60, "new_customers"),
            at_least("Pipeline coverage", 3.0, "pipeline_coverage"),
        ),
    ),
    ObjectiveTemplate(
        "Make buying from us quick and easy",
        "Time is lost between the first call and the signature; shorten it without giving discounts.",
        (
            move("Days from first contact to signature", 62, 45, "sales_cycle"),
            move("Hours until a new lead hears from us", 26, 4, "lead_response_time"),
            at_most("Discount share of gross sales", 0.08, "discount_share"),
        ),
    ),
    ObjectiveTemplate(
        "Sell what is worth more to our customers",
        "Grow with those who know us, and let every basket and contract hold more of what helps them.",
        (
            move("Monthly recurring revenue from upgrades", 0, 40_000, "expansion_mrr"),
            move("Average deal value", 14_000, 17_500, "average_deal_value"),
            at_least("Quota attainment", 0.9, "quota_attainment"),
        ),
        "committed",
    ),
)
