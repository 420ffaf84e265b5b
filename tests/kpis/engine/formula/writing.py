"""Random formulas and how they are written, with no bracket more than precedence needs."""

from typing import Any

from hypothesis import strategies as st

from kpis.engine.formula.syntax import COMPARISONS, WORDS, Binary, Call, Expression, Function, Name, Number, Unary

LEVELS = {"or": 1, "and": 2, "not": 3, **dict.fromkeys(COMPARISONS, 4), "+": 5, "-": 5, "*": 6, "/": 6, "%": 6, "^": 8}
MINUS, ATOM = 7, 9
# What an operator takes unbracketed to its left and to its right, if not its own level and the next.
TAKES = {**dict.fromkeys(COMPARISONS, (5, 5)), "^": (ATOM, MINUS)}
OF_A_KEY = (Function.YTD, Function.QTD, Function.CHILDREN_SUM, Function.CHILDREN_MEAN)
WITH_PERIODS = (Function.PREV, Function.ROLLING_SUM, Function.ROLLING_MEAN)
OF_SEVERAL = (Function.COALESCE, Function.MIN, Function.MAX)
OF_ONE = tuple(set(Function) - {Function.IF, Function.ROUND, *OF_A_KEY, *WITH_PERIODS, *OF_SEVERAL})

KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(lambda key: key not in {*WORDS, *Function})
NAMES = st.builds(Name, KEYS)
NUMBERS = st.builds(Number, st.floats(0, allow_infinity=False).map(abs))


def to_text(expression: Expression, gap: str = " ") -> str:
    """The formula as text, `gap` around operators made of signs."""
    return _written(expression, gap)[0]


def _written(expression: Expression, gap: str) -> tuple[str, int]:
    match expression:
        case Number(value):
            return repr(value), ATOM
        case Name(key):
            return key, ATOM
        case Unary("-", operand):
            return f"-{gap}{_at_least(MINUS, operand, gap)}", MINUS
        case Unary("not", operand):
            return f"not {_at_least(LEVELS['not'], operand, gap)}", LEVELS["not"]
        case Binary(operator, left, right):
            level = LEVELS[operator]
            to_the_left, to_the_right = TAKES.get(operator, (level, level + 1))
            space = " " if operator in WORDS else gap
            sides = _at_least(to_the_left, left, gap), _at_least(to_the_right, right, gap)
            return f"{space}{operator}{space}".join(sides), level
        case Call(function, arguments, periods):
            parts = [to_text(argument, gap) for argument in arguments] + [str(periods)] * (periods is not None)
            return f"{function}{gap}({gap}{', '.join(parts)}{gap})", ATOM
    raise AssertionError(expression)


def _at_least(level: int, expression: Expression, gap: str) -> str:
    text, found = _written(expression, gap)
    return text if found >= level else f"({text})"


def _larger(smaller: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    periods, digits = st.integers(1, 366), st.integers(-12, 12)
    one, pair, three = st.tuples(smaller), st.tuples(smaller, smaller), st.tuples(smaller, smaller, smaller)
    several = st.lists(smaller, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        st.builds(Unary, st.sampled_from(["-", "not"]), smaller),
        st.builds(Binary, st.sampled_from(sorted(LEVELS.keys() - {"not"})), smaller, smaller),
        st.builds(Call, st.just(Function.IF), three),
        st.builds(Call, st.sampled_from(OF_SEVERAL), pair | several),
        st.builds(Call, st.sampled_from(OF_ONE), one),
        st.builds(Call, st.sampled_from(WITH_PERIODS), one, periods),
        st.builds(Call, st.just(Function.ROUND), one, digits),
        st.builds(Call, st.sampled_from(OF_A_KEY), st.tuples(NAMES)),
        st.builds(Call, st.sampled_from(OF_A_KEY[2:]), st.just(())),
    )


def expressions(leaves: int = 20) -> st.SearchStrategy[Any]:
    """Trees of every kind of node, within the limits of the language."""
    return st.recursive(NAMES | NUMBERS, _larger, max_leaves=leaves)
