"""What the people of Complete Journey Grocery do about their numbers: real campaigns; all else is made up."""

import datetime as dt
from collections.abc import Iterable, Iterator

from reports.demo.blueprint import ActionPlan, NotePlan, ReviewPlan
from reports.demo.grocery_people import DANA, LENA, MIA, PRIYA, THEO
from reports.demo.transactions import Campaign

# Campaigns reach a few households or a thousand; those are what shows in the company's numbers.
LARGE = 300
WATCHED = ("coupons_redeemed", "net_sales")


def notes(campaigns: Iterable[Campaign], shift: dt.timedelta) -> Iterator[NotePlan]:
    """The large campaigns at their first day, on the KPIs that they are to move."""
    for campaign in campaigns:
        if campaign.households >= LARGE:
            until = campaign.last_day + shift
            text = (
                f"Campaign {campaign.number} begins: coupons for {campaign.households:,} households, "
                f"until {until.day} {until:%B %Y}"
            )
            yield from (NotePlan(key, campaign.first_day + shift, text) for key in WATCHED)


def actions(last_day: dt.date) -> tuple[ActionPlan, ...]:
    """Steps planned, under way and done, dated by weeks from the last day of the data."""

    def week(number: int) -> dt.date:
        return last_day + dt.timedelta(weeks=number)

    return (
        ActionPlan("produce_sales", "Set the fruit display up beside the entrance", MIA, week(3), state="running"),
        ActionPlan(
            "produce_sales",
            "Have berries delivered daily instead of twice a week",
            MIA,
            week(-9),
            cause="Berries were sold out by Thursday",
            closed_on=week(-9),
        ),
        ActionPlan(
            "fuel_sales",
            "Match the price of the station across the road at weekends",
            DANA,
            week(1),
            cause="A new station opened across the road",
            state="open",
        ),
        ActionPlan("coupons_redeemed", "Send coupons to lapsed households first", LENA, week(2), state="open"),
        ActionPlan("average_basket", "Offer a second pasta sauce at half the price", PRIYA, week(4), state="running"),
        ActionPlan("fresh_sales", "Open the salad bar an hour earlier", THEO, week(-6), closed_on=week(-6)),
    )


def reviews(last_day: dt.date) -> tuple[ReviewPlan, ...]:
    return (
        ReviewPlan(
            "net_sales",
            last_day - dt.timedelta(weeks=4),
            decision="Fresh goes first: Theo and Mia report on produce every week.",
            note="Packaged food holds; fresh lost three weeks in a row.",
        ),
        ReviewPlan("average_basket", last_day - dt.timedelta(weeks=5), decision="Keep the target."),
    )
