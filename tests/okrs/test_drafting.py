import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.engine.definitions import Direction
from kpis.library import catalogue
from okrs.drafting.catalogue import NAMES, objective_templates
from okrs.drafting.lint import has_number, key_result_findings, objective_findings
from okrs.drafting.matching import KnownKpi, matching
from okrs.progress import Metric

LIBRARY = [KnownKpi(one.slug, one.name, tuple(filter(None, one.also.split(", ")))) for one in catalogue.templates()]
TEMPLATES = [
    pytest.param(objective, id=f"{function}: {objective.title}")
    for function, objectives in objective_templates().items()
    for objective in objectives
]


def of_key_result(title, **more):
    return [finding.code for finding in key_result_findings(title, **more)]


def of_objective(title):
    return [finding.code for finding in objective_findings(title)]


@pytest.mark.parametrize(
    "title",
    [
        "Launch the new app",
        "Implement the CRM by June 2026",
        "We will launch 3 campaigns",
        "Roll out the price list",
        "Publish the handbook",
        "Set up 5 dashboards",
        "Run 5 workshops",
        "Ship 3 features",
    ],
)
def test_a_key_result_that_is_a_task(title):
    assert of_key_result(title) == ["task"]


@pytest.mark.parametrize(
    "title",
    [
        "Win rate from 20 % to 28 %",
        "Deliver 95% of orders on time",
        "Weekly users: 2,000 to 5,000",
        "Ship orders within 2 days",
        "Planned stops below 3",
        "€ 1.2m net sales",
        "Setup time down to 8 min",
        "Build time from 22 to 8 min",
    ],
)
def test_a_key_result_that_is_a_number_to_move(title):
    assert of_key_result(title) == []


def test_a_key_result_without_a_number():
    assert of_key_result("Customer churn") == ["no_number"]
    assert of_key_result("Customer churn", has_target=True) == []


def test_milestones_may_be_tasks_without_a_number():
    assert of_key_result("Launch the new app", kind="milestones") == []


@pytest.mark.parametrize("title", ["Improve performance by 20 %", "Increase by 5", "Reduce the number by 3"])
def test_a_key_result_that_does_not_say_what_is_counted(title):
    assert of_key_result(title) == ["vague"]


def test_a_key_result_with_a_word_that_everybody_reads_differently():
    assert of_key_result("Reply to customers significantly sooner") == ["no_number", "vague"]


@pytest.mark.parametrize("title", ["Grow to 5m € in sales", "Win 30% of the market", "Be among the top 3"])
def test_an_objective_with_numbers_in_it(title):
    assert "numbers" in of_objective(title)


@pytest.mark.parametrize(
    "title",
    ["Lead the B2B market by 2026", "Be ready for ISO 27001", "Answer customers 24/7", "End Q3 strong in retail"],
)
def test_numbers_that_are_names_are_none(title):
    assert of_objective(title) == []


def test_too_long_a_title():
    assert of_objective("Delight customers " * 8) == ["too_long"]
    assert of_key_result("orders on time 5 " * 7) == ["too_long"]


@pytest.mark.parametrize("title", ["Be the best", "Improve performance", "Grow the business", "Become more efficient"])
def test_a_vague_objective(title):
    assert of_objective(title) == ["vague"]


def test_nothing_is_said_about_an_empty_title_or_another_language():
    assert of_objective(" ") == of_key_result("") == of_objective("Unsere Kunden kommen gern wieder") == []


@given(st.text(max_size=80))
def test_any_title_can_be_looked_at_and_every_finding_says_what_would_be_better(title):
    for findings in (objective_findings(title), key_result_findings(title)):
        codes = [finding.code for finding in findings]
        assert len(set(codes)) == len(codes)
        assert all(len(finding.words) > 30 and finding.words.endswith(".") for finding in findings)


@pytest.mark.parametrize(
    ("text", "counts"),
    [("10x", True), ("12,5", True), ("5G", False), ("COVID-19", False), ("Q3 2026", False), ("2000 users", True)],
)
def test_what_is_a_number(text, counts):
    assert has_number(text) is counts


def keys(title, kpis=LIBRARY):
    return [match.key for match in matching(title, kpis)]


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Net sales of fresh food from 1.0m to 1.2m", "net_sales"),
        ("Raise our NPS from 28 to 40", "net_promoter_score"),
        ("MRR to 50k", "mrr"),
        ("Reduce customer churn to 2 %", "customer_churn_rate"),
        ("On time delivery: 97 %", "on_time_delivery"),
        ("New customers in the quarter", "new_customers"),
        ("Win rates from 20 % to 28 %", "win_rate"),
    ],
)
def test_a_title_that_names_a_kpi(title, key):
    assert keys(title)[0] == key


def test_a_title_that_names_none():
    assert keys("Something else entirely") == []


def test_where_net_sales_is_named_sales_is_not_meant():
    known = [KnownKpi("sales", "Sales"), KnownKpi("net_sales", "Net sales")]
    assert keys("Net sales to 5m", known) == ["net_sales"]
    assert keys("Sales to 5m", known) == ["sales"]


def test_synonyms_accents_case_and_plural():
    known = [KnownKpi("cafes", "Cafés opened", ("coffee shops",))]
    assert keys("OPENED CAFE: 5", known) == keys("One coffee shop", known) == ["cafes"]
    assert keys("Coffee to go", known) == []


def test_at_most_three_are_suggested():
    assert len(keys(" ".join(kpi.name for kpi in LIBRARY))) == 3


def test_every_kpi_is_found_by_its_own_name():
    for kpi in LIBRARY:
        found = matching(kpi.name, LIBRARY, most=50)
        assert kpi.key in {match.key for match in found} or found[0].is_exact


def test_every_function_has_three_objectives_or_more():
    assert NAMES.keys() == objective_templates().keys()
    assert all(len(objectives) >= 3 for objectives in objective_templates().values())


@pytest.mark.parametrize("objective", TEMPLATES)
def test_a_template_is_well_drafted(objective):
    assert objective_findings(objective.title) == []
    assert len(objective.key_results) >= 3
    for one in objective.key_results:
        assert key_result_findings(one.title, one.kind, has_target=True) == []


@pytest.mark.parametrize("objective", TEMPLATES)
def test_a_templates_key_results_agree_with_the_library(objective):
    for one in objective.key_results:
        if one.kpi:
            kpi = catalogue.template(one.kpi)
            assert one.unit == kpi.unit
            assert kpi.direction in (one.direction, Direction.BETWEEN)


@pytest.mark.parametrize("objective", TEMPLATES)
def test_a_templates_numbers_are_those_of_its_kind(objective):
    for one in objective.key_results:
        given_numbers = [one.start, one.target, one.low, one.high]
        expected = {
            "metric": [True, True, False, False],
            "at_least": [False, False, True, False],
            "at_most": [False, False, False, True],
            "between": [False, False, True, True],
            "milestones": [False] * 4,
        }[one.kind]
        assert [number is not None for number in given_numbers] == expected
        assert bool(one.milestones) == (one.kind == "milestones")
        if one.kind == "metric":
            assert Metric(one.start, one.target).progress_at(one.target) == 1
        if one.unit == "percent":
            assert all(number is None or -1.5 <= number <= 1.5 for number in given_numbers)


def test_objectives_are_named_once():
    titles = [objective.title for objectives in objective_templates().values() for objective in objectives]
    assert len(set(titles)) == len(titles)
