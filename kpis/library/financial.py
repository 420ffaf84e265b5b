"""Profit, liquidity and the use of capital."""

from functools import partial
from typing import Final

from kpis.engine.definitions import Aggregation, Direction
from kpis.library.template import MONEY, Template

DOWN, BETWEEN = Direction.DECREASE, Direction.BETWEEN
MEAN, LAST = Aggregation.MEAN, Aggregation.LAST

amount = partial(Template, category="financial", unit=MONEY)
share = partial(Template, category="financial", unit="percent", decimals=1, aggregation=MEAN)
ratio = partial(Template, category="financial", unit="ratio", decimals=2, aggregation=LAST)
days = partial(Template, category="financial", unit="duration:d", decimals=1, aggregation=MEAN)
metric = partial(amount, kind="metric")
balance = partial(metric, aggregation=LAST)

PROFIT: Final = (
    amount(
        "revenue",
        "Revenue",
        "What was earned by selling, without VAT, returns and discounts, in the period in which it was delivered. It "
        "says nothing about whether customers have paid.",
        level="strategic",
        also="turnover, sales, top line",
    ),
    share(
        "revenue_growth",
        "Revenue growth on a year ago",
        "How much more revenue came in than in the same period a year before, so that seasons do not mislead. What was "
        "bought with an acquisition is not growth of your own.",
        level="strategic",
        formula="(revenue - same_period_last_year(revenue)) / same_period_last_year(revenue)",
        also="year on year, yoy",
    ),
    metric(
        "cost_of_goods_sold",
        "Cost of goods sold",
        "What the goods or services sold in the period cost to buy or make: material, production wages, hosting.",
        direction=DOWN,
        also="COGS, cost of sales, direct cost",
    ),
    amount(
        "gross_profit",
        "Gross profit",
        "What is left of revenue after the goods and services sold are paid. All other costs are still to come.",
        formula="revenue - cost_of_goods_sold",
    ),
    share(
        "gross_margin",
        "Gross margin",
        "The share of revenue that is left after the goods and services sold are paid. A change of the product mix "
        "moves it as much as a change of prices.",
        level="strategic",
        formula="gross_profit / revenue",
    ),
    metric(
        "operating_expenses",
        "Operating expenses",
        "What running the business costs beside the goods sold: sales, administration, research, rent, depreciation "
        "and amortization.",
        direction=DOWN,
        also="opex, overheads",
    ),
    amount(
        "operating_profit",
        "Operating profit (EBIT)",
        "What the business itself earns, before interest and taxes. One-off gains and costs belong beside it, not in "
        "it.",
        formula="gross_profit - operating_expenses",
        also="earnings before interest and taxes",
    ),
    share(
        "operating_margin",
        "Operating margin",
        "The share of revenue that the business itself earns, before interest and taxes.",
        formula="operating_profit / revenue",
        also="EBIT margin, return on sales",
    ),
    metric(
        "depreciation_and_amortization",
        "Depreciation and amortization",
        "The wear of buildings, machines, software and acquired rights that was booked as a cost in the period.",
        direction=DOWN,
    ),
    amount(
        "ebitda",
        "EBITDA",
        "Operating profit before depreciation and amortization, near to what operations bring in as cash. It leaves "
        "out investments, so a business that needs many machines looks better than it is.",
        level="strategic",
        formula="operating_profit + depreciation_and_amortization",
        also="earnings before interest, taxes, depreciation and amortization",
    ),
    share(
        "ebitda_margin",
        "EBITDA margin",
        "EBITDA as a share of revenue, to compare the earning power of businesses that are financed and taxed "
        "differently.",
        level="strategic",
        formula="ebitda / revenue",
    ),
    amount(
        "net_profit",
        "Net profit",
        "What is left for the owners after all costs, interest and taxes. Single events can move it far, so read it "
        "together with operating profit.",
        level="strategic",
        also="net income, profit after tax, bottom line",
    ),
    share(
        "net_profit_margin",
        "Net profit margin",
        "The share of revenue that is left for the owners after everything is paid.",
        formula="net_profit / revenue",
    ),
    share(
        "rule_of_40",
        "Rule of 40",
        "Growth and EBITDA margin added up, for software businesses that trade one for the other. Others use the "
        "margin of free cash flow, so say which one you compare with.",
        level="strategic",
        formula="revenue_growth + ebitda_margin",
        target_hint="40 % or more: that is the rule.",
    ),
    balance(
        "total_assets",
        "Total assets",
        "Everything the business owns, as the balance sheet values it.",
    ),
    share(
        "return_on_capital_employed",
        "Return on capital employed (ROCE)",
        "Operating profit of the last twelve months on the capital that is bound for long. Assets written off make it "
        "rise without anybody earning more.",
        level="strategic",
        formula="rolling_sum(operating_profit, 12) / (total_assets - current_liabilities)",
    ),
)

CASH: Final = (
    amount(
        "cash_balance",
        "Cash balance",
        "Money in the bank and at hand at the end of the period. Money that is pledged or held for others does not "
        "count.",
        aggregation=LAST,
        level="strategic",
    ),
    metric(
        "cash_received",
        "Cash received",
        "What came in from operations in the period; loans and money from investors do not count.",
    ),
    metric(
        "cash_paid",
        "Cash paid",
        "What went out in the period: wages, suppliers, rent, taxes, investments; repaying loans does not count.",
        direction=DOWN,
        also="gross burn",
    ),
    amount(
        "net_burn",
        "Net burn rate",
        "How much more cash goes out than comes in, before loans and money from investors; below zero, cash grows. "
        "Single large payments distort a month.",
        direction=DOWN,
        formula="cash_paid - cash_received",
    ),
    Template(
        "cash_runway",
        "Cash runway",
        "How many months the cash lasts if it burns as in the last three. There is no value while more comes in than "
        "goes out.",
        "custom:months",
        "financial",
        decimals=1,
        aggregation=LAST,
        level="strategic",
        formula="cash_balance / max(rolling_mean(net_burn, 3), 0)",
    ),
    amount(
        "operating_cash_flow",
        "Operating cash flow",
        "The cash that operations brought in after paying suppliers, wages and taxes. Paying bills late lifts it for a "
        "while only.",
        also="cash flow from operations",
    ),
    metric(
        "capital_expenditure",
        "Capital expenditure",
        "What was paid for machines, buildings, software and other assets that last.",
        direction=DOWN,
        also="capex, investments",
    ),
    amount(
        "free_cash_flow",
        "Free cash flow",
        "Operating cash flow less what was invested: the cash that is free for owners, lenders and growth.",
        level="strategic",
        formula="operating_cash_flow - capital_expenditure",
    ),
    balance(
        "short_term_investments",
        "Short-term investments",
        "Securities that can be sold within days at about the value in the books.",
        also="marketable securities",
    ),
    balance(
        "accounts_receivable",
        "Accounts receivable",
        "What customers owe at the end of the period, for invoices due or not.",
        direction=DOWN,
        also="debtors",
    ),
    balance(
        "current_assets",
        "Current assets",
        "Cash and whatever turns into cash within a year: securities, receivables, stock.",
    ),
    balance(
        "current_liabilities",
        "Current liabilities",
        "What has to be paid within a year: suppliers, taxes, short-term loans, advances.",
        direction=DOWN,
    ),
    ratio(
        "quick_ratio",
        "Quick ratio (acid test)",
        "How often cash, securities and receivables would pay what is due within a year; stock does not count. "
        "Receivables nobody will pay flatter it.",
        formula="(cash_balance + short_term_investments + accounts_receivable) / current_liabilities",
        target_hint="At 1 or more, everything due within a year could be paid without selling stock.",
    ),
    ratio(
        "current_ratio",
        "Current ratio",
        "How often what turns into cash within a year would pay what is due within a year. Unsold stock makes it look "
        "better than it is.",
        formula="current_assets / current_liabilities",
        target_hint="Below 1, more is due within a year than turns into cash.",
    ),
    amount(
        "working_capital",
        "Working capital",
        "The money bound in daily business: current assets less current liabilities. Too little is a risk, too much "
        "lies idle.",
        direction=BETWEEN,
        aggregation=LAST,
        formula="current_assets - current_liabilities",
    ),
)

CREDIT: Final = (
    days(
        "days_sales_outstanding",
        "Days sales outstanding (DSO)",
        "How many days of revenue customers still owe, on the revenue of the last twelve months. Receivables contain "
        "VAT and revenue does not: take it out of both or keep it in both.",
        direction=DOWN,
        formula="accounts_receivable / rolling_sum(revenue, 12) * 365",
        also="collection period",
    ),
    balance(
        "overdue_receivables",
        "Overdue receivables",
        "What customers should have paid by the end of the period and have not.",
        direction=DOWN,
    ),
    share(
        "overdue_receivables_share",
        "Share of receivables overdue",
        "How much of what customers owe is past its due date; it rises before cash runs short.",
        direction=DOWN,
        aggregation=LAST,
        formula="overdue_receivables / accounts_receivable",
        moves=("days_sales_outstanding", "operating_cash_flow"),
    ),
    balance(
        "accounts_payable",
        "Accounts payable",
        "What is owed to suppliers at the end of the period.",
        direction=DOWN,
        also="creditors",
    ),
    days(
        "days_payable_outstanding",
        "Days payable outstanding (DPO)",
        "How many days it takes to pay suppliers, on the cost of goods sold of the last twelve months. Longer keeps "
        "cash in the house, too long costs discounts and good will.",
        direction=BETWEEN,
        formula="accounts_payable / rolling_sum(cost_of_goods_sold, 12) * 365",
    ),
    days(
        "days_inventory_outstanding",
        "Days inventory outstanding (DIO)",
        "How many days goods lie in stock before they are sold, over the last twelve months. A mean hides what does "
        "not sell at all.",
        direction=DOWN,
        formula="rolling_mean(inventory_value, 12) / rolling_sum(cost_of_goods_sold, 12) * 365",
        also="days in inventory",
    ),
    days(
        "cash_conversion_cycle",
        "Cash conversion cycle",
        "How many days pass between paying for goods and being paid for them. Below zero, customers pay before "
        "suppliers are paid.",
        direction=DOWN,
        formula="days_inventory_outstanding + days_sales_outstanding - days_payable_outstanding",
    ),
    balance(
        "total_debt",
        "Interest-bearing debt",
        "Loans, bonds and leases, short and long.",
        direction=DOWN,
    ),
    balance(
        "equity",
        "Equity",
        "What would be left for the owners if all debts were paid from the assets as the balance sheet values them.",
    ),
    ratio(
        "debt_to_equity",
        "Debt to equity",
        "Interest-bearing debt for each unit of the owners’ capital. Others count all liabilities, so compare like "
        "with like.",
        direction=BETWEEN,
        formula="total_debt / equity",
        also="gearing, leverage",
    ),
)

TEMPLATES: Final = (*PROFIT, *CASH, *CREDIT)
