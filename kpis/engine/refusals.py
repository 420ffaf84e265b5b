"""What a definition may not say: refused on save with a code, the field and a sentence that names the way out."""

from __future__ import annotations


class Refusal(ValueError):
    """One thing that is wrong with input. `index` is its place in a list of rows, None for a single thing."""

    def __init__(self, code: str, field: str, detail: str, index: int | None = None) -> None:
        super().__init__(detail)
        self.code, self.field, self.detail, self.index = code, field, detail, index
