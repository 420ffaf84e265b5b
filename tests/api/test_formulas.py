"""Formulas by the API: defined, checked before anything is stored, and their definitions remembered."""

import pytest

from kpis.models import Kpi
from tests.api.conftest import errors_of
from tests.cast import inside, make_kpi, record

pytestmark = pytest.mark.django_db
BASKET = {
    "name": "Average basket",
    "unit": "currency:EUR",
    "direction": "increase",
    "frequency": "monthly",
    "source": "formula",
    "formula": "net_sales / baskets",
}
CHECK = "kpis/validate-formula/"


@pytest.fixture
def shop(acme):
    with inside(acme):
        return {
            "net_sales": make_kpi(acme, "net_sales", unit="currency:EUR"),
            "baskets": make_kpi(acme, "baskets", kind="metric"),
        }


# Defining


def test_a_formula_is_defined_read_and_computed(acme, shop, writer):
    kpi = writer.post("kpis/", BASKET).json()
    assert (kpi["source"], kpi["formula"], kpi["rollup"]) == ("formula", "net_sales / baskets", None)
    with inside(acme):
        record(acme, shop["net_sales"], {"2026-10-01": 90.0})
    pushed = writer.post("measurements/?wait=true", [{"kpi": "baskets", "date": "2026-10-01", "value": 3}])
    assert pushed.status_code == 200
    points = writer.get("kpis/average_basket/series/?from=2026-10-01&to=2026-10-01").json()["points"]
    assert [(point["value"], point["problem"]) for point in points] == [(30, None)]


def test_what_was_read_of_a_formula_can_be_sent_back(shop, writer):
    kpi = writer.post("kpis/", BASKET).json()
    assert writer.patch("kpis/average_basket/", {name: kpi[name] for name in kpi if name != "parent"}).json() == kpi


def test_a_formula_gives_way_to_values_of_its_own(shop, writer):
    writer.post("kpis/", BASKET)
    kpi = writer.patch("kpis/average_basket/", {"source": "measured"}).json()
    assert (kpi["source"], kpi["formula"]) == ("measured", None)


def test_values_of_a_formula_are_not_pushed(shop, writer):
    writer.post("kpis/", BASKET)
    push = [{"kpi": "average_basket", "date": "2026-10-01", "value": 3}]
    assert errors_of(writer.post("measurements/", push)) == [("/0/kpi", "not_measured")]


def test_a_cycle_is_refused_at_the_formula_with_its_path(shop, writer):
    writer.post("kpis/", BASKET)
    response = writer.patch("kpis/baskets/", {"source": "formula", "formula": "average_basket * 2"})
    assert errors_of(response) == [("/formula", "cycle")]
    assert "baskets -> average_basket -> baskets" in response.json()["detail"]


def test_a_frequency_that_breaks_a_formula_is_refused(shop, writer):
    writer.post("kpis/", BASKET)
    response = writer.patch("kpis/baskets/", {"frequency": "yearly"})
    assert errors_of(response) == [("/frequency", "operand_coarser")]
    assert "“Average basket” is computed from it" in response.json()["detail"]


# Checking


def test_a_formula_is_understood_without_being_stored(acme, shop, reader):
    assert reader.post(CHECK, {"formula": "net_sales / baskets"}).json() == {
        "valid": True,
        "names": [
            {"key": "net_sales", "name": "Net sales", "unit": "currency:EUR"},
            {"key": "baskets", "name": "Baskets", "unit": "number"},
        ],
        "unit": "currency:EUR",
        "warnings": [],
    }
    with inside(acme):
        assert Kpi.objects.count() == 2


@pytest.mark.parametrize(
    ("formula", "code", "column", "hint"),
    [
        ("", "empty", None, None),
        ("net_sales / baskts", "unknown_name", 13, "did you mean baskets?"),
        ("net_sales + abroad", "mixed_units", 11, None),
    ],
)
def test_an_error_is_an_answer_with_its_place(acme, shop, reader, formula, code, column, hint):
    with inside(acme):
        make_kpi(acme, "abroad", unit="currency:USD")
    response = reader.post(CHECK, {"formula": formula})
    assert (response.status_code, response.json()["valid"]) == (200, False)
    error = response.json()["error"]
    assert (error["code"], error["column"], error["hint"]) == (code, column, hint)


@pytest.mark.parametrize("formula", ["net_sales / 1,000", "net_sales +", "__import__('os')", "(" * 500, "a" * 5000])
def test_hostile_and_broken_formulas_are_answered_with_a_sentence(shop, reader, formula):
    response = reader.post(CHECK, {"formula": formula})
    assert (response.status_code, response.json()["valid"]) == (200, False)
    assert response.json()["error"]["detail"].endswith(".")


def test_warnings_do_not_make_a_formula_invalid(acme, shop, reader):
    with inside(acme):
        make_kpi(acme, "share", unit="percent")
    answer = reader.post(CHECK, {"formula": "share + baskets"}).json()
    assert (answer["valid"], len(answer["warnings"])) == (True, 1)


def test_the_frequency_and_the_kpi_are_taken_into_account(acme, shop, writer):
    with inside(acme):
        make_kpi(acme, "survey", frequency="yearly")
    assert writer.post(CHECK, {"formula": "survey"}).json()["valid"] is True
    coarser = writer.post(CHECK, {"formula": "survey", "frequency": "monthly"}).json()
    assert (coarser["error"]["code"], coarser["error"]["column"]) == ("operand_coarser", 1)
    writer.post("kpis/", BASKET)
    cycle = writer.post(CHECK, {"formula": "average_basket", "kpi": "baskets"}).json()
    assert (cycle["error"]["code"], cycle["error"]["column"]) == ("cycle", None)
    itself = writer.post(CHECK, {"formula": "2 * baskets", "kpi": "baskets"}).json()
    assert (itself["error"]["code"], itself["error"]["column"]) == ("cycle", 5)
    of_its_own = writer.post(CHECK, {"formula": "survey", "kpi": "baskets"}).json()
    assert of_its_own["error"]["code"] == "operand_coarser"


def test_a_request_that_is_none_is_refused(shop, reader):
    assert errors_of(reader.post(CHECK, {})) == [("/formula", "required")]
    assert errors_of(reader.post(CHECK, {"formula": 5})) == [("/formula", "invalid")]
    assert errors_of(reader.post(CHECK, {"formula": "1", "kpi": "nowhere"})) == [("/kpi", "unknown")]
    assert errors_of(reader.post(CHECK, {"formula": "1", "frequency": "hourly"})) == [("/frequency", "invalid_choice")]


def test_names_are_those_of_the_own_organization(shop, stranger):
    answer = stranger.post(CHECK, {"formula": "net_sales / baskets"}).json()
    assert (answer["error"]["code"], answer["error"]["hint"]) == ("unknown_name", None)
    assert stranger.get("kpis/net_sales/versions/").status_code == 404


# Versions


def test_versions_tell_what_changed_when_and_by_whom(acme, shop, writer):
    kpi = writer.post("kpis/", BASKET).json()
    writer.patch("kpis/average_basket/", {"formula": "net_sales / (baskets + 1)", "decimals": 2})
    writer.patch("kpis/average_basket/", {"name": "Basket"})
    page = writer.get("kpis/average_basket/versions/").json()
    newest, middle, first = page["results"]
    assert [version["changed"] for version in page["results"]] == [["name"], ["decimals", "formula"], []]
    assert (newest["replaced_at"], middle["replaced_at"]) == (None, newest["recorded_at"])
    assert (first["member"], first["token"] is not None) == (None, True)
    assert first["definition"]["formula"] == "net_sales / baskets"
    assert middle["definition"]["formula"] == "net_sales / (baskets + 1)"
    assert {name: kpi[name] for name in first["definition"] if name in kpi} == {
        name: value for name, value in first["definition"].items() if name in kpi
    } | {"due_after_days": 5}


def test_versions_come_in_pages_that_know_what_was_before(shop, writer):
    writer.post("kpis/", BASKET)
    for number in range(4):
        writer.patch("kpis/average_basket/", {"name": f"Basket {number}"})
    seen, address = [], "kpis/average_basket/versions/?limit=2"
    while address:
        page = writer.get(address).json()
        seen += [(version["definition"]["name"], version["changed"]) for version in page["results"]]
        address = page["next"] and page["next"].removeprefix("http://testserver/api/v1/")
    expected = [(f"Basket {number}", ["name"]) for number in (3, 2, 1, 0)]
    assert seen == [*expected, ("Average basket", [])]
