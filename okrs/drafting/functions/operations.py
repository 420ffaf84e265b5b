"""Delivering what was promised, with what it takes and no more."""

from typing import Final

from okrs.drafting.template import PERCENT, ObjectiveTemplate, at_least, at_most, between, move

TEMPLATES: Final = (
    ObjectiveTemplate(
        "Deliver what we promised on the day we promised",
        "A promise kept is what customers remember.",
        (
            move("On-time delivery", 0.89, 0.97, "on_time_delivery"),
            move("Perfect order rate", 0.81, 0.9, "perfect_order_rate"),
            move("Days from order to delivery", 6.5, 4, "order_lead_time"),
        ),
    ),
    ObjectiveTemplate(
        "Have on the shelf what customers come for",
        "Neither empty shelves nor money lying on them.",
        (
            move("Stockout rate", 0.08, 0.03, "stockout_rate"),
            move("Inventory turnover", 6, 8, "inventory_turnover"),
            at_least("Suppliers' deliveries on time", 0.95, "supplier_on_time_delivery"),
        ),
    ),
    ObjectiveTemplate(
        "Get more out of the machines we have",
        "Before a new line is bought, let the old ones run.",
        (
            move("Overall equipment effectiveness", 0.64, 0.74, "oee"),
            move("Hours between failures", 110, 180, "mean_time_between_failures"),
            at_least("Preventive maintenance on time", 0.95, "preventive_maintenance_on_time"),
        ),
    ),
    ObjectiveTemplate(
        "Make each unit with less",
        "Less energy, less money and no waiting.",
        (
            move("Cost per unit", 4.6, 4.1, "unit_cost"),
            at_most("Share of orders handled twice", 0.02, unit=PERCENT),
            between("Capacity utilization", 0.75, 0.9, "capacity_utilization"),
        ),
        "committed",
    ),
)
