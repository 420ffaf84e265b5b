"""What people use, and come back to."""

from typing import Final

from okrs.drafting.template import ObjectiveTemplate, at_least, at_most, move

TEMPLATES: Final = (
    ObjectiveTemplate(
        "Let new users feel the benefit on their first day",
        "Most of those who leave do so before they saw what it is good for.",
        (
            move("Activation rate of sign-ups", 0.34, 0.5, "activation_rate"),
            move("Hours from sign-up to the first result", 30, 6, "time_to_value"),
            move("Share of trials that become customers", 0.12, 0.18, "trial_conversion_rate"),
        ),
    ),
    ObjectiveTemplate(
        "Become a habit for those who use us",
        "Come back because it helps, not because a mail asked them to.",
        (
            move("Stickiness: daily of monthly users", 0.22, 0.3, "stickiness"),
            move("Users still active after eight weeks", 0.41, 0.52, "user_retention_rate"),
            move("Sessions per user and week", 2.6, 3.5, "sessions_per_user"),
        ),
    ),
    ObjectiveTemplate(
        "Make what we have built be found and used",
        "Less new, more used: what nobody finds helps nobody.",
        (
            move("Adoption of the feature in question", 0.15, 0.35, "feature_adoption_rate"),
            at_least("Customer satisfaction", 0.9, "customer_satisfaction"),
            at_most("Support requests per customer and month", 0.2, "requests_per_customer"),
        ),
    ),
)
