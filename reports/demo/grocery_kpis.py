"""What Complete Journey Grocery watches: money up to the top, and the households it comes from."""

from reports.demo.blueprint import KpiPlan, TargetPlan
from reports.demo.grocery_people import DANA, JONAS, LENA, MIA, NORA, PRIYA, THEO

CURRENCY = "currency:USD"
OTHER = "other_sales"
MORE = TargetPlan(1.02, reason="The quarter before plus 2 %")

# Key, name, what it is, parent, owner, department.
TOTALS = (
    (
        "sales_after_coupons",
        "Sales after coupons",
        "What remains of net sales once coupons are paid for.",
        "",
        DANA,
        "",
    ),
    ("net_sales", "Net sales", "What all departments took in a week.", "sales_after_coupons", DANA, ""),
    (
        "fresh_sales",
        "Fresh sales",
        "Everything that does not keep, from produce to flowers.",
        "net_sales",
        THEO,
        "Fresh",
    ),
    ("packaged_sales", "Packaged food sales", "Everything with a shelf life.", "net_sales", PRIYA, "Packaged food"),
    ("grocery_sales", "Grocery sales", "The five grocery aisles.", "packaged_sales", PRIYA, "Grocery"),
    (
        "household_sales",
        "Household sales",
        "Drugstore goods and cosmetics.",
        "net_sales",
        JONAS,
        "Household and health",
    ),
    (
        "services_sales",
        "Fuel and services sales",
        "Fuel, and what fits nowhere else.",
        "net_sales",
        DANA,
        "Fuel and services",
    ),
)
STRATEGIC = ("sales_after_coupons", "net_sales")
# Key, name, parent, department, owner, what was bought.
SALES = (
    ("produce_sales", "Produce", "fresh_sales", "Produce", MIA, "fruit and vegetables"),
    ("meat_sales", "Meat", "fresh_sales", "Meat", THEO, "fresh meat and poultry"),
    ("packaged_meat_sales", "Packaged meat", "fresh_sales", "Packaged meat", THEO, "sausages, bacon and lunch meat"),
    ("deli_sales", "Deli", "fresh_sales", "Deli", THEO, "cheese and meat from the counter"),
    ("bakery_sales", "Bakery", "fresh_sales", "Bakery", THEO, "cakes, rolls and pastry"),
    ("seafood_sales", "Seafood", "fresh_sales", "Seafood", THEO, "fish and seafood, fresh and packaged"),
    ("salad_bar_sales", "Salad bar", "fresh_sales", "Salad bar", MIA, "the salad bar"),
    ("floral_sales", "Floral", "fresh_sales", "Floral", NORA, "flowers and plants"),
    ("dairy_sales", "Dairy and chilled", "grocery_sales", "Grocery", PRIYA, "milk, cheese, eggs and chilled food"),
    ("frozen_sales", "Frozen food", "grocery_sales", "Grocery", PRIYA, "frozen food and ice cream"),
    ("drinks_sales", "Drinks", "grocery_sales", "Grocery", PRIYA, "soft drinks, juice, coffee, beer and wine"),
    ("bakes_sales", "Bread and snacks", "grocery_sales", "Grocery", PRIYA, "bread, cereals, cookies and snacks"),
    (
        "pantry_sales",
        "Pantry and home",
        "grocery_sales",
        "Grocery",
        PRIYA,
        "soups, sauces, baking, pet food and cleaning",
    ),
    ("natural_food_sales", "Natural food", "packaged_sales", "Natural food", PRIYA, "natural and dietary food"),
    ("spirits_sales", "Spirits", "packaged_sales", "Spirits", PRIYA, "spirits"),
    (
        "drugstore_sales",
        "Drugstore",
        "household_sales",
        "Drugstore",
        JONAS,
        "health, baby, household and seasonal goods",
    ),
    ("cosmetics_sales", "Cosmetics", "household_sales", "Cosmetics", JONAS, "cosmetics"),
    ("fuel_sales", "Fuel", "services_sales", "Fuel", DANA, "fuel"),
    ("miscellaneous_sales", "Miscellaneous", "services_sales", "Miscellaneous", DANA, "items without a department"),
    (OTHER, "Other departments", "services_sales", "Other departments", DANA, "what a dozen tiny departments sell"),
)


def _total(key: str, name: str, description: str, parent: str, owner: str, department: str) -> KpiPlan:
    is_strategic = key in STRATEGIC
    return KpiPlan(
        key,
        name,
        description,
        CURRENCY,
        "weekly",
        parents={parent: 1} if parent else {},
        owner=owner,
        department=department,
        rollup=True,
        target=MORE,
        fields={"category": "financial", "level": "strategic"} if is_strategic else {"category": "sales"},
    )


def _sales(key: str, name: str, parent: str, department: str, owner: str, bought: str) -> KpiPlan:
    """What one department sells in a week, measured day by day."""
    return KpiPlan(
        key,
        f"{name} sales",
        f"What customers paid for {bought} in a week, loyalty-card discounts taken off.",
        CURRENCY,
        "weekly",
        parents={parent: 1},
        owner=owner,
        department=department,
        target=MORE,
        fields={"category": "sales"},
    )


COUPONS = KpiPlan(
    "coupon_discounts",
    "Coupon discounts",
    "What customers saved with coupons in a week. It is taken off sales, so less is better.",
    CURRENCY,
    "weekly",
    "decrease",
    parents={"sales_after_coupons": -1},
    owner=LENA,
    department="Marketing",
    target=TargetPlan(reason="No more than in the quarter before"),
    fields={"category": "marketing"},
)
CUSTOMERS = (
    KpiPlan(
        "active_households",
        "Active households",
        "How many households bought anything in the last four weeks.",
        "number",
        "weekly",
        owner=LENA,
        department="Marketing",
        target=TargetPlan(floor=0.95, reason="Keep those of the quarter before"),
        fields={"category": "customer", "level": "strategic", "aggregation": "last"},
    ),
    KpiPlan(
        "baskets",
        "Baskets",
        "How often somebody went through a till in a day.",
        "number",
        "daily",
        parents={"active_households": 1},
        owner=LENA,
        department="Marketing",
        fields={"category": "customer", "kind": "metric", "indicator": "leading", "due_after_days": 7},
    ),
    KpiPlan(
        "average_basket",
        "Average basket",
        "What one purchase comes to: the week's net sales over its baskets.",
        CURRENCY,
        "weekly",
        parents={"active_households": 1},
        owner=PRIYA,
        formula="net_sales / baskets",
        target=TargetPlan(1.02, floor=0.9, reason="The quarter before plus 2 %"),
        fields={"category": "customer", "decimals": 2},
    ),
    KpiPlan(
        "coupons_redeemed",
        "Coupons redeemed",
        "How many coupons of our campaigns were handed in. Households that use them come back sooner.",
        "number",
        "weekly",
        parents={"active_households": 1},
        owner=LENA,
        department="Marketing",
        target=TargetPlan(reason="As good as the quarter before"),
        fields={"category": "marketing", "indicator": "leading"},
    ),
)
RANGE = (
    KpiPlan(
        "store_brand_share",
        "Store brand share",
        "The share of sales that are of our own brands, which earn more than others.",
        "percent",
        "weekly",
        owner=PRIYA,
        department="Packaged food",
        target=TargetPlan(1.01, floor=0.9, reason="The quarter before plus 1 %"),
        fields={"category": "sales", "aggregation": "last", "decimals": 1},
    ),
    KpiPlan(
        "promotion_share",
        "Promotion share",
        "Loyalty-card discounts as a share of shelf prices. Too few send people elsewhere, too many are given away.",
        "percent",
        "weekly",
        "between",
        owner=LENA,
        department="Marketing",
        target=TargetPlan(low=0.135, high=0.155, reason="The range agreed for the year"),
        fields={"category": "marketing", "aggregation": "last", "decimals": 1},
    ),
)
RATIOS = (
    KpiPlan(
        "coupon_share",
        "Coupon share",
        "What coupons cost for every dollar of net sales.",
        "percent",
        "weekly",
        "decrease",
        owner=LENA,
        department="Marketing",
        formula="coupon_discounts / net_sales",
        target=TargetPlan(floor=1.5, reason="No more than in the quarter before"),
        fields={"category": "marketing", "decimals": 2},
    ),
    KpiPlan(
        "sales_growth",
        "Sales growth",
        "Net sales of the last thirteen weeks against the thirteen before them: the growth of a quarter, week by week.",
        "percent",
        "weekly",
        owner=DANA,
        formula="rolling_sum(net_sales, 13) / prev(rolling_sum(net_sales, 13), 13) - 1",
        fields={"category": "financial", "level": "strategic", "decimals": 1},
    ),
)
KPIS = (*(_total(*row) for row in TOTALS), COUPONS, *(_sales(*row) for row in SALES), *CUSTOMERS, *RANGE, *RATIOS)
