"""KPIs of the library made with what they are worked out from."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.actors import Actor
from accounts.models import AuditEntry, Member, Organization
from kpis.actions.from_template import Made, Making, create_with_operands, definition_from
from kpis.engine.periods import Frequency
from kpis.library import closure, template
from kpis.models import Kpi, KpiOperand
from tests.cast import NOW, make_kpi


def make(actor: Actor, organization: Organization, slug: str, **operands: Kpi | Making) -> Made:
    one = template(slug)
    fields = {**definition_from(one, organization.currency), "key": slug}
    return create_with_operands(actor, one, operands, organization=organization, now=NOW, **fields)


@pytest.mark.parametrize("slug", ["customer_lifetime_value", "oee", "cash_conversion_cycle", "warranty_claim_rate"])
def test_all_that_a_template_needs_is_made_computed_where_that_is_wanted(
    in_acme: Organization, as_alice: Actor, slug: str
) -> None:
    beneath = closure(slug)[:-1]
    made = make(as_alice, in_acme, slug, **{one.slug: Making.COMPUTED for one in beneath if one.formula})
    assert [kpi.key for kpi in made.operands] == [one.slug for one in beneath]
    assert {kpi.key: kpi.formula for kpi in made.operands} == {one.slug: one.formula for one in beneath}
    assert (made.kpi.formula, made.kpi.source) == (template(slug).formula, "formula")


def test_what_is_not_spoken_of_is_made_as_a_number_people_enter(in_acme: Organization, as_alice: Actor) -> None:
    made = make(as_alice, in_acme, "gross_margin")
    assert {kpi.key: (kpi.source, kpi.formula) for kpi in made.operands} == {
        "gross_profit": ("measured", ""),
        "revenue": ("measured", ""),
    }


def test_what_is_made_is_not_coarser_than_what_needs_it(in_acme: Organization, as_alice: Actor) -> None:
    one = template("gross_margin")
    fields = {**definition_from(one, "EUR"), "frequency": "weekly"}
    made = create_with_operands(as_alice, one, {}, organization=in_acme, now=NOW, **fields)
    assert {Frequency(kpi.frequency) for kpi in made.operands} == {Frequency.WEEKLY}


def test_formulas_name_what_is_here_by_its_key(in_acme: Organization, as_alice: Actor) -> None:
    sales, _ = make_kpi(in_acme, "turnover", unit="currency:EUR"), make_kpi(in_acme, "baskets")
    made = make(as_alice, in_acme, "average_basket", net_sales=sales)
    assert (made.kpi.formula, made.operands) == ("turnover / baskets", [])


def test_what_is_here_under_the_key_of_something_else_is_left_alone(in_acme: Organization, as_alice: Actor) -> None:
    make_kpi(in_acme, "cost_of_goods_sold", name="Cogs on the shelf")
    made = make(as_alice, in_acme, "gross_margin", gross_profit=Making.COMPUTED, cost_of_goods_sold=Making.MEASURED)
    assert {kpi.key: kpi.formula for kpi in made.operands} == {
        "revenue": "",
        "cost_of_goods_sold_2": "",
        "gross_profit": "revenue - cost_of_goods_sold_2",
    }


def test_each_thing_is_made_once_and_audited(in_acme: Organization, as_alice: Actor) -> None:
    made = make(as_alice, in_acme, "gross_margin", gross_profit=Making.COMPUTED)
    assert [kpi.key for kpi in made.operands] == ["revenue", "cost_of_goods_sold", "gross_profit"]
    assert AuditEntry.objects.filter(action="kpi.created").count() == len(made.operands) + 1
    assert KpiOperand.objects.filter(kpi=made.kpi).count() == 2


def test_a_contributor_makes_nothing(in_acme: Organization, bob: Member) -> None:
    with pytest.raises(PermissionDenied):
        make(Actor(member=bob), in_acme, "gross_margin")
    assert not Kpi.objects.exists()
