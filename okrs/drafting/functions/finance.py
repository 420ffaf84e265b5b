"""Money that comes in, stays and lasts."""

from typing import Final

from okrs.drafting.template import PERCENT, ObjectiveTemplate, at_least, at_most, move

TEMPLATES: Final = (
    ObjectiveTemplate(
        "Earn more from what we sell",
        "Growth that costs more than it brings is none.",
        (
            move("Gross margin", 0.38, 0.42, "gross_margin"),
            move("Operating margin", 0.06, 0.09, "operating_margin"),
            at_most("Operating expenses per month", 420_000, "operating_expenses"),
        ),
    ),
    ObjectiveTemplate(
        "Have the cash to decide for ourselves",
        "Money that customers owe us pays no wages.",
        (
            at_least("Months the cash lasts", 12, "cash_runway"),
            move("Days until customers pay", 52, 38, "days_sales_outstanding"),
            move("Overdue share of receivables", 0.21, 0.1, "overdue_receivables_share"),
        ),
        "committed",
    ),
    ObjectiveTemplate(
        "Give everybody numbers they can act on in time",
        "A month that is closed late explains what nobody can change any more.",
        (
            move("Working days until a month is closed", 12, 5, unit="custom:days"),
            move("Share of budget holders who look at their numbers each month", 0.45, 0.9, unit=PERCENT),
            at_most("Corrections after a month was closed", 2),
        ),
    ),
    ObjectiveTemplate(
        "Turn growth into cash",
        "What is invested comes back, and soon.",
        (
            move("Free cash flow in a quarter", -150_000, 100_000, "free_cash_flow"),
            move("Days money is tied up", 64, 48, "cash_conversion_cycle"),
            move("Return on capital employed", 0.09, 0.13, "return_on_capital_employed"),
        ),
    ),
)
