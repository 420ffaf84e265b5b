"""The figures of an industry beside a KPI's own."""

import pytest
from django.test import Client

from accounts.models import Organization
from kpis.models import Benchmark, Kpi
from tests.cast import inside, make_kpi
from tests.kpis.views.conftest import rows, text_of

URL = "/acme/kpis/net_sales/"
BENCHMARKS = f"{URL}benchmarks/"
BLOCK = ("industry", "region", "year", "median", "lower_quartile", "upper_quartile", "source")


def test_benchmarks_are_added_changed_and_removed(acme: Organization, net_sales: Kpi, bobs: Client) -> None:
    grocery = dict(
        zip(BLOCK, ("Grocery", "Germany", "2025", "620", "550", "700", "https://example.org/a"), strict=True)
    )
    organic = dict(zip(BLOCK, ("Organic", "", "2022", "1,234.5", "", "", "BÖLW"), strict=True))
    answer = bobs.post(BENCHMARKS, rows(grocery, organic))
    assert (answer.status_code, answer["Location"]) == (302, f"{URL}#benchmarks")
    page = bobs.get(URL)
    newer, dated = page.context["followups"].benchmarks
    assert (newer.industry, newer.region, newer.is_dated, dated.is_dated) == ("Grocery", "Germany", False, True)
    assert newer.quartiles == "€\u00a0550 to €\u00a0700"
    assert '<a href="https://example.org/a" rel="nofollow">' in page.content.decode()
    assert '<tr class="dated">' in page.content.decode()
    form = bobs.get(BENCHMARKS).content.decode()
    assert 'value="1234.5"' in form
    sent = rows({**grocery, "median": "640"}, {**organic, "DELETE": "on"}, initial=2)
    assert bobs.post(BENCHMARKS, sent).status_code == 302
    with inside(acme):
        assert [(row.industry, row.median) for row in Benchmark.objects.all()] == [("Grocery", 640)]


def test_percent_are_typed_as_they_are_read(acme: Organization, alices: Client) -> None:
    with inside(acme):
        make_kpi(acme, "share", unit="percent")
    block = dict(zip(BLOCK, ("Grocery", "", "2025", "12.5", "", "", "Report"), strict=True))
    alices.post("/acme/kpis/share/benchmarks/", rows(block))
    with inside(acme):
        assert Benchmark.objects.get().median == 0.125


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"median": ""}, "What do half of them reach?"),
        ({"year": ""}, "Which year is it of?"),
        ({"source": ""}, "Who says so? Name the study or the page."),
        ({"industry": ""}, "Which industry is this the figure of?"),
        ({"year": "2027"}, "Give the year the figure is of, from 1990 to 2026."),
        ({"lower_quartile": "5"}, "Give both quartiles, or neither."),
        ({"lower_quartile": "5", "upper_quartile": "6"}, "The median (620) must lie between the quartiles (5 and 6)."),
        ({"median": "plenty"}, "“plenty” is not a number"),
    ],
)
def test_a_benchmark_that_lacks_something_is_not_stored(
    acme: Organization, net_sales: Kpi, bobs: Client, change: dict[str, str], message: str
) -> None:
    block = dict(zip(BLOCK, ("Grocery", "Germany", "2025", "620", "", "", "Report"), strict=True))
    answer = bobs.post(BENCHMARKS, rows({**block, **change}))
    assert answer.status_code == 422
    assert message in text_of(answer)
    with inside(acme):
        assert not Benchmark.objects.exists()
