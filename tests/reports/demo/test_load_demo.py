"""The demo: every total is one that the data's own file gives, and loading it again changes nothing."""

import datetime as dt
import re
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import ApiToken, Department, Invitation, Member, Organization, User, Wakeup
from accounts.tenancy.models import TenantRow
from kpis.compute import differences
from kpis.models import Annotation, Kpi, Measurement, MeasurementRevision, Push, Score, Standing
from reports.demo import LOG_IN, PASSWORD, load, remove
from tests.cast import inside
from tests.reports.demo.conftest import File

pytestmark = pytest.mark.slow
WEEK = dt.timedelta(weeks=1)


def weeks_of(key: str) -> list[float]:
    """The stored values of a KPI's complete weeks with data, oldest first."""
    scores = Score.objects.filter(kpi_id=Kpi.objects.get(key=key).pk, value__isnull=False, complete=True)
    return [score.value for score in scores.in_order() if score.value is not None]


def test_weekly_net_sales_are_those_of_the_file(grocery: Organization, file: File) -> None:
    assert weeks_of("net_sales") == pytest.approx(file.weeks("sum(sales_value)"), rel=1e-9)


def test_a_departments_weeks_are_those_of_the_file(grocery: Organization, file: File) -> None:
    produce = file.weeks("sum(sales_value)", "department = 'PRODUCE'")
    assert weeks_of("produce_sales") == pytest.approx(produce, rel=1e-9)
    seafood = file.weeks("sum(sales_value)", "department IN ('SEAFOOD', 'SEAFOOD-PCKGD')")
    assert weeks_of("seafood_sales") == pytest.approx(seafood, rel=1e-9)


def test_the_five_grocery_aisles_are_the_grocery_department(grocery: Organization, file: File) -> None:
    assert weeks_of("grocery_sales") == pytest.approx(
        file.weeks("sum(sales_value)", "department = 'GROCERY'"), rel=1e-9
    )


def test_coupons_are_taken_off_net_sales(grocery: Organization, file: File) -> None:
    after_coupons = file.weeks("sum(sales_value) - sum(coupon_disc)")
    assert weeks_of("sales_after_coupons") == pytest.approx(after_coupons, rel=1e-9)


def test_formulas_are_ratios_of_the_files_sums(grocery: Organization, file: File) -> None:
    baskets = file.weeks("sum(sales_value)::DOUBLE / count(DISTINCT basket_id)")
    assert weeks_of("average_basket") == pytest.approx(baskets, rel=1e-9)
    coupons = file.weeks("sum(coupon_disc)::DOUBLE / sum(sales_value)::DOUBLE")
    assert weeks_of("coupon_share") == pytest.approx(coupons, rel=1e-9)


def test_growth_compares_two_quarters_of_weeks(grocery: Organization, file: File) -> None:
    sales = [float(week) for week in file.weeks("sum(sales_value)")]
    expected = [
        sum(sales[week - 13 : week]) / sum(sales[week - 26 : week - 13]) - 1 for week in range(26, len(sales) + 1)
    ]
    assert weeks_of("sales_growth") == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_everything_measured_adds_up_to_the_whole_year(grocery: Organization, file: File) -> None:
    by_key: dict[str, float] = {}
    for key, value in Measurement.objects.values_list("kpi__key", "value"):
        by_key[key] = by_key.get(key, 0) + value
    sales = sum(value for key, value in by_key.items() if key.endswith("_sales"))
    assert sales == pytest.approx(file.one("SELECT sum(sales_value) FROM transactions"), rel=1e-9)
    assert by_key["baskets"] == file.one("SELECT count(DISTINCT basket_id) FROM transactions")
    assert by_key["coupon_discounts"] == pytest.approx(file.one("SELECT sum(coupon_disc) FROM transactions"))


def test_active_households_are_those_of_the_last_four_weeks(grocery: Organization, file: File) -> None:
    expected = file.one("SELECT count(DISTINCT household_id) FROM transactions WHERE week BETWEEN 50 AND 53")
    assert Standing.objects.get(kpi_id=Kpi.objects.get(key="active_households").pk).value == expected


def test_the_api_answers_with_the_files_totals(loaded: dt.datetime, db: None, file: File) -> None:
    client = Client()
    assert client.login(username=LOG_IN, password=PASSWORD)
    headers = {"Ladder-Organization": "grocery"}
    points = client.get("/api/v1/kpis/net_sales/series/", headers=headers).json()["points"]
    values = [point["value"] for point in points if point["complete"] and point["value"] is not None]
    assert values == pytest.approx(file.weeks("sum(sales_value)"), rel=1e-9)


def test_the_large_campaigns_are_noted_on_their_first_days(grocery: Organization, file: File) -> None:
    shift = grocery.today(grocery.created_at) - dt.timedelta(days=grocery.today(grocery.created_at).weekday() + 1)
    shift_days = shift - dt.date(2017, 12, 31)
    begins = (
        "SELECT campaign_id, start_date::DATE, count(*) FROM campaign_descriptions JOIN campaigns USING (campaign_id)"
    )
    large = file.database.execute(f"{begins} WHERE start_date >= DATE '2017-01-01' GROUP BY ALL HAVING count(*) > 300")
    expected = {(day + shift_days, int(number), households) for number, day, households in large.fetchall()}
    notes = Annotation.objects.filter(kpi__key="net_sales", kpi__organization_id=grocery.pk)
    told = {(note.on, *map(_number, re.findall(r"[\d,]+", note.text)[:2])) for note in notes}
    assert told == expected
    assert len(told) == 4


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def test_what_the_pages_say_of_signals_forecasts_and_actions_comes_from_the_data(loaded: dt.datetime, db: None) -> None:
    client = Client()
    assert client.login(username=LOG_IN, password=PASSWORD)
    page = client.get("/grocery/kpis/average_basket/?show=limits,forecast").content.decode()
    assert "outside what chance explains" in page
    assert "In the past this was off by" in page
    assert (
        "No forecast is offered: in the past" in client.get("/grocery/kpis/net_sales/?show=forecast").content.decode()
    )
    assert "Berries were sold out by Thursday" in client.get("/grocery/kpis/produce_sales/").content.decode()


def test_the_year_ends_on_the_last_sunday_before_today(grocery: Organization, loaded: dt.datetime) -> None:
    last = Measurement.objects.order_by("-date").values_list("date", flat=True)[0]
    assert last.weekday() == 6
    assert dt.timedelta(0) < grocery.today(loaded) - last <= WEEK
    assert f"{last.day} {last:%B %Y}" in grocery.about
    assert grocery.is_sample


def test_the_first_page_finds_scores_that_equal_a_full_computation(grocery: Organization, loaded: dt.datetime) -> None:
    assert Standing.objects.count() == Kpi.objects.count() == 36
    assert differences(grocery, now=loaded) == []


def test_measurements_were_pushed_with_a_token_that_no_longer_works(grocery: Organization, loaded: dt.datetime) -> None:
    token = ApiToken.objects.get(name="Demo data")
    assert token.revoked_at == loaded
    assert set(Push.objects.values_list("token", "via")) == {(token.pk, "api")}


def test_each_target_follows_from_the_quarter_before(grocery: Organization) -> None:
    produce = Kpi.objects.get(key="produce_sales")
    weeks = weeks_of("produce_sales")
    targets = list(produce.targets.known())
    assert len(targets) == 4
    for number, row in enumerate(targets):
        quarter = weeks[1 + 13 * number : 14 + 13 * number]
        assert row.target == pytest.approx(1.02 * sum(quarter) / 13, rel=0.005)
        assert row.reason == "The quarter before plus 2 %"


def test_the_demo_person_belongs_to_three_organizations(loaded: dt.datetime, db: None) -> None:
    demo = User.objects.get(email=LOG_IN)
    assert demo.check_password(PASSWORD)
    assert demo.has_verified_email
    slugs = Organization.objects.of(demo).order_by("slug").values_list("slug", flat=True)
    assert list(slugs) == ["blank-slate", "grocery", "northbeam"]


def test_mia_leads_produce_and_owns_what_ladders_up_to_the_company(grocery: Organization) -> None:
    mia = Member.objects.get(organization=grocery, user__email="mia@ladder.example")
    assert Department.objects.get(name="Produce").lead == mia
    assert mia.department == Department.objects.get(name="Produce")
    assert {kpi.key for kpi in Kpi.objects.owned_by(mia)} == {"produce_sales", "salad_bar_sales"}


def test_nobody_gets_a_letter(grocery: Organization) -> None:
    assert not Invitation.objects.exists()
    assert Member.objects.get(organization=grocery, user=None).email == "nora@ladder.example"


def test_the_software_company_says_that_it_is_made_up(loaded: dt.datetime, db: None) -> None:
    northbeam = Organization.objects.get(slug="northbeam")
    assert northbeam.is_sample
    assert "made up" in northbeam.about
    with inside(northbeam):
        statuses = set(Standing.objects.values_list("status", flat=True))
    assert {"on_track", "at_risk", "off_track"} <= statuses


def test_loading_again_changes_nothing_even_a_month_later(loaded: dt.datetime, db: None) -> None:
    before = _rows(), _versions()
    assert load(now=loaded + dt.timedelta(minutes=1)) == []
    assert (_rows(), _versions()) == before
    assert load(now=loaded + dt.timedelta(days=30)) == []
    assert _rows()[Measurement] == before[0][Measurement]


def test_loading_again_brings_back_what_is_missing_and_keeps_what_somebody_changed(
    loaded: dt.datetime, db: None
) -> None:
    grocery = Organization.objects.get(slug="grocery")
    with inside(grocery):
        gone, changed = Measurement.objects.filter(kpi__key="produce_sales").order_by("-date")[:2]
        Measurement.objects.filter(kpi=changed.kpi_id, date=changed.date).update(value=1)
        Measurement.objects.filter(kpi=gone.kpi_id, date=gone.date).delete()
    assert load(now=loaded) == ["Complete Journey Grocery: 1 value pushed"]
    with inside(grocery):
        assert Measurement.objects.get(kpi=changed.kpi_id, date=changed.date).value == 1
        assert Measurement.objects.get(kpi=gone.kpi_id, date=gone.date).value == gone.value
        assert not MeasurementRevision.objects.exists()


def test_removing_leaves_nothing_behind_and_touches_nobody_else(
    loaded: dt.datetime, acme: Organization, alice: Member
) -> None:
    assert remove() == ["Complete Journey Grocery", "Northbeam Software", "Blank Slate Studio"]
    assert list(Organization.objects.all()) == [acme]
    assert list(User.objects.all()) == [alice.user]
    assert not Wakeup.objects.exists()
    assert remove() == []
    assert call("load_demo")[0] == "Complete Journey Grocery: founded with 36 KPIs"


def test_somebodys_own_organization_at_the_same_address_is_left_alone(loaded: dt.datetime, acme: Organization) -> None:
    remove()
    Organization.objects.filter(pk=acme.pk).update(slug="northbeam")
    with pytest.raises(CommandError, match="northbeam belongs to Acme"):
        call("load_demo")
    with pytest.raises(CommandError, match="northbeam belongs to Acme"):
        call("load_demo", "--remove")
    assert list(Organization.objects.all()) == [acme]


def call(*arguments: str) -> list[str]:
    output = StringIO()
    call_command(*arguments, stdout=output)
    return output.getvalue().splitlines()


def _rows() -> dict[Any, int]:
    """How many rows each tenant table holds, all demo organizations together."""
    models = [model for model in apps.get_models() if issubclass(model, TenantRow)]
    found = dict.fromkeys(models, 0)
    for organization in Organization.objects.all():
        with inside(organization):
            for model in models:
                found[model] += model.scoped.count()
    return found


def _versions() -> list[int]:
    return list(Organization.objects.order_by("slug").values_list("version", flat=True))
