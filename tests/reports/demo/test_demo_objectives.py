"""What the demo company wants: two cycles that are over, one that runs, moved by the sales of the data's own file."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from accounts.models import Organization
from okrs.following.rebuild import differences
from okrs.models import CheckIn, Cycle, Initiative, KeyResult
from okrs.reading import CycleView, KeyResultView, load_cycle
from reports.demo import LOG_IN, PASSWORD
from reports.demo.targets import readable
from tests.reports.demo.conftest import File

pytestmark = pytest.mark.slow
FRESH = (
    "department IN ('PRODUCE', 'MEAT', 'MEAT-PCKGD', 'DELI', 'PASTRY', 'SEAFOOD', 'SEAFOOD-PCKGD', 'SALAD BAR',"
    " 'FLORAL')"
)
BASKET = "sum(sales_value)::DOUBLE / count(DISTINCT basket_id)"
COUPONS = "sum(coupon_disc)::DOUBLE / sum(sales_value)::DOUBLE"
# The file's weeks of each cycle; the last one has run for eight of its thirteen.
WEEKS = ((20, 32), (33, 45), (46, 53))


@pytest.fixture
def cycles(grocery: Organization, loaded: dt.datetime) -> list[CycleView]:
    today = grocery.today(loaded)
    return [load_cycle(grocery, cycle, today) for cycle in Cycle.objects.order_by("starts_on")]


def linked(cycle: CycleView, key: str) -> KeyResultView:
    """The key result of a cycle that a KPI moves."""
    (found,) = (one for one in cycle.key_results if one.key_result.kpi and one.key_result.kpi.key == key)
    return found


def weeks(file: File, expression: str, number: int, where: str = "true") -> list[float]:
    first, last = WEEKS[number]
    return [float(value) for value in file.weeks(expression, where)[first - 1 : last]]


def before(file: File, expression: str, number: int, where: str = "true", count: int = 13) -> list[float]:
    first = WEEKS[number][0]
    return [float(value) for value in file.weeks(expression, where)[first - 1 - count : first - 1]]


def test_two_cycles_are_closed_with_what_was_learned_one_runs_and_one_is_planned(
    cycles: list[CycleView], loaded: dt.datetime
) -> None:
    states = [(view.cycle.state, bool(view.cycle.learned), bool(view.cycle.carry_on)) for view in cycles]
    assert states == [
        ("closed", True, True),
        ("closed", True, True),
        ("active", False, False),
        ("planning", False, False),
    ]
    days = [(view.cycle.ends_on - view.cycle.starts_on).days + 1 for view in cycles]
    assert days == [91, 91, 91, 91]
    assert (
        cycles[0].cycle.ends_on + dt.timedelta(days=1)
        == cycles[1].cycle.starts_on
        == cycles[1].cycle.closed_on - (dt.timedelta(days=91))
    )
    assert 0.6 < cycles[2].expected < 0.7


@pytest.mark.parametrize("number", [0, 1, 2])
def test_sales_of_a_cycle_to_date_are_the_files_sums(cycles: list[CycleView], file: File, number: int) -> None:
    for key, where in (("fresh_sales", FRESH), ("produce_sales", "department = 'PRODUCE'")):
        one = linked(cycles[number], key)
        assert one.start == 0
        assert one.current == pytest.approx(sum(weeks(file, "sum(sales_value)", number, where)), rel=1e-9)
        assert one.progress_raw == pytest.approx(one.current / one.key_result.target, rel=1e-9)


def test_a_target_is_so_much_more_than_the_thirteen_weeks_before(cycles: list[CycleView], file: File) -> None:
    for number, factor in enumerate((1.08, 1.05, 1.02)):
        sold = sum(before(file, "sum(sales_value)", number, FRESH))
        assert linked(cycles[number], "fresh_sales").key_result.target == readable(factor * sold)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_average_basket_goes_from_the_week_before_to_the_last(
    cycles: list[CycleView], file: File, number: int
) -> None:
    one = linked(cycles[number], "average_basket")
    assert one.start == pytest.approx(before(file, BASKET, number, count=1)[0], rel=1e-9)
    assert one.current == pytest.approx(weeks(file, BASKET, number)[-1], rel=1e-9)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_coupons_count_in_the_weeks_in_which_their_share_was_kept(
    cycles: list[CycleView], file: File, number: int
) -> None:
    one = linked(cycles[number], "coupon_share")
    shares = weeks(file, COUPONS, number)
    held = sum(share <= one.key_result.high for share in shares)
    assert one.current == pytest.approx(shares[-1] if shares[-1] <= one.key_result.high else one.current)
    assert one.progress_raw == pytest.approx(held / 13)
    assert one.expected == pytest.approx(len(shares) / 13)


def test_active_households_are_those_of_the_last_four_weeks(cycles: list[CycleView], file: File) -> None:
    count = "SELECT count(DISTINCT household_id) FROM transactions WHERE week BETWEEN {} AND {}"
    one = linked(cycles[2], "active_households")
    assert (one.start, one.current) == (file.one(count.format(42, 45)), file.one(count.format(50, 53)))
    earlier = linked(cycles[0], "active_households")
    assert (earlier.start, earlier.current) == (file.one(count.format(16, 19)), file.one(count.format(29, 32)))


def test_grades_are_those_that_the_product_proposed_but_for_the_one_with_a_reason(cycles: list[CycleView]) -> None:
    closed = [one for view in cycles[:2] for one in view.key_results]
    otherwise = [one for one in closed if one.grade != one.proposed_grade]
    assert [(one.key_result.title, one.grade) for one in otherwise] == [
        ("Win 40 % of households for the store brand’s pasta", 0.9)
    ]
    assert all(one.key_result.grade_reason for one in otherwise)
    assert all(one.grade is None for one in cycles[2].key_results)
    assert {objective.grade is None for view in cycles[:2] for objective in view.objectives} == {False}


def test_key_results_were_carried_over_from_where_they_stood(cycles: list[CycleView]) -> None:
    shelves = [
        one for view in cycles for one in view.key_results if one.key_result.title == "Shelves are full by seven"
    ]
    assert [one.start for one in shelves] == [0.6, shelves[0].current, shelves[1].current]
    assert [one.key_result.carried_from_id for one in shelves] == [None, shelves[0].id, shelves[1].id]
    berries = KeyResult.objects.get(title="Berries arrive every day", carried_from__isnull=False)
    assert [step.title for step in berries.milestones.all()] == ["First daily delivery"]


def test_departments_serve_the_companys_objectives(cycles: list[CycleView]) -> None:
    tops = {view.objective.title: view for view in cycles[2].tops}
    grow = tops["Grow fresh"]
    assert [child.objective.department.name for child in grow.children] == ["Produce"]
    assert [child.objective.department.name for child in grow.of_key_results[grow.key_results[0].id]] == ["Fresh"]
    assert {child.objective.department.name for child in tops["Keep every household"].children} == {
        "Packaged food",
        "Marketing",
    }


def test_the_cycle_that_runs_shows_something_of_everything(cycles: list[CycleView]) -> None:
    now = cycles[2].key_results
    assert {one.key_result.kind for one in now} == {"metric", "at_most", "milestones"}
    assert {"on_track", "at_risk", "off_track"} <= {one.status for one in now}
    assert any(one.is_contradicted for one in now)
    assert any(one.stale for one in now)
    assert {row.state for row in Initiative.objects.all()} == {"planned", "doing", "done", "dropped"}


def test_everything_was_said_in_its_own_time(cycles: list[CycleView], grocery: Organization) -> None:
    for said in CheckIn.objects.select_related("key_result__objective__cycle"):
        cycle = said.key_result.objective.cycle
        assert cycle.starts_on <= said.on <= cycle.ends_on
        assert grocery.today(said.recorded_at) == said.on


def test_stored_progress_equals_a_full_computation(grocery: Organization, loaded: dt.datetime) -> None:
    assert differences(grocery, now=loaded) == []


def test_it_says_that_objectives_are_made_up(grocery: Organization) -> None:
    assert "made up, and so are objectives, what is said of them" in grocery.about


def test_the_api_answers_with_the_whole_cycle(loaded: dt.datetime, db: None, file: File) -> None:
    client = Client()
    with time_machine.travel(loaded, tick=False):
        assert client.login(username=LOG_IN, password=PASSWORD)
        tree = client.get("/api/v1/objectives/tree/", headers={"Ladder-Organization": "grocery"}).json()
    (grow,) = (one for one in tree["objectives"] if one["title"] == "Grow fresh")
    expected = sum(float(week) for week in file.weeks("sum(sales_value)", FRESH)[45:53])
    assert grow["key_results"][0]["current"] == pytest.approx(expected, rel=1e-9)
