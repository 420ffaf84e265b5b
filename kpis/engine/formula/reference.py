"""Every function explained: for the reference page, for completion and for error messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kpis.engine.formula.syntax import Function


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a function is written, one sentence on what it gives, and an example that parses."""

    signature: str
    summary: str
    example: str


REFERENCE: Final[Mapping[Function, Explanation]] = {
    Function.IF: Explanation(
        "if(condition, a, b)",
        "a where the condition is true (not zero), otherwise b; the other one is not looked at.",
        "if(baskets == 0, 0, net_sales / baskets)",
    ),
    Function.COALESCE: Explanation(
        "coalesce(a, b, ...)",
        "The first of its arguments that has a value: how a missing number becomes another.",
        "net_sales - coalesce(refunds, 0)",
    ),
    Function.MIN: Explanation("min(a, b, ...)", "The smallest of its arguments.", "min(orders, capacity)"),
    Function.MAX: Explanation("max(a, b, ...)", "The largest of its arguments.", "max(profit, 0)"),
    Function.ABS: Explanation("abs(x)", "x without its sign.", "abs(forecast - net_sales)"),
    Function.ROUND: Explanation(
        "round(x, digits)",
        "x rounded to so many decimals, 0 if none are given, halves away from zero; digits from -12 to 12.",
        "round(net_sales / baskets, 2)",
    ),
    Function.SQRT: Explanation("sqrt(x)", "The square root of x; missing below zero.", "sqrt(variance)"),
    Function.LN: Explanation("ln(x)", "The natural logarithm of x; missing at zero and below.", "ln(users)"),
    Function.LOG10: Explanation(
        "log10(x)", "The logarithm of x to base 10; missing at zero and below.", "log10(views)"
    ),
    Function.EXP: Explanation("exp(x)", "e to the power of x.", "exp(-churn_rate)"),
    Function.PREV: Explanation(
        "prev(x, n)", "x one period before, or n periods before (1 to 366).", "customers - prev(customers)"
    ),
    Function.SAME_PERIOD_LAST_YEAR: Explanation(
        "same_period_last_year(x)",
        "x in the same period a year before; 364 days before for daily and weekly KPIs, so that weekdays match.",
        "net_sales / same_period_last_year(net_sales) - 1",
    ),
    Function.CHANGE: Explanation("change(x)", "x minus x one period before.", "change(customers)"),
    Function.GROWTH: Explanation(
        "growth(x)",
        "The change of x as a share of x one period before; missing unless that was above zero.",
        "growth(mrr)",
    ),
    Function.YTD: Explanation(
        "ytd(key)",
        "The KPI's value for the fiscal year so far, put together by the KPI's own aggregation.",
        "ytd(net_sales)",
    ),
    Function.QTD: Explanation(
        "qtd(key)",
        "The KPI's value for the fiscal quarter so far, put together by the KPI's own aggregation.",
        "qtd(net_sales)",
    ),
    Function.ROLLING_SUM: Explanation(
        "rolling_sum(x, n)",
        "The sum of x over this and the n - 1 periods before; missing while there are fewer than n values.",
        "rolling_sum(net_sales, 12)",
    ),
    Function.ROLLING_MEAN: Explanation(
        "rolling_mean(x, n)",
        "The mean of x over this and the n - 1 periods before; missing while there are fewer than n values.",
        "rolling_mean(tickets, 4)",
    ),
    Function.CHILDREN_SUM: Explanation(
        "children_sum(key)",
        "The sum of the values of a KPI's children; without a key, of the children of the KPI that has this formula.",
        "children_sum() - overhead",
    ),
    Function.CHILDREN_MEAN: Explanation(
        "children_mean(key)",
        "The mean of the values of a KPI's children; without a key, of the children of the KPI that has this formula.",
        "children_mean(store_rating)",
    ),
}
