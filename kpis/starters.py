"""Which KPIs a new organization may begin with, by what it runs.

A starter that is a sum is added up from those that feed it as soon as one of them is chosen too; alone it is measured.
``feeds`` names the starter it ladders up to, which stands before it in its list; where that is not chosen, it stands at
the top.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kpis.library import MONEY, in_currency
from kpis.models.choices import Aggregation, Category, Direction, Level


@dataclass(frozen=True, slots=True)
class Starter:
    """A KPI to begin with. ``unit`` is as in ``Kpi.unit``; ``money`` stands for the organization's own currency.

    ``is_sum`` makes it the sum of those that feed it; ``contribution`` -1 is taken off that sum. ``is_usual`` ones are
    ticked beforehand.
    """

    slug: str
    name: str
    description: str
    unit: str
    category: Category
    direction: Direction = Direction.INCREASE
    aggregation: Aggregation = Aggregation.SUM
    feeds: str = ""
    contribution: int = 1
    is_sum: bool = False
    is_usual: bool = True

    def unit_in(self, currency: str) -> str:
        """Its unit, with the organization's own currency."""
        return in_currency(self.unit, currency)

    @property
    def level(self) -> Level:
        return Level.OPERATIONAL if self.feeds else Level.STRATEGIC


@dataclass(frozen=True, slots=True)
class Business:
    """What somebody runs."""

    slug: str
    name: str
    examples: str
    icon: str
    starters: Sequence[Starter]


DOWN, MEAN, LAST = Direction.DECREASE, Aggregation.MEAN, Aggregation.LAST

SHOP: Final = Business(
    "shop",
    "A shop",
    "Retail, online or both",
    "building-store",
    (
        Starter(
            "net_sales",
            "Net sales",
            "What customers paid, less what they sent back.",
            MONEY,
            Category.SALES,
            is_sum=True,
        ),
        Starter("shop_sales", "Sales in the shop", "Paid at the till.", MONEY, Category.SALES, feeds="net_sales"),
        Starter("online_sales", "Online sales", "Paid on the web.", MONEY, Category.SALES, feeds="net_sales"),
        Starter(
            "returns",
            "Returns",
            "Money given back for goods.",
            MONEY,
            Category.QUALITY,
            DOWN,
            feeds="net_sales",
            contribution=-1,
        ),
        Starter(
            "customers",
            "Number of sales",
            "How often somebody bought.",
            "number",
            Category.CUSTOMER,
            feeds="shop_sales",
        ),
        Starter(
            "margin",
            "Gross margin",
            "What is left of each sale after the goods are paid.",
            "percent",
            Category.FINANCIAL,
            aggregation=MEAN,
            is_usual=False,
        ),
        Starter(
            "basket",
            "Average basket",
            "What one sale brings.",
            MONEY,
            Category.SALES,
            aggregation=MEAN,
            feeds="shop_sales",
            is_usual=False,
        ),
        Starter(
            "stock",
            "Stock value",
            "What lies on the shelves.",
            MONEY,
            Category.OPERATIONS,
            DOWN,
            LAST,
            is_usual=False,
        ),
    ),
)

SOFTWARE: Final = Business(
    "software",
    "Software",
    "Subscriptions, apps, hosting",
    "code",
    (
        Starter("revenue", "Revenue", "What was invoiced, of every kind.", MONEY, Category.FINANCIAL, is_sum=True),
        Starter("subscriptions", "Subscriptions", "Recurring fees.", MONEY, Category.SALES, feeds="revenue"),
        Starter("services", "Services", "Set-up, training, projects.", MONEY, Category.SALES, feeds="revenue"),
        Starter(
            "customers",
            "Paying customers",
            "At the end of the month.",
            "number",
            Category.CUSTOMER,
            aggregation=LAST,
            feeds="subscriptions",
        ),
        Starter(
            "churn",
            "Churn",
            "The share of customers who left in the month.",
            "percent",
            Category.CUSTOMER,
            DOWN,
            MEAN,
            feeds="customers",
        ),
        Starter("sign_ups", "Sign-ups", "New trials.", "number", Category.MARKETING, feeds="customers", is_usual=False),
        Starter(
            "uptime",
            "Uptime",
            "The share of time the product was there.",
            "percent",
            Category.QUALITY,
            aggregation=MEAN,
            is_usual=False,
        ),
        Starter(
            "reply_time",
            "Time to first reply",
            "How long customers wait for support.",
            "duration:h",
            Category.QUALITY,
            DOWN,
            MEAN,
            is_usual=False,
        ),
    ),
)

SERVICES: Final = Business(
    "services",
    "Services",
    "Agency, consulting, trades",
    "briefcase",
    (
        Starter("revenue", "Revenue", "What was invoiced, of every kind.", MONEY, Category.FINANCIAL, is_sum=True),
        Starter(
            "projects", "Project revenue", "Work with a beginning and an end.", MONEY, Category.SALES, feeds="revenue"
        ),
        Starter("retainers", "Retainer revenue", "Work that goes on.", MONEY, Category.SALES, feeds="revenue"),
        Starter(
            "hours", "Billable hours", "Hours a client pays for.", "duration:h", Category.OPERATIONS, feeds="projects"
        ),
        Starter(
            "satisfaction",
            "Client satisfaction",
            "What clients answer, from 0 to 10.",
            "custom:points",
            Category.CUSTOMER,
            aggregation=MEAN,
            feeds="retainers",
        ),
        Starter(
            "utilization",
            "Utilization",
            "The share of working hours a client pays for.",
            "percent",
            Category.OPERATIONS,
            aggregation=MEAN,
            feeds="hours",
            is_usual=False,
        ),
        Starter(
            "offers",
            "Open offers",
            "What is offered and not yet decided.",
            MONEY,
            Category.SALES,
            aggregation=LAST,
            feeds="projects",
            is_usual=False,
        ),
        Starter(
            "overdue",
            "Overdue invoices",
            "What clients should have paid by now.",
            MONEY,
            Category.FINANCIAL,
            DOWN,
            LAST,
            is_usual=False,
        ),
    ),
)

FACTORY: Final = Business(
    "factory",
    "A factory",
    "Making things, on one line or many",
    "building-factory-2",
    (
        Starter("good_units", "Good units", "Made and fit to sell.", "custom:units", Category.OPERATIONS, is_sum=True),
        Starter(
            "line_1", "Line 1", "Units off the first line.", "custom:units", Category.OPERATIONS, feeds="good_units"
        ),
        Starter(
            "line_2", "Line 2", "Units off the second line.", "custom:units", Category.OPERATIONS, feeds="good_units"
        ),
        Starter(
            "scrap",
            "Scrap",
            "Units thrown away.",
            "custom:units",
            Category.QUALITY,
            DOWN,
            feeds="good_units",
            contribution=-1,
        ),
        Starter(
            "downtime",
            "Downtime",
            "Hours the first line stood still unplanned.",
            "duration:h",
            Category.OPERATIONS,
            DOWN,
            feeds="line_1",
        ),
        Starter(
            "on_time",
            "On-time delivery",
            "The share of orders that left on the promised day.",
            "percent",
            Category.CUSTOMER,
            aggregation=MEAN,
            is_usual=False,
        ),
        Starter("energy", "Energy cost", "Power, gas, heat.", MONEY, Category.FINANCIAL, DOWN, is_usual=False),
        Starter("accidents", "Accidents", "Somebody was hurt.", "number", Category.PEOPLE, DOWN, is_usual=False),
    ),
)

BLANK: Final = Business("blank", "Something else", "Start from your own numbers", "pencil", ())

BUSINESSES: Final = {business.slug: business for business in (SHOP, SOFTWARE, SERVICES, FACTORY, BLANK)}
