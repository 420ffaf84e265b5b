"""What should follow when a leading KPI moves."""

import pytest
from django.test import Client

from accounts.models import Organization
from kpis.models import Kpi, KpiInfluence
from tests.cast import inside, make_kpi, make_standing
from tests.kpis.views.conftest import rows, text_of

URL = "/acme/kpis/net_sales/"
INFLUENCES = f"{URL}influences/"


@pytest.fixture
def leading(acme: Organization, net_sales: Kpi) -> dict[str, Kpi]:
    """Net sales leads; profit and churn lag, clicks leads too."""
    with inside(acme):
        Kpi.objects.update(indicator="leading")
        return {
            "profit": make_kpi(acme, "profit"),
            "churn": make_kpi(acme, "churn"),
            "clicks": make_kpi(acme, "clicks", indicator="leading"),
        }


def test_a_leading_kpi_names_what_should_follow_and_both_pages_show_it(
    acme: Organization, leading: dict[str, Kpi], bobs: Client
) -> None:
    with inside(acme):
        make_standing(leading["profit"], "at_risk", value=5.0)
    assert "Nothing is named yet." in text_of(bobs.get(URL))
    offered = bobs.get(INFLUENCES).content.decode()
    assert (">Profit</option>" in offered, ">Clicks</option>" in offered, ">Net sales</option>" in offered) == (
        True, False, False,
    )  # fmt: skip
    sent = rows({"kpi": leading["profit"].pk}, {"kpi": leading["churn"].pk}, {"kpi": ""})
    assert bobs.post(INFLUENCES, sent)["Location"] == f"{URL}#influences"
    neighbours = bobs.get(URL).context["followups"].neighbours
    assert [(row.name, "At risk" in row.status) for row in neighbours] == [("Churn", False), ("Profit", True)]
    assert "Should be moved by These move first" in text_of(bobs.get("/acme/kpis/profit/"))
    assert [row.name for row in bobs.get("/acme/kpis/profit/").context["followups"].neighbours] == ["Net sales"]
    sent = rows({"kpi": leading["churn"].pk}, {"kpi": leading["profit"].pk, "DELETE": "on"}, initial=2)
    bobs.post(INFLUENCES, sent)
    with inside(acme):
        assert [row.lagging_id for row in KpiInfluence.objects.all()] == [leading["churn"].pk]


def test_a_lagging_kpi_is_told_why_it_names_none(
    acme: Organization, leading: dict[str, Kpi], net_sales: Kpi, bobs: Client
) -> None:
    with inside(acme):
        Kpi.objects.filter(key="net_sales").update(indicator="lagging")
    page = bobs.get(INFLUENCES)
    assert "Only a leading KPI names what it should move" in text_of(page)
    assert "<select" not in page.content.decode()
    answer = bobs.post(INFLUENCES, rows({"kpi": leading["profit"].pk}))
    assert answer.status_code == 422
    with inside(acme):
        assert not KpiInfluence.objects.exists()


def test_the_same_one_twice_is_refused_beside_it(leading: dict[str, Kpi], bobs: Client) -> None:
    twice = {"kpi": leading["profit"].pk}
    answer = bobs.post(INFLUENCES, rows(twice, twice))
    assert answer.status_code == 422
    assert "“Profit” is there twice; name it once." in text_of(answer)
