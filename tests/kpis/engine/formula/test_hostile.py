"""Whatever is sent as a formula is read or refused, at little cost."""

import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.engine.formula.checking import check_names
from kpis.engine.formula.completion import completions
from kpis.engine.formula.parsing import FormulaError, parse
from tests.lots import examples

MOST_SECONDS = 0.05
MOST_BYTES = 1_000_000  # at any moment, beside the text itself

CORPUS = {
    "a tower of powers": "9" + "^9" * 400,
    "powers of powers in Python": "9**9**9**9**9",
    "powers in brackets": "(" * 100 + "9" + "^9)" * 100,
    "10,000 brackets": "(" * 10_000,
    "10,000 brackets, closed": "(" * 10_000 + "1" + ")" * 10_000,
    "1,000 opening brackets": "(" * 1_000,
    "1,000 closing brackets": ")" * 1_000,
    "499 brackets, closed": "(" * 499 + "1" + ")" * 499,
    "brackets one after the other": "()" * 500,
    "functions in functions": "abs(" * 199 + "1" + ")" * 199,
    "conditions in conditions": "if(a,b," * 100 + "c" + ")" * 100,
    "1,000 minus signs": "-" * 1_000,
    "999 minus signs and a number": "-" * 999 + "1",
    "not not not": "not " * 249 + "a",
    "1,000 commas": "," * 1_000,
    "a call of a thousand": "max(" + ",".join("1" * 497) + ")",
    "a number of 1,000 digits": "1" * 1_000,
    "a number of a million digits": "1" * 10**6,
    "a huge exponent": "1e" + "9" * 990,
    "an overflowing number": "1e400",
    "megabyte of text": "a + " * 250_000,
    "megabyte of spaces": " " * 10**6,
    "megabyte of line breaks": "\n" * 10**6,
    "1,000 spaces": " " * 1_000,
    "1,000 points": "." * 1_000,
    "numbers without gaps": "1.1" * 333,
    "numbers with gaps": "1 " * 500,
    "names with gaps": "a " * 500,
    "comparisons in a row": "a" + "<a" * 499,
    "hundreds of names": "+".join(f"a{number}" for number in range(150)),
    "hundreds of sums": "+".join("a" * 500),
    "attribute access": "a.__class__.__bases__[0].__subclasses__()",
    "attribute of a number": "(1).real",
    "dunder name": "__import__",
    "import": "__import__('os').system('true')",
    "builtin": "eval(a)",
    "open": 'open("/etc/passwd")',
    "lambda": "lambda x: x",
    "called lambda": "(lambda: 1)()",
    "list comprehension": "[x for x in a]",
    "generator": "(x for x in a)",
    "assignment": "a = 1",
    "walrus": "(a := 1)",
    "statements": "a; b",
    "f-string": "f'{a}'",
    "format": "'%s' % a",
    "template": "{{ a }}",
    "script": "<script>alert(1)</script>",
    "SQL": "a'; DROP TABLE kpis_kpi; --",
    "comment": "a # b",
    "block comment": "a /* b */ + c",
    "escape": "\\x41",
    "spreadsheet command": "=cmd|' /C calc'!A0",
    "NUL": "a\0",
    "1,000 NULs": "\0" * 1_000,
    "right-to-left override": "a \u202e+ b",
    "right-to-left mark": "a\u200f",
    "zero-width joiner": "a\u200db",
    "byte order mark": "\ufeffa + b",
    "no-break space": "a\u00a0+\u00a0b",
    "Cyrillic look-alike": "\u0430 + b",
    "fullwidth letters": "\uff41 + b",
    "mathematical letters": "\U0001d44e + b",
    "Arabic digits": "\u0661 + b",
    "superscript": "a\u00b2",
    "ligature": "\ufb01 + b",
    "combining accents": "a" + "\u0301" * 900,
    "a ligature of 18 letters": "\ufdfa" * 900,
    "emoji": "\U0001f600" * 1_000,
    "lone surrogate": "\ud800",
    "typographic minus": "a \u2212 b",
    "Kelvin sign": "\u212a + 1",
    "dotless i": "\u0131f(a, b, c)",
}


def cost(text):
    """The error, and the processor's time in seconds: of the best of three, as a collector may run at any moment."""
    seconds = []
    for _ in range(3):
        began = time.process_time()  # of this process alone, however busy the machine is
        with pytest.raises(FormulaError) as caught:
            parse(text)
        seconds.append(time.process_time() - began)
    return caught.value, min(seconds)


@pytest.mark.parametrize("text", CORPUS.values(), ids=CORPUS.keys())
def test_hostile_formula_is_refused_at_little_cost(text):
    error, seconds = cost(text)
    assert error.detail.endswith((".", ")"))
    assert len(error.detail) < 400
    assert error.column is None or 1 <= error.column <= len(text)
    assert seconds < MOST_SECONDS


def test_hostile_formulas_take_no_memory_and_keep_none():
    def refuse_all():
        for text in CORPUS.values():
            with pytest.raises(FormulaError):
                parse(text)

    refuse_all()
    tracemalloc.start()
    try:
        refuse_all()
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        for _ in range(3):
            refuse_all()
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak - before < MOST_BYTES
    assert after - before < 50_000


@pytest.mark.parametrize(
    "text", ["a" * 1_000, "-".join(["a"] * 100), "a*(" * 29 + "a" + ")" * 29, "+".join(f"(a{n}+a)" for n in range(49))]
)
def test_largest_formulas_cost_little_too(text):
    began = time.process_time()
    parse(text)
    assert time.process_time() - began < MOST_SECONDS


def test_name_that_resembles_thousands_costs_little():
    known = {f"metric_{number}_{number % 97}" for number in range(10_000)}
    expression = parse("metrc_500_15 + " + "x" * 900)
    seconds = []
    for _ in range(3):
        began = time.process_time()
        with pytest.raises(FormulaError):
            check_names(expression, known)
        seconds.append(time.process_time() - began)
    assert min(seconds) < 0.2


PIECES = st.sampled_from(
    ["a", "1", "1,5", ".5", "(", ")", ",", "if(", "prev(", "ytd(", "not ", " and ", "-", "^", "<", " "]
)


@examples(300)
@given(text=st.text(max_size=200) | st.lists(PIECES, max_size=30).map("".join), caret=st.integers(-5, 250))
def test_any_text_is_read_or_refused(text, caret):
    try:
        parse(text)
        error = None
    except FormulaError as refusal:
        error = refusal
    assert error is None or error.detail
    assert error is None or error.column is None or 1 <= error.column <= len(text)
    offers = completions(text, caret, {"a": "A"})
    assert all(0 <= offer.start < offer.end <= len(text) for offer in offers)
