"""What goes with a KPI that is removed for good, and what holds it back."""

import datetime as dt

import pytest

from accounts.actors import Actor
from accounts.errors import ConflictError
from accounts.models import Organization
from kpis.actions.acting import create_action
from kpis.actions.annotating import annotate_kpi
from kpis.actions.benchmarking import BenchmarkRow, set_benchmarks
from kpis.actions.influencing import set_influences
from kpis.actions.purging import purge_kpi
from kpis.actions.reviewing import review_kpi
from kpis.actions.versioning import keep_version
from kpis.models import Action, Annotation, Benchmark, Kpi, KpiInfluence, KpiOperand, KpiVersion, Review
from tests.cast import NOW, make_kpi

pytestmark = pytest.mark.usefixtures("in_acme")


def test_what_was_done_about_a_kpi_goes_with_it(in_acme: Organization, as_alice: Actor) -> None:
    kpi, other = make_kpi(in_acme, "visits", indicator="leading"), make_kpi(in_acme, "sales")
    first = make_kpi(in_acme, "clicks", indicator="leading")
    keep_version(as_alice, kpi, now=NOW)
    create_action(as_alice, kpi, now=NOW, title="Call the growers")
    review_kpi(as_alice, kpi, now=NOW)
    annotate_kpi(as_alice, kpi, now=NOW, on=dt.date(2026, 10, 12), text="Strike")
    set_benchmarks(as_alice, kpi, [BenchmarkRow(1.0, "Grocery", 2025, "Report")], now=NOW)
    set_influences(as_alice, kpi, [other], now=NOW)
    KpiOperand.objects.create(kpi=kpi, operand=other)
    KpiOperand.objects.create(kpi=kpi, operand=kpi, is_parent=True)
    purge_kpi(as_alice, kpi, now=NOW)
    assert {*Kpi.objects.all()} == {other, first}
    for model in (KpiVersion, Action, Review, Annotation, Benchmark, KpiInfluence, KpiOperand):
        assert not model.objects.exists()
    set_influences(as_alice, first, [other], now=NOW)
    purge_kpi(as_alice, other, now=NOW)
    assert not KpiInfluence.objects.exists()


def test_a_kpi_that_a_formula_is_computed_from_is_held_back(in_acme: Organization, as_alice: Actor) -> None:
    mrr, customers = make_kpi(in_acme, "mrr"), make_kpi(in_acme, "customers")
    arpa = make_kpi(in_acme, "arpa", name="ARPA", source="formula", formula="mrr / customers")
    for operand in (mrr, customers):
        KpiOperand.objects.create(kpi=arpa, operand=operand)
    KpiOperand.objects.create(kpi=arpa, operand=mrr, is_parent=True)
    with pytest.raises(ConflictError) as raised:
        purge_kpi(as_alice, mrr, now=NOW)
    assert str(raised.value) == (
        "“Mrr” cannot be removed: “ARPA” is computed from it. Change that first, or archive it."
    )
    purge_kpi(as_alice, arpa, now=NOW)
    purge_kpi(as_alice, mrr, now=NOW)
    assert [*Kpi.objects.all()] == [customers]
