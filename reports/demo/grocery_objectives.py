"""What Complete Journey Grocery wants: two cycles that are over, one that runs. All is made up but the KPIs."""

import datetime as dt
from typing import Final

from reports.demo.blueprint import CyclePlan, InitiativePlan, KeyResultPlan, ObjectivePlan, Said
from reports.demo.grocery_people import DANA, JONAS, LENA, MIA, PRIYA, THEO

WEEKS: Final = 13
# Weeks of the cycle that runs which are over with the last day of the data.
PASSED: Final = 8
GROW: Final = "Grow fresh"
BOTH: Final = {"progress_from": "both"}
PERCENT: Final = {"unit": "percent"}


def cycles(last_day: dt.date) -> tuple[CyclePlan, ...]:
    """Of thirteen weeks: two over, one that has run for eight on the data's last day, a Sunday, and one planned."""
    begun = last_day + dt.timedelta(days=1, weeks=-PASSED)
    first, second = begun - dt.timedelta(weeks=2 * WEEKS), begun - dt.timedelta(weeks=WEEKS)
    return (
        CyclePlan(
            first,
            WEEKS,
            _FIRST,
            learned="Fresh goods sell when they are on the shelf by seven, and not because of a campaign. One week’s "
            "average basket swings too much to tell a trend.",
            carry_on="Berries every day, and full shelves by seven.",
        ),
        CyclePlan(
            second,
            WEEKS,
            _SECOND,
            learned="Five per cent more in summer was a guess, not a plan: half the growers had nothing more to sell. "
            "Coupons ran away from us in the fourth week.",
            carry_on="Agree on volumes with growers before we set a number.",
        ),
        CyclePlan(begun, WEEKS, _NOW),
        CyclePlan(begun + dt.timedelta(weeks=WEEKS), WEEKS),
    )


def _each(weeks: int, values: tuple[float, ...], confidence: str, words: dict[int, str]) -> tuple[Said, ...]:
    """A value every so many weeks from the first on, with words in some."""
    numbered = ((1 + weeks * place, value) for place, value in enumerate(values))
    return tuple((week, value, confidence, words.get(week, "")) for week, value in numbered)


_BERRIES = "Berries arrive every day"
_SHELVES = "Shelves are full by seven"
_FIRST = (
    ObjectivePlan(
        GROW,
        DANA,
        (
            KeyResultPlan(
                "Sell 8 % more fresh goods than in the thirteen weeks before",
                DANA,
                kpi="fresh_sales",
                reads="cycle_to_date",
                factor=1.08,
                said=((4, None, "on_track", "Spring is early"), (12, None, "at_risk", "It will be close")),
            ),
        ),
        fields=BOTH,
    ),
    ObjectivePlan(
        "Be the first choice for fruit and vegetables",
        MIA,
        (
            KeyResultPlan(
                "Sell 10 % more produce than in the thirteen weeks before",
                MIA,
                kpi="produce_sales",
                reads="cycle_to_date",
                factor=1.1,
                said=((5, None, "on_track", "Asparagus sells out"), (10, None, "on_track", "")),
                initiatives=(InitiativePlan("Set up a stand for asparagus", MIA, 3),),
            ),
            KeyResultPlan(
                _SHELVES,
                MIA,
                fields={**PERCENT, "start": 0.6, "target": 0.95, "cadence": "biweekly"},
                said=_each(
                    2,
                    (0.6, 0.6, 0.7, 0.69, 0.75, 0.8, 0.81),
                    "at_risk",
                    {1: "The night shift is one short", 5: "Two people more from five o’clock on"},
                ),
                initiatives=(InitiativePlan("Begin the early shift at five", MIA, 5),),
            ),
            KeyResultPlan(
                _BERRIES,
                MIA,
                kind="milestones",
                milestones=(("Choose a grower", 1, 3), ("Agree on a price", 1, 8), ("First daily delivery", 2, None)),
                said=((8, None, "on_track", "Price agreed"), (12, None, "off_track", "Their truck is in repair")),
            ),
        ),
        department="Produce",
        serves=GROW,
    ),
    ObjectivePlan(
        "Fill each basket a little more",
        PRIYA,
        (
            KeyResultPlan(
                "Raise the average basket by 2 %",
                PRIYA,
                kpi="average_basket",
                factor=1.02,
                said=((6, None, "at_risk", ""), (11, None, "on_track", "Barbecue season")),
                initiatives=(InitiativePlan("Put charcoal beside the meat counter", PRIYA, 6),),
            ),
            KeyResultPlan(
                "Win 40 % of households for the store brand’s pasta",
                PRIYA,
                fields={**PERCENT, "start": 0.25, "target": 0.4, "cadence": "biweekly"},
                said=_each(2, (0.26, 0.29, 0.31, 0.33, 0.36, 0.38), "on_track", {}),
                grade=(0.9, "The last count fell into the holiday week"),
            ),
        ),
        department="Packaged food",
    ),
    ObjectivePlan(
        "Bring households back with fewer coupons",
        LENA,
        (
            KeyResultPlan(
                "Reach 3 % more active households",
                LENA,
                kpi="active_households",
                factor=1.03,
                said=((4, None, "on_track", ""), (12, None, "at_risk", "")),
            ),
            KeyResultPlan(
                "Keep coupons within a fifth above their share before",
                LENA,
                kind="at_most",
                kpi="coupon_share",
                factor=1.2,
                said=((3, None, "off_track", "The campaign of this week was too large"), (12, None, "on_track", "")),
            ),
        ),
        department="Marketing",
    ),
)
_SECOND = (
    ObjectivePlan(
        GROW,
        DANA,
        (
            KeyResultPlan(
                "Sell 5 % more fresh goods than in the thirteen weeks before",
                DANA,
                kpi="fresh_sales",
                reads="cycle_to_date",
                factor=1.05,
                said=((4, None, "on_track", ""), (8, None, "at_risk", "Summer holidays"), (12, None, "off_track", "")),
            ),
        ),
        fields=BOTH,
    ),
    ObjectivePlan(
        "Be the first choice for fruit and vegetables",
        MIA,
        (
            KeyResultPlan(
                _SHELVES,
                MIA,
                carried=True,
                said=_each(
                    2,
                    (0.81, 0.84, 0.86, 0.87, 0.9, 0.92, 0.93),
                    "on_track",
                    {3: "Only Mondays are late", 9: "Mondays, too"},
                ),
            ),
            KeyResultPlan(
                _BERRIES,
                MIA,
                carried=True,
                milestones=(("First daily delivery", 2, 6),),
                said=((6, None, "on_track", "The first truck came at half past five"),),
            ),
            KeyResultPlan(
                "Sell 5 % more produce than in the thirteen weeks before",
                MIA,
                kpi="produce_sales",
                reads="cycle_to_date",
                factor=1.05,
                said=((5, None, "at_risk", "Growers have nothing more to sell"), (11, None, "off_track", "")),
                initiatives=(InitiativePlan("Ask two more growers", MIA, 8, "dropped"),),
            ),
        ),
        department="Produce",
        serves=GROW,
    ),
    ObjectivePlan(
        "Make fresh worth the way on weekdays",
        THEO,
        (
            KeyResultPlan(
                "Cook in the shop on 26 weekdays",
                THEO,
                fields={"start": 0, "target": 26, "cadence": "biweekly"},
                said=_each(2, (2, 6, 9, 13, 17, 21, 24), "on_track", {5: "The cook was ill"}),
            ),
        ),
        department="Fresh",
        serves="Sell 5 % more fresh goods than in the thirteen weeks before",
        fields={"kind": "committed"},
    ),
    ObjectivePlan(
        "Fill each basket a little more",
        PRIYA,
        (
            KeyResultPlan(
                "Raise the average basket by 3 %",
                PRIYA,
                kpi="average_basket",
                factor=1.03,
                said=((6, None, "at_risk", ""), (12, None, "on_track", "")),
                initiatives=(InitiativePlan("Show recipes with all that they need", PRIYA, 7),),
            ),
        ),
        department="Packaged food",
    ),
    ObjectivePlan(
        "Bring households back with fewer coupons",
        LENA,
        (
            KeyResultPlan(
                "Keep coupons within half above their share before",
                LENA,
                kind="at_most",
                kpi="coupon_share",
                factor=1.5,
                said=((4, None, "off_track", "Twice what we wanted"), (11, None, "at_risk", "")),
            ),
        ),
        department="Marketing",
    ),
)
_NOW = (
    ObjectivePlan(
        GROW,
        DANA,
        (
            KeyResultPlan(
                "Sell 2 % more fresh goods than in the thirteen weeks before",
                DANA,
                kpi="fresh_sales",
                reads="cycle_to_date",
                factor=1.02,
                said=(
                    (3, None, "on_track", ""),
                    (7, None, "on_track", "The week before the feast was the best of the year"),
                ),
            ),
        ),
        fields={**BOTH, "description": "What does not keep is why people come to us and not to the web."},
    ),
    ObjectivePlan(
        "Be the first choice for fruit and vegetables",
        MIA,
        (
            KeyResultPlan(
                "Sell 2 % more produce than in the thirteen weeks before",
                MIA,
                kpi="produce_sales",
                reads="cycle_to_date",
                factor=1.02,
                said=((4, None, "on_track", ""), (8, None, "at_risk", "Much was left after the feast")),
                initiatives=(
                    InitiativePlan("Agree on volumes with four growers", MIA, 3),
                    InitiativePlan("Sell boxes of what is ripe today", MIA, 10, "doing"),
                ),
            ),
            KeyResultPlan(
                _SHELVES,
                MIA,
                carried=True,
                said=_each(
                    1, (0.93, 0.93, 0.94, 0.93, 0.94, 0.94, 0.94, 0.94), "on_track", {3: "One morning in a month"}
                ),
            ),
            KeyResultPlan(
                "Spoil no more than 6 % of produce",
                MIA,
                kind="at_most",
                fields={**PERCENT, "high": 0.06},
                said=_each(
                    1, (0.055, 0.05, 0.058, 0.064, 0.052, 0.05, 0.049, 0.081), "on_track", {8: "After the feast"}
                ),
            ),
            KeyResultPlan(
                "A fruit display stands beside the entrance",
                MIA,
                kind="milestones",
                milestones=(
                    ("Plan the space", 1, 2),
                    ("Order cooled shelves", 1, 4),
                    ("Shelves are set up", 2, None),
                    ("First week with twenty kinds", 1, None),
                ),
                said=((6, None, "at_risk", "The shelves are a week late"),),
                initiatives=(InitiativePlan("Move the trolleys to the car park", THEO, 9, "planned"),),
            ),
        ),
        department="Produce",
        serves=GROW,
    ),
    ObjectivePlan(
        "Make fresh worth the way on weekdays",
        THEO,
        (
            KeyResultPlan(
                "Cook in the shop on 30 weekdays",
                THEO,
                fields={"start": 0, "target": 30},
                said=_each(1, (2, 5, 7, 9, 12, 14, 17), "on_track", {}),
            ),
        ),
        department="Fresh",
        serves="Sell 2 % more fresh goods than in the thirteen weeks before",
        fields={"kind": "committed"},
    ),
    ObjectivePlan(
        "Keep every household",
        DANA,
        (
            KeyResultPlan(
                "Answer 95 % of complaints within a day",
                DANA,
                fields={**PERCENT, "start": 0.7, "target": 0.95, "cadence": "biweekly"},
                said=(
                    (1, 0.72, "at_risk", ""),
                    (3, 0.8, "at_risk", ""),
                    (5, 0.85, "on_track", ""),
                    (7, 0.88, "on_track", ""),
                ),
            ),
        ),
        fields={**BOTH, "kind": "committed"},
    ),
    ObjectivePlan(
        "Fill each basket a little more",
        PRIYA,
        (
            KeyResultPlan(
                "Raise the average basket by 3 %",
                PRIYA,
                kpi="average_basket",
                factor=1.03,
                said=((4, None, "on_track", ""), (8, None, "on_track", "The second sauce at half price helps")),
                initiatives=(InitiativePlan("Offer a second pasta sauce at half the price", PRIYA, 12, "doing"),),
            ),
        ),
        department="Packaged food",
        serves="Keep every household",
    ),
    ObjectivePlan(
        "Bring households back with fewer coupons",
        LENA,
        (
            KeyResultPlan(
                "Reach 2 % more active households",
                LENA,
                kpi="active_households",
                factor=1.02,
                said=((4, None, "on_track", ""), (8, None, "at_risk", "")),
                initiatives=(InitiativePlan("Send coupons to lapsed households first", LENA, 10, "planned"),),
            ),
            KeyResultPlan(
                "Keep coupons within a tenth above their share before",
                LENA,
                kind="at_most",
                kpi="coupon_share",
                factor=1.1,
                said=((2, None, "at_risk", "Two large campaigns at once"), (7, None, "on_track", "")),
            ),
        ),
        department="Marketing",
        serves="Keep every household",
    ),
    ObjectivePlan(
        "Nobody finds an empty drugstore shelf",
        JONAS,
        (
            KeyResultPlan(
                "Cut gaps on drugstore shelves from 90 to 30 a week",
                JONAS,
                fields={"start": 90, "target": 30},
                said=_each(1, (88, 90, 86, 84, 82), "on_track", {5: "The new supplier begins next month"}),
            ),
        ),
        department="Household and health",
    ),
)
