"""Finding people, keeping them, and letting them grow."""

from typing import Final

from okrs.drafting.template import PERCENT, ObjectiveTemplate, at_least, at_most, move

TEMPLATES: Final = (
    ObjectiveTemplate(
        "Be a place that good people do not want to leave",
        "Ask, listen and change what makes them think of going.",
        (
            move("Engagement score", 0.68, 0.76, "engagement_score"),
            move("Voluntary turnover in a year", 0.14, 0.1, "voluntary_turnover_rate"),
            move("Employee net promoter score", 12, 25, "employee_net_promoter_score"),
        ),
    ),
    ObjectiveTemplate(
        "Find the right people before the work waits for them",
        "Quick, fair, and so that those we choose say yes and stay.",
        (
            move("Days from opening a role to a signed contract", 68, 45, "time_to_fill"),
            move("Share of offers accepted", 0.74, 0.88, "offer_acceptance_rate"),
            at_least("New hires still here after the first half year", 0.9, "new_hire_retention"),
        ),
    ),
    ObjectiveTemplate(
        "Let everybody grow into their next role here",
        "Growing people costs less than finding them, and they know the way.",
        (
            move("Share of roles filled from within", 0.22, 0.35, "internal_fill_rate"),
            move("Training hours per employee in a quarter", 3, 8, "training_hours_per_employee"),
            move("Share of people with an agreed plan of growth", 0.4, 0.9, unit=PERCENT),
        ),
    ),
    ObjectiveTemplate(
        "Do our work without wearing people out",
        "Overtime and absence are the price of bad planning; bring both down.",
        (
            move("Overtime share", 0.07, 0.03, "overtime_share"),
            at_most("Absence rate", 0.04, "absence_rate"),
            at_least("Share of leave days taken as planned", 0.9, unit=PERCENT),
        ),
    ),
)
