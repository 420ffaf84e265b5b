"""The library of templates: every one well-formed, and the definitions those of the field."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import pytest

from kpis.engine.cycles import find_cycle
from kpis.engine.units import Unit, UnitKind
from kpis.keys import key_from
from kpis.library import MONEY, Category, by_category, closure, search, template, templates
from kpis.models import choices
from kpis.models.kpis import KEY_PATTERN, RESERVED_KEYS, Kpi

TEMPLATES = templates()
FORMULAS = [one for one in TEMPLATES if one.formula]
PAGE = Path(__file__).parents[2] / "docs" / "good-kpis.md"
# The language's functions and words, as docs of it list them.
FUNCTIONS = frozenset(
    "if coalesce min max abs round sqrt ln log10 exp prev same_period_last_year change growth ytd qtd rolling_sum "
    "rolling_mean children_sum children_mean".split()
)
WORDS = frozenset({"and", "or", "not"})
TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[a-z][a-z0-9_]*)|(?P<other>[-+*/^%(),]|[<>=!]=|[<>]))")


def names_in(formula: str) -> set[str]:
    """The KPIs a formula names; fails on a character that the language has not."""
    names, at = set(), 0
    while at < len(formula):
        token = TOKEN.match(formula, at)
        assert token, f"“{formula[at:]}” is not in the language"
        at = token.end()
        if (name := token["name"]) and name not in FUNCTIONS | WORDS:
            names.add(name)
    return names


def test_there_are_at_least_64_kpis_and_five_in_each_category() -> None:
    kpis = Counter(one.category for one in TEMPLATES if one.kind == "kpi")
    assert kpis.total() >= 64
    assert set(kpis) == set(get_args(Category)) == set(choices.Category.values) - {"other"}
    assert min(kpis.values()) >= 5


def test_slugs_and_names_are_unique() -> None:
    assert max(Counter(one.slug for one in TEMPLATES).values()) == 1
    alike = Counter(key_from(re.sub(r"\(.*?\)", "", one.name)).rstrip("s") for one in TEMPLATES)
    assert [name for name, times in alike.items() if times > 1] == []


def test_template_is_a_valid_definition() -> None:
    for one in TEMPLATES:
        assert re.fullmatch(KEY_PATTERN, one.slug), one.slug
        assert one.slug not in RESERVED_KEYS, one.slug
        Unit.parse(one.unit_in("EUR"))
        kpi = Kpi(
            key=one.slug,
            name=one.name,
            unit=one.unit_in("CHF"),
            **{name: getattr(one, name) for name in "description decimals carry_forward".split()},
            **{name: str(getattr(one, name)) for name in "category direction frequency aggregation level kind".split()},
            indicator=one.indicator,
        )
        kpi.clean_fields(exclude=["organization", "department", "owner", "weight_by", "created_at", "rollup"])


def test_description_is_one_or_two_sentences() -> None:
    for one in TEMPLATES:
        for text in filter(None, (one.description, one.target_hint)):
            assert text.endswith((".", "?")), one.slug
            assert len(re.findall(r"[.?](?= [A-Z]|$)", text)) <= 2, one.slug
            assert text[0].isupper() or text[0].isdigit(), one.slug
            assert "  " not in text, one.slug
        assert one.description.rstrip(".").casefold() != one.name.casefold(), one.slug


def test_aggregation_fits_the_unit() -> None:
    for one in TEMPLATES:
        unit = Unit.parse(one.unit_in("EUR"))
        is_quotient = unit.is_fraction or " per " in f" {unit.detail} " or unit.detail in ("points", "months", "ppm")
        assert not (is_quotient and one.aggregation == "sum"), one.slug
        assert one.aggregation == "last" or not one.carry_forward, one.slug


def test_percentages_show_a_decimal_and_money_few() -> None:
    for one in TEMPLATES:
        kind = Unit.parse(one.unit_in("EUR")).kind
        assert one.decimals <= 2, one.slug
        assert one.decimals >= 1 or kind not in (UnitKind.PERCENT, UnitKind.RATIO), one.slug
        assert one.unit == MONEY or kind is not UnitKind.CURRENCY, one.slug


def test_leading_kpi_names_lagging_kpis_it_moves() -> None:
    for one in TEMPLATES:
        moved = [template(slug) for slug in one.moves]
        assert (one.indicator == "leading") == bool(moved), one.slug
        assert one.slug not in one.moves, one.slug
        assert {(other.indicator, other.kind) for other in moved} <= {("lagging", "kpi")}, one.slug
        assert one.kind == "kpi" or not moved, one.slug


def test_formula_names_templates_and_functions_only() -> None:
    for one in FORMULAS:
        assert one.source == "formula", one.slug
        assert names_in(one.formula) == set(one.operands), one.slug
        assert [slug for slug in one.operands if slug not in {other.slug for other in TEMPLATES}] == [], one.slug
        assert one.formula.count("(") == one.formula.count(")"), one.slug


def test_operands_are_no_coarser_than_their_formula() -> None:
    for one in FORMULAS:
        assert [slug for slug in one.operands if template(slug).frequency.is_coarser_than(one.frequency)] == [], (
            one.slug
        )


def test_formula_that_looks_back_a_year_is_judged_by_the_month() -> None:
    for one in FORMULAS:
        assert ", 12)" not in one.formula or one.frequency == "monthly", one.slug


def test_sums_and_differences_stay_in_one_unit() -> None:
    for one in FORMULAS:
        if not set("*/(") & set(one.formula):
            assert {template(slug).unit for slug in one.operands} == {one.unit}, one.slug


def test_formulas_have_no_cycle() -> None:
    assert find_cycle((one.slug, operand) for one in FORMULAS for operand in one.operands) is None


def test_every_metric_is_used() -> None:
    used = {operand for one in FORMULAS for operand in one.operands}
    assert [one.slug for one in TEMPLATES if one.kind == "metric" and one.slug not in used] == []


def test_closure_has_operands_before_what_uses_them() -> None:
    assert [one.slug for one in closure("average_basket")] == [
        "gross_sales",
        "discounts_given",
        "sales_returns",
        "net_sales",
        "baskets",
        "average_basket",
    ]
    assert [one.slug for one in closure("visits")] == ["visits"]


def test_closure_is_complete_and_in_order() -> None:
    for one in FORMULAS:
        seen: set[str] = set()
        for part in closure(one.slug):
            assert set(part.operands) <= seen, one.slug
            assert part.slug not in seen, one.slug
            seen.add(part.slug)
        assert part is one, one.slug


def test_unknown_slug_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        closure("happiness_of_cats")


def test_templates_stand_category_by_category() -> None:
    assert [one for group in by_category().values() for one in group] == list(TEMPLATES)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("average basket", "average_basket"),
        ("AOV", "average_basket"),
        ("watch TIME", "video_watch_time"),
        ("acid", "quick_ratio"),
        ("cost_per_mille", "cost_per_mille"),
        ("absenteeism", "absence_rate"),
    ],
)
def test_search_finds_names_slugs_and_other_names(text: str, first: str) -> None:
    assert search(text)[0].slug == first


def test_search_puts_names_before_descriptions() -> None:
    found = search("churn", category="customer")
    assert found[0].slug == "customer_churn_rate"
    assert "customer_lifetime_value" in {one.slug for one in found[1:]}
    assert all("churn" in f"{one.name}{one.slug}{one.description}".casefold() for one in found)


def test_search_filters() -> None:
    assert search() == list(TEMPLATES)
    leading = search(category="marketing", indicator="leading", kind="kpi", level="operational")
    assert "click_through_rate" in {one.slug for one in leading}
    assert {(one.category, one.indicator, one.kind, one.level) for one in leading} == {
        ("marketing", "leading", "kpi", "operational")
    }
    assert search("average basket", category="people") == []


def in_a_steady_year(slug: str, measured: Mapping[str, float]) -> float:
    """A template's value where every month is like the one given."""
    values = dict(measured)
    functions = {
        "max": max,
        "prev": lambda x: x,
        "same_period_last_year": lambda x: x,
        "rolling_sum": lambda x, n: x * n,
        "rolling_mean": lambda x, _: x,
    }
    for one in closure(slug):
        if one.formula and one.slug not in values:
            values[one.slug] = eval(one.formula, {"__builtins__": {}}, functions | values)  # our own formulas
    return values[slug]


@pytest.mark.parametrize(
    ("slug", "measured", "expected"),
    [
        ("gross_margin", {"revenue": 500, "cost_of_goods_sold": 300}, 0.4),
        (
            "ebitda_margin",
            {
                "revenue": 500,
                "cost_of_goods_sold": 300,
                "operating_expenses": 120,
                "depreciation_and_amortization": 20,
            },
            0.2,
        ),
        (
            "quick_ratio",
            {
                "cash_balance": 30,
                "short_term_investments": 10,
                "accounts_receivable": 50,
                "current_liabilities": 60,
            },
            1.5,
        ),
        ("days_sales_outstanding", {"accounts_receivable": 150, "revenue": 100}, 45.625),
        ("inventory_turnover", {"cost_of_goods_sold": 50, "inventory_value": 100}, 6),
        ("net_burn", {"cash_paid": 90, "cash_received": 60}, 30),
        ("cash_runway", {"cash_balance": 300, "cash_paid": 90, "cash_received": 60}, 10),
        ("net_promoter_score", {"nps_promoters": 50, "nps_detractors": 20, "nps_answers": 100}, 30),
        ("customer_satisfaction", {"csat_satisfied": 80, "csat_answers": 100}, 0.8),
        ("customer_churn_rate", {"customers_lost": 5, "paying_customers": 200}, 0.025),
        ("net_revenue_retention", {"mrr": 100, "expansion_mrr": 10, "contraction_mrr": 2, "churned_mrr": 3}, 1.05),
        ("gross_revenue_retention", {"mrr": 100, "contraction_mrr": 2, "churned_mrr": 3}, 0.95),
        ("customer_acquisition_cost", {"marketing_spend": 60, "sales_cost": 40, "new_customers": 5}, 20),
        (
            "ltv_to_cac",
            {
                "mrr": 1000,
                "paying_customers": 100,
                "revenue": 100,
                "cost_of_goods_sold": 20,
                "customers_lost": 2,
                "marketing_spend": 600,
                "sales_cost": 400,
                "new_customers": 10,
            },
            4,
        ),
        ("view_through_rate", {"completed_video_views": 250, "video_impressions": 1000}, 0.25),
        ("average_watch_time", {"video_watch_time": 9000, "video_starts": 300}, 30),
        ("cost_per_mille", {"ad_spend": 50, "impressions": 10_000}, 5),
        ("cost_per_click", {"ad_spend": 50, "ad_clicks": 100}, 0.5),
        ("click_through_rate", {"ad_clicks": 100, "impressions": 10_000}, 0.01),
        ("return_on_ad_spend", {"attributed_revenue": 200, "ad_spend": 50}, 4),
        ("cost_per_acquisition", {"ad_spend": 50, "campaign_conversions": 2}, 25),
        ("average_basket", {"gross_sales": 120, "discounts_given": 15, "sales_returns": 5, "baskets": 4}, 25),
        ("stickiness", {"daily_active_users": 300, "monthly_active_users": 1000}, 0.3),
        ("uptime", {"outage_minutes": 43.2, "service_minutes": 43_200}, 0.999),
        ("mean_time_to_repair", {"repair_time": 6, "breakdowns": 4}, 1.5),
        ("employee_turnover_rate", {"leavers": 1, "headcount": 80}, 0.15),
        ("absence_rate", {"absent_hours": 50, "planned_hours": 1000}, 0.05),
        ("lost_time_injury_frequency_rate", {"lost_time_injuries": 1, "hours_worked": 500_000}, 2),
        ("defect_rate", {"units_defective": 3, "units_inspected": 200}, 0.015),
        ("on_time_delivery", {"orders_on_time": 95, "orders_delivered": 100}, 0.95),
    ],
)
def test_definitions_are_those_of_the_field(slug: str, measured: Mapping[str, float], expected: float) -> None:
    assert in_a_steady_year(slug, measured) == pytest.approx(expected)


def test_oee_is_that_of_the_published_example() -> None:
    # The worked example of oee.com, "Calculate OEE": 420 minutes planned, 47 of them down, a second for each of 19,271
    # units, 423 of which are rejected.
    shift = {
        "planned_production_time": 420 / 60,
        "downtime": 47 / 60,
        "units_made": 19_271,
        "ideal_run_rate": 3600,
        "units_right_first_time": 19_271 - 423,
    }
    assert in_a_steady_year("oee_availability", shift) == pytest.approx(0.8881, abs=5e-5)
    assert in_a_steady_year("oee_performance", shift) == pytest.approx(0.8611, abs=5e-5)
    assert in_a_steady_year("oee", shift) == pytest.approx(0.7479, abs=5e-5)


def test_runway_has_no_value_while_cash_grows() -> None:
    with pytest.raises(ZeroDivisionError):
        in_a_steady_year("cash_runway", {"cash_balance": 300, "cash_paid": 60, "cash_received": 90})


def table_of_the_library() -> str:
    """The table of docs/good-kpis.md: a row for each category with its KPIs, and how many metrics it has."""
    rows = ["| Category | KPIs | Metrics for their formulas |", "|---|---|---|"]
    for category, group in by_category().items():
        kpis = [one.name for one in group if one.kind == "kpi"]
        rows.append(f"| {category.capitalize()} ({len(kpis)}) | {', '.join(kpis)} | {len(group) - len(kpis)} |")
    return "\n".join(rows)


def test_the_page_on_good_kpis_lists_the_library() -> None:
    assert table_of_the_library() in PAGE.read_text(encoding="utf-8")
