"""What a definition may not say, for every form and API call that saves one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that is wrong with input: a code for programs, the field, a sentence that names the way out, and the
    place in a list of rows (None for a single thing)."""

    code: str
    field: str
    detail: str
    index: int | None = None
