"""Customers who stay, grow and tell others."""

from typing import Final

from okrs.drafting.template import ObjectiveTemplate, at_least, at_most, move

TEMPLATES: Final = (
    ObjectiveTemplate(
        "Keep the customers we have won",
        "Look after those who fall silent before they are gone.",
        (
            move("Customer churn rate", 0.035, 0.02, "customer_churn_rate"),
            move("Gross revenue retention", 0.88, 0.93, "gross_revenue_retention"),
            move("Customers at risk", 46, 20, "customers_at_risk"),
        ),
    ),
    ObjectiveTemplate(
        "Let customers grow with us",
        "Those who get more out of it will use more of it.",
        (
            move("Net revenue retention", 1.02, 1.1, "net_revenue_retention"),
            move("Share of customers who buy again", 0.31, 0.4, "repeat_customer_rate"),
            move("Average revenue per account", 240, 280, "average_revenue_per_account"),
        ),
    ),
    ObjectiveTemplate(
        "Solve it the first time somebody asks",
        "An answer that ends the matter is worth ten quick ones.",
        (
            move("First contact resolution", 0.58, 0.72, "first_contact_resolution"),
            at_most("Hours until the first reply", 4, "first_reply_time"),
            move("Hours until it is solved", 52, 24, "resolution_time"),
        ),
        "committed",
    ),
    ObjectiveTemplate(
        "Be recommended by those who know us",
        "Ask every customer, and call the unhappy ones back.",
        (
            move("Net promoter score", 28, 40, "net_promoter_score"),
            at_least("Customer satisfaction", 0.9, "customer_satisfaction"),
            move("Complaint rate", 0.024, 0.012, "complaint_rate"),
        ),
    ),
)
