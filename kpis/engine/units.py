"""Units of KPIs: `number`, `percent`, `ratio`, `currency:EUR`, `duration:h`, `custom:label`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

DURATIONS = ("s", "min", "h", "d")
LABEL_LENGTH = 40
ACCEPTED = "number, percent, ratio, currency:<ISO 4217 code>, duration:<s|min|h|d> or custom:<label>"


class UnitKind(StrEnum):
    """The part of a unit before the colon."""

    NUMBER = "number"
    PERCENT = "percent"
    RATIO = "ratio"
    CURRENCY = "currency"
    DURATION = "duration"
    CUSTOM = "custom"


KINDS = frozenset(kind.value for kind in UnitKind)


@dataclass(frozen=True, slots=True)
class Unit:
    """A parsed unit: its kind, and the currency code, duration or label after the colon ("" for plain kinds)."""

    kind: UnitKind
    detail: str = ""

    @classmethod
    def parse(cls, text: str) -> Unit:
        """The unit written as `text`. Raises ValueError, naming what is accepted, for anything else."""
        kind, _, detail = text.partition(":")
        if kind not in KINDS or not _is_detail(UnitKind(kind), detail) or text.endswith(":"):
            raise ValueError(f"“{text}” is not a unit. Use {ACCEPTED}.")
        return cls(UnitKind(kind), detail)

    def __str__(self) -> str:
        return f"{self.kind}:{self.detail}" if self.detail else str(self.kind)

    @property
    def is_fraction(self) -> bool:
        """Whether values are fractions (0.125 shown as 12.5 %), for which a floor must be given."""
        return self.kind in (UnitKind.PERCENT, UnitKind.RATIO)


def _is_detail(kind: UnitKind, detail: str) -> bool:
    match kind:
        case UnitKind.CURRENCY:
            return re.fullmatch(r"[A-Z]{3}", detail) is not None
        case UnitKind.DURATION:
            return detail in DURATIONS
        case UnitKind.CUSTOM:
            return 0 < len(detail) <= LABEL_LENGTH and detail.isprintable() and detail.strip() == detail
        case _:
            return detail == ""
