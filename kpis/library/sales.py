"""Shops and tills, deals and quotas, subscriptions."""

from functools import partial
from typing import Final

from kpis.engine.definitions import Aggregation, Direction
from kpis.engine.periods import Frequency
from kpis.library.template import MONEY, Template

DOWN = Direction.DECREASE
MEAN, LAST = Aggregation.MEAN, Aggregation.LAST
WEEKLY = Frequency.WEEKLY

amount = partial(Template, category="sales", unit=MONEY)
average = partial(Template, category="sales", unit=MONEY, decimals=2, aggregation=MEAN)
share = partial(Template, category="sales", unit="percent", decimals=1, aggregation=MEAN)
ratio = partial(Template, category="sales", unit="ratio", decimals=2, aggregation=MEAN)
duration = partial(Template, category="sales", decimals=1, direction=DOWN, aggregation=MEAN)
count = partial(Template, category="sales", unit="number")
counted = partial(count, kind="metric")
money = partial(amount, kind="metric")

SHOP: Final = (
    money("gross_sales", "Gross sales", "What was sold at list price, without VAT, before discounts and returns."),
    money(
        "discounts_given",
        "Discounts given",
        "What coupons, promotions and haggling took off the list price.",
        direction=DOWN,
        also="coupons, price reductions",
    ),
    money(
        "sales_returns", "Returns", "Money given back for goods sent or brought back.", direction=DOWN, also="refunds"
    ),
    amount(
        "net_sales",
        "Net sales",
        "What customers paid, less discounts and what they sent back. Returns come weeks later, so the latest period "
        "looks a little too good.",
        level="strategic",
        formula="gross_sales - discounts_given - sales_returns",
        also="revenue, turnover",
    ),
    counted("baskets", "Baskets", "How often somebody bought, at the till or on the web.", also="orders, transactions"),
    counted("items_sold", "Items sold", "Pieces sold, before returns.", also="units"),
    average(
        "average_basket",
        "Average basket",
        "What one purchase brings. A few very large ones lift the mean, while most stay as they were.",
        formula="net_sales / baskets",
        also="average order value, AOV",
    ),
    ratio(
        "items_per_basket",
        "Items per basket",
        "How many pieces a purchase holds: whether people find more than what they came for.",
        formula="items_sold / baskets",
        also="units per transaction, UPT",
        moves=("average_basket", "net_sales"),
    ),
    share(
        "conversion_rate",
        "Conversion rate",
        "Purchases for each visit. A campaign that brings the merely curious lowers it without harm.",
        formula="baskets / visits",
    ),
    share(
        "discount_share",
        "Discount share",
        "How much of the list price discounts took off. Sales bought this way cost margin and teach customers to wait.",
        direction=DOWN,
        formula="discounts_given / gross_sales",
        also="coupon share",
    ),
    share(
        "return_rate",
        "Return rate",
        "How much of what was sold, by value, came back. Returns belong to sales of weeks before, so a month of growth "
        "looks better than it is.",
        direction=DOWN,
        formula="sales_returns / gross_sales",
    ),
    Template(
        "sales_area",
        "Sales area",
        "Floor on which customers can buy, without stores and offices.",
        "custom:m²",
        "sales",
        kind="metric",
        aggregation=LAST,
        carry_forward=12,
    ),
    average(
        "sales_per_area",
        "Sales per square metre",
        "What the floor of the shops brings. Sales on the web do not belong in it.",
        formula="net_sales / sales_area",
        also="sales per square foot, sales density",
    ),
)

DEALS: Final = (
    counted("deals_won", "Deals won", "Offers that customers accepted.", also="orders"),
    counted("deals_lost", "Deals lost", "Offers that customers declined, or that were given up.", direction=DOWN),
    amount(
        "deals_won_value",
        "Value of deals won",
        "What customers have ordered, at the value of the contract. It is not revenue yet.",
        level="strategic",
        also="bookings, order intake",
    ),
    share(
        "win_rate",
        "Win rate",
        "Of the deals decided, the share that was won. Deals that nobody ever closes make it look better: close them.",
        formula="deals_won / (deals_won + deals_lost)",
        also="close rate, hit rate",
    ),
    average(
        "average_deal_value",
        "Average deal value",
        "What a deal that was won is worth. One large deal moves the mean for months.",
        decimals=0,
        formula="deals_won_value / deals_won",
        also="deal size",
    ),
    duration(
        "sales_cycle",
        "Sales cycle",
        "Days from the first talk to the decision, over the deals won. Lost and forgotten deals are not in it.",
        "duration:d",
    ),
    count(
        "open_deals",
        "Open deals",
        "Deals that are being worked on and not decided. Old ones that nobody believes in do not count.",
        kind="metric",
        aggregation=LAST,
        also="opportunities",
    ),
    average(
        "sales_velocity",
        "Sales velocity",
        "The money a day that the open deals can be expected to bring: more deals, larger, won oftener or sooner raise "
        "it.",
        decimals=0,
        formula="open_deals * win_rate * average_deal_value / sales_cycle",
        moves=("deals_won_value", "revenue"),
        also="pipeline velocity",
    ),
    amount(
        "pipeline_value",
        "Pipeline value",
        "The value of all open deals. It means little unless dead deals are closed and values are realistic.",
        aggregation=LAST,
        frequency=WEEKLY,
        moves=("deals_won_value", "revenue"),
    ),
    money("sales_quota", "Sales quota", "What was to be sold in the period."),
    money(
        "open_quota",
        "Quota still open",
        "What is still to be won until the end of the quarter to reach the quota.",
        direction=DOWN,
        aggregation=LAST,
        frequency=WEEKLY,
    ),
    share(
        "quota_attainment",
        "Quota attainment",
        "The value of deals won as a share of the quota. A quota set low is reached easily.",
        formula="deals_won_value / sales_quota",
        target_hint="100 % is the quota itself.",
    ),
    ratio(
        "pipeline_coverage",
        "Pipeline coverage",
        "How often the open deals would fill the quota that is still open, if all of them were won.",
        decimals=1,
        aggregation=LAST,
        frequency=WEEKLY,
        formula="pipeline_value / open_quota",
        moves=("quota_attainment", "deals_won_value"),
        target_hint="At least 1 divided by your win rate: with 25 % of deals won, 4.",
    ),
    count(
        "sales_meetings",
        "Sales meetings held",
        "Talks with people who can decide. Counting them tempts to hold meetings for the count.",
        frequency=WEEKLY,
        moves=("deals_won_value",),
        also="demos, appointments",
    ),
    duration(
        "lead_response_time",
        "Lead response time",
        "Hours from an enquiry to the first answer by a person. Interest cools within hours.",
        "duration:h",
        frequency=WEEKLY,
        moves=("win_rate", "new_customers"),
        also="speed to lead",
    ),
    money("sales_cost", "Sales cost", "Everything selling costs: wages, commissions, travel, tools.", direction=DOWN),
)

SUBSCRIPTIONS: Final = (
    amount(
        "mrr",
        "Monthly recurring revenue (MRR)",
        "What running subscriptions bring in a month, yearly ones by a twelfth. Set-up, services and usage that varies "
        "do not belong in it.",
        aggregation=LAST,
        level="strategic",
        also="subscriptions, SaaS",
    ),
    money("new_mrr", "MRR of new customers", "Monthly recurring revenue of customers who were none before."),
    money("expansion_mrr", "Expansion MRR", "What customers you had pay more a month: upgrades, seats, price rises."),
    money("contraction_mrr", "Contraction MRR", "What customers who stay pay less a month.", direction=DOWN),
    money("churned_mrr", "Churned MRR", "Monthly recurring revenue of customers who left.", direction=DOWN),
    amount(
        "net_new_mrr",
        "Net new MRR",
        "By how much monthly recurring revenue grew: what was won and added, less what shrank and left.",
        formula="new_mrr + expansion_mrr - contraction_mrr - churned_mrr",
    ),
    amount(
        "arr",
        "Annual recurring revenue (ARR)",
        "Monthly recurring revenue times twelve: what a year brings if nothing changes. It is no forecast.",
        aggregation=LAST,
        level="strategic",
        formula="mrr * 12",
    ),
)

TEMPLATES: Final = (*SHOP, *DEALS, *SUBSCRIPTIONS)
