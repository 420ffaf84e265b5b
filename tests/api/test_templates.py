"""The library by the API."""

import pytest

from kpis.library import templates
from tests.api.conftest import errors_of

pytestmark = pytest.mark.django_db


def slugs(page):
    return [one["slug"] for one in page["results"]]


def test_every_template_is_on_one_of_the_pages_once_in_both_directions(reader):
    seen, address, last = [], "kpi-templates/?limit=50", ""
    while address:
        page = reader.get(address).json()
        seen += slugs(page)
        last, address = address, page["next"] and page["next"].removeprefix("http://testserver/api/v1/")
    assert seen == [one.slug for one in templates()]
    back = reader.get(last).json()["previous"].removeprefix("http://testserver/api/v1/")
    assert slugs(reader.get(back).json()) == seen[-len(seen) % -50 - 50 :][:50]


def test_templates_are_narrowed_and_searched(reader):
    page = reader.get("kpi-templates/?category=marketing&indicator=leading&level=operational&limit=200").json()
    found = {(one["category"], one["indicator"], one["level"]) for one in page["results"]}
    assert found == {("marketing", "leading", "operational")}
    assert slugs(reader.get("kpi-templates/?search=basket&kind=kpi").json())[0] == "average_basket"
    assert slugs(reader.get("kpi-templates/?search=zeppelin").json()) == []


def test_a_template_has_all_a_kpi_needs(acme, reader, writer):
    one = reader.get("kpi-templates/average_basket/").json()
    assert (one["unit"], one["formula"], one["operands"]) == (
        f"currency:{acme.currency}", "net_sales / baskets", ["net_sales", "baskets"],
    )  # fmt: skip
    taken = "name description unit decimals direction frequency aggregation category level indicator kind".split()
    baskets = reader.get("kpi-templates/baskets/").json()
    made = writer.post("kpis/", {**{name: baskets[name] for name in taken}, "key": "baskets", "source": "measured"})
    assert made.status_code == 201


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("category=other", ("/category", "invalid_choice")),
        ("level=high", ("/level", "invalid_choice")),
        ("cursor=nowhere", ("/cursor", "invalid")),
        ("limit=0", ("/limit", "invalid")),
        ("owner=me", ("/owner", "unknown_parameter")),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(reader, query, error):
    assert errors_of(reader.get(f"kpi-templates/?{query}")) == [error]


def test_an_unknown_template_is_not_found(reader):
    assert reader.get("kpi-templates/nowhere/").status_code == 404
