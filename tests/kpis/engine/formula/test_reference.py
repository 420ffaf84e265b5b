"""Every function is explained, in the product and in the documentation, with examples that parse."""

import re
from pathlib import Path

import pytest

from kpis.engine.formula.checking import check_names, unit_of
from kpis.engine.formula.limits import DEEPEST, LONGEST, MOST_NAMES, MOST_NODES
from kpis.engine.formula.parsing import FormulaError, parse
from kpis.engine.formula.reference import REFERENCE
from kpis.engine.formula.syntax import WORDS, Call, Function, walk
from kpis.models.kpis import RESERVED_KEYS

DOCUMENT = (Path(__file__).parents[4] / "docs/formulas.md").read_text()


def test_every_function_is_explained():
    assert list(REFERENCE) == list(Function)


@pytest.mark.parametrize("function", Function)
def test_explanation_fits_its_function(function):
    explanation = REFERENCE[function]
    assert explanation.signature.startswith(f"{function}(")
    assert explanation.summary.endswith(".")
    calls = [part.function for part in walk(parse(explanation.example)) if isinstance(part, Call)]
    assert function in calls


@pytest.mark.parametrize("function", Function)
def test_document_has_the_same_table(function):
    explanation = REFERENCE[function]
    assert f"| `{explanation.signature}` | {explanation.summary} | `{explanation.example}` |" in DOCUMENT


def documented(heading):
    """The rows of the first table beneath a heading, without its head."""
    table = DOCUMENT.split(heading, 1)[1].split("\n\n|", 1)[1].split("\n\n")[0]
    return [row.strip("|").split(" | ") for row in table.splitlines()[2:]]


MONEY = "net_sales cost_of_goods refunds ad_spend new_mrr expansion_mrr churned_mrr contraction_mrr mrr".split()
COUNTS = "baskets orders visits promoters detractors answers leads".split()
SHARES = "on_time_north on_time_south".split()
UNITS = dict.fromkeys(MONEY, "currency:EUR") | dict.fromkeys(COUNTS, "number") | dict.fromkeys(SHARES, "percent")


def test_formulas_of_the_document_give_the_units_it_says():
    rows = documented("# Formulas")
    assert len(rows) >= 12
    for _, formula, unit in rows:
        expression = parse(formula.strip(" `"))
        check_names(expression, UNITS)
        hint = unit_of(expression, UNITS)
        assert hint.warnings == ()
        assert hint.unit.split(":")[0] in (unit.strip(), "ratio" if unit.strip() == "percent" else "")


def test_refusals_of_the_document_are_what_is_said():
    rows = [row for row in documented("## Limits and errors") if "No KPI" not in row[1]]
    assert len(rows) >= 5
    for text, answer in rows:
        with pytest.raises(FormulaError) as caught:
            parse(text.strip(" `"))
        assert answer.strip().startswith(f"column {caught.value.column}: {caught.value.detail}")


def test_limits_of_the_document_are_those_enforced():
    sentence = re.search(r"At most .*? different KPIs", DOCUMENT, re.DOTALL)[0]
    assert re.findall(r"\d[\d,]*\d", sentence) == [f"{limit:,}" for limit in (LONGEST, MOST_NODES, DEEPEST, MOST_NAMES)]


def test_no_kpi_can_be_called_like_a_function_or_a_word():
    assert RESERVED_KEYS.issuperset([*Function, *WORDS])
