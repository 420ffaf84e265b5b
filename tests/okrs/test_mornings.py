"""Nine o'clock where people live."""

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from okrs.mornings import WORKING, morning_of, next_morning
from tests.lots import examples

ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Pacific/Honolulu"]
)
FIRST, LAST = (dt.datetime(year, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None) for year in (2026, 2028))
INSTANTS = st.datetimes(FIRST, LAST, timezones=st.just(dt.UTC))
MINUTE = dt.timedelta(minutes=1)


@given(ZONES, INSTANTS)
@examples(50)
def test_the_next_morning_is_the_next_nine_o_clock_of_a_working_day(zone, now):
    morning = next_morning(zone, now, WORKING)
    local = morning.astimezone(ZoneInfo(zone))
    assert (local.hour, local.minute) == (9, 0)
    assert local.date() in WORKING
    assert now < morning <= now + dt.timedelta(days=3, hours=1)
    assert next_morning(zone, morning - MINUTE, WORKING) == morning


@given(ZONES, INSTANTS)
@examples(50)
def test_a_morning_has_come_from_nine_to_midnight(zone, now):
    morning = next_morning(zone, now, WORKING)
    assert morning_of(zone, morning - MINUTE, WORKING) is None
    assert morning_of(zone, morning, WORKING) == morning
    assert morning_of(zone, morning + dt.timedelta(hours=14, minutes=59), WORKING) == morning
    assert morning_of(zone, morning + dt.timedelta(hours=15), WORKING) is None


def test_summer_time_begins_and_ends_between_two_mornings():
    friday = dt.datetime(2026, 3, 27, 12, tzinfo=dt.UTC)
    assert next_morning("Europe/Berlin", friday, WORKING) == dt.datetime(2026, 3, 30, 7, tzinfo=dt.UTC)
    friday = dt.datetime(2026, 10, 30, 15, tzinfo=dt.UTC)
    assert next_morning("America/New_York", friday, WORKING) == dt.datetime(2026, 11, 2, 14, tzinfo=dt.UTC)
