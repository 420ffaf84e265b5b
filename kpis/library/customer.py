"""Winning, keeping and pleasing customers, and what they are worth."""

from functools import partial
from typing import Final

from kpis.engine.definitions import Aggregation, Direction
from kpis.engine.periods import Frequency
from kpis.library.template import MONEY, Template

DOWN = Direction.DECREASE
MEAN, LAST, MAX = Aggregation.MEAN, Aggregation.LAST, Aggregation.MAX
WEEKLY, QUARTERLY = Frequency.WEEKLY, Frequency.QUARTERLY

count = partial(Template, category="customer", unit="number")
metric = partial(count, kind="metric")
share = partial(Template, category="customer", unit="percent", decimals=1, aggregation=MEAN)
average = partial(Template, category="customer", unit=MONEY, decimals=2, aggregation=MEAN)
ratio = partial(Template, category="customer", unit="ratio", decimals=2, aggregation=MEAN)
points = partial(Template, category="customer", unit="custom:points", decimals=1, aggregation=MEAN)
hours = partial(Template, category="customer", unit="duration:h", decimals=1, direction=DOWN, aggregation=MEAN)

KEEPING: Final = (
    count(
        "paying_customers",
        "Paying customers",
        "Customers who pay at the end of the period; free trials do not count.",
        aggregation=LAST,
        also="accounts, subscribers",
    ),
    count(
        "new_customers",
        "New customers",
        "Customers who bought or subscribed for the first time. Say whether those who come back after years are new.",
    ),
    metric(
        "customers_lost",
        "Customers lost",
        "Customers who paid at the start of the period and left in it.",
        direction=DOWN,
    ),
    share(
        "customer_churn_rate",
        "Customer churn rate",
        "Of the customers at the start of the period, the share that left in it. A month’s and a year’s churn cannot "
        "be compared, and small customers count as much as large ones.",
        direction=DOWN,
        formula="customers_lost / prev(paying_customers)",
        also="attrition",
    ),
    share(
        "gross_revenue_retention",
        "Gross revenue retention (GRR)",
        "Of the recurring revenue at the start of the period, the share that is still there, without what was added. "
        "It can never exceed 100 %.",
        formula="(prev(mrr) - contraction_mrr - churned_mrr) / prev(mrr)",
        also="gross dollar retention",
    ),
    share(
        "net_revenue_retention",
        "Net revenue retention (NRR)",
        "What the recurring revenue of the customers at the start of the period has become, with upgrades, downgrades "
        "and leavers. New customers do not count; most publish it over twelve months.",
        level="strategic",
        formula="(prev(mrr) + expansion_mrr - contraction_mrr - churned_mrr) / prev(mrr)",
        also="net dollar retention, NDR",
        target_hint="Above 100 %, the customers you have grow faster than others leave.",
    ),
    metric(
        "buying_customers",
        "Customers who bought",
        "Different customers who bought in the period. Those of several periods cannot be added up: the same people "
        "are in both.",
        aggregation=MAX,
    ),
    metric(
        "repeat_customers",
        "Customers who bought again",
        "Of those who bought in the period, the ones who had bought before.",
        aggregation=MAX,
    ),
    share(
        "repeat_customer_rate",
        "Repeat customer rate",
        "Of those who bought in the period, the share that had bought before. It falls in months that win many new "
        "customers, which is no harm.",
        formula="repeat_customers / buying_customers",
        also="returning customers, repurchase",
    ),
    count(
        "customers_at_risk",
        "Customers at risk",
        "Customers whose use, payments or complaints say that they may leave. Test the rule: did those it named leave "
        "more often?",
        direction=DOWN,
        aggregation=LAST,
        frequency=WEEKLY,
        moves=("customer_churn_rate", "net_revenue_retention"),
        also="customer health",
    ),
)

VALUE: Final = (
    average(
        "average_revenue_per_account",
        "Average revenue per account (ARPA)",
        "What a customer pays a month. A few large customers hide how the many do.",
        formula="mrr / paying_customers",
        also="ARPU",
    ),
    average(
        "customer_acquisition_cost",
        "Customer acquisition cost (CAC)",
        "What marketing and sales together cost for each new customer. Where deciding takes months, costs and "
        "customers of one month do not belong together.",
        direction=DOWN,
        formula="(marketing_spend + sales_cost) / new_customers",
    ),
    average(
        "customer_lifetime_value",
        "Customer lifetime value (LTV)",
        "The gross profit a customer brings until leaving, if margin and churn stay as they are. A small change of "
        "churn moves it far, and without churn it has no value.",
        decimals=0,
        formula="average_revenue_per_account * gross_margin / customer_churn_rate",
        also="CLV",
    ),
    ratio(
        "ltv_to_cac",
        "LTV to CAC",
        "How often a customer earns back what winning them cost. It is as uncertain as the lifetime value in it.",
        level="strategic",
        decimals=1,
        formula="customer_lifetime_value / customer_acquisition_cost",
        also="LTV/CAC, unit economics",
        target_hint="Below 1, each new customer costs more than they ever bring; 3 is a common rule of thumb.",
    ),
    Template(
        "cac_payback",
        "CAC payback",
        "Months until a new customer’s gross profit has paid for winning them. It assumes that they stay that long.",
        "custom:months",
        "customer",
        decimals=1,
        direction=DOWN,
        aggregation=MEAN,
        formula="customer_acquisition_cost / (average_revenue_per_account * gross_margin)",
    ),
)

VOICE: Final = (
    metric("nps_promoters", "NPS promoters", "Answers of 9 or 10 to “Would you recommend us?”, asked from 0 to 10."),
    metric("nps_detractors", "NPS detractors", "Answers of 0 to 6 to “Would you recommend us?”.", direction=DOWN),
    metric("nps_answers", "NPS answers", "All answers to “Would you recommend us?”, 7 and 8 included."),
    Template(
        "net_promoter_score",
        "Net promoter score (NPS)",
        "The share of promoters less the share of detractors, from -100 to 100. Ask everybody, not only the happy, and "
        "do not trust a change on few answers.",
        "custom:points",
        "customer",
        aggregation=MEAN,
        level="strategic",
        formula="(nps_promoters - nps_detractors) / nps_answers * 100",
        also="recommendation",
        target_hint="Above 0, more customers recommend you than warn others.",
    ),
    metric(
        "csat_satisfied",
        "Satisfied answers",
        "Answers of 4 or 5 to “How satisfied were you?”, asked from 1 to 5.",
    ),
    metric("csat_answers", "Answers about satisfaction", "All answers to “How satisfied were you?”."),
    share(
        "customer_satisfaction",
        "Customer satisfaction (CSAT)",
        "Of those who answered, the share that was satisfied: 4 or 5 of 5. It tells of the last contact, not of "
        "loyalty.",
        formula="csat_satisfied / csat_answers",
        moves=("customer_churn_rate", "repeat_customer_rate"),
    ),
    points(
        "customer_effort_score",
        "Customer effort score (CES)",
        "The mean answer, from 1 to 7, to “It was easy to get my problem solved”. Some ask the other way round, where "
        "less is better.",
        moves=("customer_churn_rate",),
    ),
    metric(
        "complaints",
        "Complaints",
        "Customers who said that something was wrong, by whatever way.",
        direction=DOWN,
    ),
    share(
        "complaint_rate",
        "Complaint rate",
        "Complaints for each purchase. When complaining is made hard it falls, and customers leave silently.",
        decimals=2,
        direction=DOWN,
        formula="complaints / baskets",
    ),
)

SUPPORT: Final = (
    metric(
        "support_requests",
        "Support requests",
        "Questions and problems customers brought, each once.",
        direction=DOWN,
        also="tickets",
    ),
    metric(
        "support_requests_solved_at_once",
        "Requests solved at first contact",
        "Support requests closed in the first talk or letter and not opened again.",
    ),
    share(
        "first_contact_resolution",
        "First contact resolution (FCR)",
        "Of all support requests, the share solved in the first talk or letter. Count one as solved only if it is not "
        "opened again.",
        formula="support_requests_solved_at_once / support_requests",
        moves=("customer_churn_rate", "net_promoter_score"),
    ),
    hours(
        "first_reply_time",
        "Time to first reply",
        "Hours until a person answers. Automatic answers do not count, and a mean hides those who wait for days.",
        frequency=WEEKLY,
        moves=("net_promoter_score",),
        also="first response time",
    ),
    hours(
        "resolution_time",
        "Time to resolution",
        "Hours from a support request to its solution. Closing early and opening again makes it look good.",
        frequency=WEEKLY,
        moves=("net_promoter_score",),
    ),
    ratio(
        "requests_per_customer",
        "Support requests per customer",
        "How often a customer needs help: what is unclear or broken shows here. It also falls when help is hard to "
        "find.",
        direction=DOWN,
        formula="support_requests / paying_customers",
        also="contact rate",
    ),
)

TEMPLATES: Final = (*KEEPING, *VALUE, *VOICE, *SUPPORT)
