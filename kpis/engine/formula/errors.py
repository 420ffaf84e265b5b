"""What is wrong with a formula, said to the person who wrote it."""

from __future__ import annotations

from typing import Final

LONGEST_QUOTE: Final = 40


class FormulaError(ValueError):
    """A formula that cannot be used.

    `code` is for programs, `detail` a sentence that says what is wrong and what would be right, `column` the 1-based
    place in the text (line breaks count as characters; None: the formula as a whole), `hint` a guess such as "did you
    mean new_mrr?".
    """

    def __init__(self, code: str, detail: str, column: int | None = None, hint: str | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.column = column
        self.hint = hint


def shortened(text: str) -> str:
    """A piece of the formula, cut where it is too long to be repeated to its author."""
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"


def quoted(text: str) -> str:
    """A piece of the formula in quotation marks."""
    return f"“{shortened(text)}”"


def did_you_mean(guess: str) -> str:
    """The hint that offers `guess`."""
    return f"did you mean {shortened(guess)}?"
