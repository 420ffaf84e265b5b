"""Being known, found and chosen."""

from typing import Final

from okrs.drafting.template import PERCENT, ObjectiveTemplate, at_least, at_most, move

TEMPLATES: Final = (
    ObjectiveTemplate(
        "Become the first name people think of in our market",
        "Known by those who could be customers, not by everybody.",
        (
            move("Brand awareness", 0.18, 0.25, "brand_awareness"),
            move("Share of voice", 0.11, 0.16, "share_of_voice"),
            move("Organic visits per month", 42_000, 60_000, "organic_visits"),
        ),
    ),
    ObjectiveTemplate(
        "Bring sales the leads it would have chosen itself",
        "Fewer and better: what counts is how many become customers, and what each of them costs.",
        (
            move("Qualified leads per month", 180, 260, "qualified_leads"),
            move("Share of leads that become customers", 0.04, 0.06, "lead_to_customer_rate"),
            at_most("Cost per lead", 45, "cost_per_lead"),
        ),
    ),
    ObjectiveTemplate(
        "Let every euro of advertising earn its place",
        "Spend where it comes back, and stop where it does not.",
        (
            move("Return on advertising", 3.1, 4.0, "return_on_ad_spend"),
            move("Cost to win a customer by campaigns", 64, 48, "cost_per_acquisition"),
            at_least("Share of spending with a measured result", 0.95, unit=PERCENT),
        ),
        "committed",
    ),
    ObjectiveTemplate(
        "Write to our readers only what they are glad to get",
        "A list that people like to be on is worth more than a long one.",
        (
            move("Clicks per mail delivered", 0.021, 0.035, "email_click_rate"),
            at_most("Unsubscribe rate", 0.003, "unsubscribe_rate"),
            move("Engagement rate of what we post", 0.019, 0.03, "engagement_rate"),
        ),
    ),
)
