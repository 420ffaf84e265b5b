"""What is said of a formula that cannot be understood: the code, the column, the sentence, the hint."""

import pytest

from kpis.engine.formula.parsing import FormulaError, parse

FUNCTIONS = (
    "if, coalesce, min, max, abs, round, sqrt, ln, log10, exp, prev, same_period_last_year, change, growth, ytd, qtd, "
    "rolling_sum, rolling_mean, children_sum, children_mean"
)
SPLIT = "Give a part of it a KPI of its own and use its key here."
PERCENT = "“%” is the remainder of a division; write 0.2 for 20 %."
TEXT = "A formula has no text in quotation marks; write a KPI's key as it is, such as net_sales."
NOT_OURS = "is not part of the language."


def refused(text):
    with pytest.raises(FormulaError) as caught:
        parse(text)
    error = caught.value
    assert str(error) == error.detail
    return error.code, error.column, error.detail, error.hint


@pytest.mark.parametrize(
    ("text", "code", "column", "detail"),
    [
        ("", "empty", None, "The formula is empty. Write one such as net_sales / baskets."),
        (" \n\t", "empty", None, "The formula is empty. Write one such as net_sales / baskets."),
        # Brackets and commas
        ("a * (b + c", "bracket_not_closed", 5, "The bracket opened in column 5 is never closed."),
        ("(a + (b)", "bracket_not_closed", 1, "The bracket opened in column 1 is never closed."),
        ("max(a, b", "bracket_not_closed", 4, "The bracket opened in column 4 is never closed."),
        ("a + b)", "bracket_not_opened", 6, "The bracket closed in column 6 was never opened."),
        (")(", "bracket_not_opened", 1, "The bracket closed in column 1 was never opened."),
        (
            "a, b",
            "stray_comma",
            2,
            "A comma separates the arguments of a function, such as max(a, b); here is no function around it.",
        ),
        (
            "max(a, (b, c))",
            "stray_comma",
            10,
            "A comma separates the arguments of a function, such as max(a, b); here is no function around it.",
        ),
        # Numbers
        ("a + 1,000", "comma_in_number", 5, "Write 1000 rather than “1,000”."),
        ("0,5 * a", "comma_in_number", 1, "Write 0.5 rather than “0,5”."),
        ("1,000.5 * a", "comma_in_number", 1, "Write 1000.5 rather than “1,000.5”."),
        ("a + 1,000,000", "comma_in_number", 5, "Write 1000 rather than “1,000”."),
        ("0,125 * a", "comma_in_number", 1, "Write 0.125 rather than “0,125”."),
        (
            "coalesce(a, 1,500)",
            "comma_in_number",
            13,
            "Write 1500 rather than “1,500”; for two arguments put a space after the comma of “1,500”.",
        ),
        (
            "round(a * 1,5)",
            "comma_in_number",
            11,
            "Write 1.5 rather than “1,5”; for two arguments put a space after the comma of “1,5”.",
        ),
        ("1_000", "unknown_character", 1, "The digits of a number are not grouped; write 1000."),
        (
            "1 000",
            "not_a_number",
            1,
            "The numbers “1” and “000” stand side by side; write 1000 without the gap, or an operator between them.",
        ),
        ("1.2.3", "not_a_number", 1, "“1.2.3” is not a number; numbers are written such as 1500, 0.5 or 1e6."),
        ("2 * 1e400", "number_too_large", 5, "1e400 is too large; numbers go up to about 1.8e308."),
        ("5. + a", "unknown_character", 2, f"“.” {NOT_OURS} A point belongs only inside a number, such as 0.5."),
        # Operators and operands
        (
            "a < b < c",
            "chained_comparison",
            7,
            "Comparisons do not chain; join two of them with “and”, such as a < b and b < c.",
        ),
        (
            "a == b != c",
            "chained_comparison",
            8,
            "Comparisons do not chain; join two of them with “and”, such as a < b and b < c.",
        ),
        ("a b", "operator_missing", 3, "An operator is missing between “a” and “b”, such as * for a product."),
        ("2 a", "operator_missing", 3, "An operator is missing between “2” and “a”, such as * for a product."),
        ("2(a + b)", "operator_missing", 2, "An operator is missing between “2” and “(”, such as * for a product."),
        ("(a)(b)", "operator_missing", 4, "An operator is missing between “)” and “(”, such as * for a product."),
        ("a not b", "operator_missing", 3, "An operator is missing between “a” and “not”, such as “and”."),
        ("a + not b", "not_in_brackets", 5, "Put brackets around “not …” inside a calculation: (not a)."),
        ("a +", "operand_missing", 3, "The formula ends after “+”; a number or a key is missing."),
        ("not", "operand_missing", 1, "The formula ends after “not”; a number or a key is missing."),
        ("a + * b", "operand_missing", 5, "Between “+” and “*” a number or a key is missing."),
        ("a and or b", "operand_missing", 7, "Between “and” and “or” a number or a key is missing."),
        ("max(a, )", "operand_missing", 8, "Between “,” and “)” a number or a key is missing."),
        ("max(, a)", "operand_missing", 5, "Between “(” and “,” a number or a key is missing."),
        (
            "+ a",
            "operand_missing",
            1,
            "A formula cannot begin with “+”; a number, a key or a bracket comes first.",
        ),
        (
            "and + 1",
            "operand_missing",
            1,
            "A formula cannot begin with “and”; a number, a key or a bracket comes first.",
        ),
        (
            "a + ()",
            "operand_missing",
            6,
            "There is nothing between these brackets; write a number or a key, or leave them out.",
        ),
        ("a * 20%", "operand_missing", 7, f"The formula ends after “%”; a number or a key is missing. {PERCENT}"),
        ("20% * a", "operand_missing", 5, f"Between “%” and “*” a number or a key is missing. {PERCENT}"),
        ("a ** b", "operand_missing", 4, f"“**” {NOT_OURS} Write ^ for a power."),
        ("a // b", "operand_missing", 4, f"“//” {NOT_OURS} Write / to divide."),
        ("a <> b", "operand_missing", 4, f"“<>” {NOT_OURS} Write != for “is not equal to”."),
        # Signs of other languages
        ("a && b", "unknown_character", 3, f"“&&” {NOT_OURS} Write “and”."),
        ("a || b", "unknown_character", 3, f"“||” {NOT_OURS} Write “or”."),
        ("a | b", "unknown_character", 3, f"“|” {NOT_OURS} Write “or”."),
        ("!a", "unknown_character", 1, f"“!” {NOT_OURS} Write “not”, or != for “is not equal to”."),
        ("a = b", "unknown_character", 3, f"“=” {NOT_OURS} Write == to compare."),
        ("a === b", "unknown_character", 5, f"“=” {NOT_OURS} Write == to compare."),
        ("a => b", "unknown_character", 3, f"“=>” {NOT_OURS} Write >= for “at least”."),
        ("a =< b", "unknown_character", 3, f"“=<” {NOT_OURS} Write <= for “at most”."),
        (" =a / b", "unknown_character", 2, "A formula begins without “=”; leave it out."),
        ("max(a; b)", "unknown_character", 6, f"“;” {NOT_OURS} A function's arguments are separated by commas."),
        ("a ? b : c", "unknown_character", 3, f"“?” {NOT_OURS} A choice is written if(condition, a, b)."),
        ("[a]", "unknown_character", 1, f"“[” {NOT_OURS} Only round brackets are used; write ( and )."),
        (
            "a * $5",
            "unknown_character",
            5,
            f"“$” {NOT_OURS} Amounts are written without a currency sign, such as 1500.",
        ),
        ("'a'", "unknown_character", 1, TEXT),
        ("“a”", "unknown_character", 1, TEXT),
        ("a @ b", "unknown_character", 3, "“@” is not part of the language; leave it out."),
        ("a.b", "unknown_character", 2, f"“.” {NOT_OURS} A point belongs only inside a number, such as 0.5."),
        # Signs as they are typeset
        ("a × b", "unknown_character", 3, f"“×” {NOT_OURS} Write * instead."),
        ("a ÷ b", "unknown_character", 3, f"“÷” {NOT_OURS} Write / instead."),
        ("a − b", "unknown_character", 3, f"“−” {NOT_OURS} Write - instead."),
        ("a – b", "unknown_character", 3, f"“–” {NOT_OURS} Write - instead."),
        ("a ≤ b", "unknown_character", 3, f"“≤” {NOT_OURS} Write <= instead."),
        ("a²", "unknown_character", 2, f"“²” {NOT_OURS} Write ^ 2 instead."),
        # Characters that are not what they seem
        ("１ + a", "unknown_character", 1, "“１” (U+FF11 FULLWIDTH DIGIT ONE) only looks like “1”; type 1 instead."),
        (
            "аrpa",
            "unknown_character",
            1,
            "“а” (U+0430 CYRILLIC SMALL LETTER A) is not one of the letters a to z, of which keys are made.",
        ),
        (
            "größe",
            "unknown_character",
            3,
            "“ö” (U+00F6 LATIN SMALL LETTER O WITH DIAERESIS) is not one of the letters a to z, "
            "of which keys are made.",
        ),
        (
            "a\u00a0+ b",
            "unknown_character",
            2,
            "The invisible character U+00A0 NO-BREAK SPACE is a special space; type an ordinary one.",
        ),
        (
            "a\u200f + b",
            "unknown_character",
            2,
            f"The invisible character U+200F RIGHT-TO-LEFT MARK {NOT_OURS[:-1]}; leave it out.",
        ),
        ("a\0", "unknown_character", 2, f"The invisible character U+0000 {NOT_OURS[:-1]}; leave it out."),
        # Words
        ("__class__", "unknown_character", 1, "A key begins with a letter from a to z; “__class__” does not."),
        ("2 * _a", "unknown_character", 5, "A key begins with a letter from a to z; “_a” does not."),
        ("if + 1", "function_without_brackets", 1, "“if” is a function, not a KPI's key; write if(condition, a, b)."),
        ("a + ytd", "function_without_brackets", 5, "“ytd” is a function, not a KPI's key; write ytd(key)."),
        # Functions' arguments
        ("sqrt()", "wrong_arguments", 1, "sqrt takes one argument, sqrt(x); here are none."),
        ("1 + sqrt(a, b)", "wrong_arguments", 5, "sqrt takes one argument, sqrt(x); here are 2."),
        ("rolling_sum(a)", "wrong_arguments", 1, "rolling_sum takes two arguments, rolling_sum(x, n); here is one."),
        ("max(a)", "wrong_arguments", 1, "max takes at least two arguments, max(a, b, ...); here is one."),
        ("prev(a, 1, 2)", "wrong_arguments", 1, "prev takes one or two arguments, prev(x, n); here are 3."),
        (
            "children_sum(a, b)",
            "wrong_arguments",
            1,
            "children_sum takes one argument or none, children_sum(key); here are 2.",
        ),
        (
            "if(a > 1,000, 1, 0)",
            "wrong_arguments",
            1,
            "if takes three arguments, if(condition, a, b); here are 4. "
            "A number is written without commas, such as 1000 or 0.5.",
        ),
        ("ytd(a+b)", "key_expected", 6, "ytd takes a KPI's key, such as ytd(net_sales)."),
        ("children_mean(3)", "key_expected", 15, "children_mean takes a KPI's key, such as children_mean(net_sales)."),
    ],
)
def test_mistake_is_named_with_its_column(text, code, column, detail):
    assert refused(text) == (code, column, detail, None)


@pytest.mark.parametrize(
    ("literal", "column"),
    [("0", 9), ("367", 9), ("2.5", 9), ("-1", 9), ("n", 9), ("1 + 1", 11), ("1e300", 9), ("(--1)", 10)],
)
def test_number_of_periods_is_written_out(literal, column):
    detail = "The second argument of prev(x, n) is a whole number from 1 to 366, such as 3."
    assert refused(f"prev(a, {literal})") == ("literal_expected", column, detail, None)


@pytest.mark.parametrize("digits", ["13", "-13", "0.5", "a", "-(-1)"])
def test_number_of_digits_is_written_out(digits):
    detail = "The second argument of round(x, digits) is a whole number from -12 to 12, such as 3."
    assert refused(f"round(a, {digits})") == ("literal_expected", 10, detail, None)


@pytest.mark.parametrize(
    ("text", "word", "column", "hint"),
    [
        ("Revenue / 2", "Revenue", 1, "did you mean revenue?"),
        ("1 + NetSales", "NetSales", 5, "did you mean net_sales?"),
        ("a + netSales", "netSales", 5, "did you mean net_sales?"),
        ("MRR", "MRR", 1, "did you mean mrr?"),
        ("IF(a, b, c)", "IF", 1, "did you mean if?"),
        ("a AND b", "AND", 3, "did you mean and?"),
        ("1E6", "1E6", 1, "did you mean 1e6?"),
    ],
)
def test_capitals_are_refused_with_a_hint(text, word, column, hint):
    detail = f"Keys and functions are written in lower case; “{word}” is not."
    assert refused(text) == ("lower_case", column, detail, hint)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("rolling_avg", "did you mean rolling_mean?"),
        ("sqr", "did you mean sqrt?"),
        ("colaesce", "did you mean coalesce?"),
        ("sum", "did you mean +, rolling_sum or children_sum?"),
        ("average", "did you mean rolling_mean?"),
        ("log", "did you mean ln or log10?"),
        ("iferror", "did you mean coalesce?"),
        ("pow", "did you mean ^?"),
    ],
)
def test_misspelt_or_foreign_function_gets_a_hint(name, hint):
    detail = f"There is no function “{name}”; for a KPI's key, put an operator before the bracket."
    assert refused(f"1 + {name}(a, b)") == ("unknown_function", 5, detail, hint)


def test_function_like_none_is_answered_with_all_of_them():
    detail = "There is no function “sales”; for a KPI's key, put an operator before the bracket."
    assert refused("sales(1 + a)") == ("unknown_function", 1, f"{detail} The functions are {FUNCTIONS}.", None)


def test_long_pieces_are_not_repeated_in_full():
    detail = refused("a " + "b" * 900)[2]
    assert detail == f"An operator is missing between “a” and “{'b' * 40}…”, such as * for a product."


def test_length_is_limited():
    assert parse("a" * 998 + "+1")
    assert refused("a" * 999 + "+1") == (
        "too_long",
        None,
        f"The formula has 1,001 characters; at most 1,000 are allowed. {SPLIT}",
        None,
    )


def test_number_of_parts_is_limited():
    assert parse("-" + "+".join(["a"] * 100))
    assert refused("+".join(["a"] * 101)) == (
        "too_many_nodes",
        None,
        f"The formula has 201 numbers, keys, operators and functions; at most 200 are allowed. {SPLIT}",
        None,
    )


@pytest.mark.parametrize(
    ("text", "column"),
    [("-" * 29 + "a", 31), ("abs(" * 29 + "a" + ")" * 29, 118), ("a^" * 29 + "a", 60), ("(" * 30 + "a" + ")" * 30, 31)],
)
def test_depth_is_limited(text, column):
    detail = f"Here the formula is nested more than 30 levels deep. {SPLIT}"
    deeper = f"({text})" if text.startswith("(") else f"-{text}"
    assert parse(text)
    assert refused(deeper) == ("too_deep", column, detail, None)


def test_chain_of_equal_operators_is_one_level():
    assert parse(" + ".join(f"a * b{number} - c" for number in range(30)))
    assert parse(" and ".join(["a > b"] * 50))


def test_number_of_kpis_is_limited():
    keys = [f"k{number}" for number in range(10, 61)]
    assert parse(" + ".join(keys[:50] + ["k10"]))
    assert refused("+".join(["k10", *keys])) == (
        "too_many_names",
        205,
        f"The formula uses 51 KPIs; at most 50 are allowed. {SPLIT}",
        None,
    )
