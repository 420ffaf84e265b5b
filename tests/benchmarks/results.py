"""What the benchmarks measured: rows of reference, ours, ratio and goal, printed and kept in docs/performance.md."""

import os
import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from django.db import connection

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
INTRODUCTION = """# Performance

Written by `make bench`, which measures each thing beside its reference in the same run. Machines differ and other
programs disturb, so the best of several rounds is taken (of pages the median) and only the ratios count. What is marked
"missed" did not reach its goal in this run.

Measured on {machine}, Python {python}, PostgreSQL {database}; the load average was {load:.1f} at the end, where an
undisturbed run has about 1.
"""


@dataclass(frozen=True)
class Row:
    """One comparison. ``goal`` is "at least" (>=) or "at most" (<=) a number."""

    what: str
    reference: str
    ours: str
    ratio: float | None
    goal: str = ""

    @property
    def verdict(self) -> str:
        if not self.goal or self.ratio is None:
            return ""
        sign, number = self.goal.split()
        reached = self.ratio >= float(number) if sign == ">=" else self.ratio <= float(number)
        return "reached" if reached else "missed"

    def cells(self) -> list[str]:
        ratio = "" if self.ratio is None else f"{self.ratio:.3g}"
        return [self.what, self.reference, self.ours, ratio, self.goal, self.verdict]


@dataclass
class Results:
    """Tables by title, in the order in which they were measured."""

    tables: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, title: str, *rows: Row) -> None:
        self.tables.setdefault(title, []).extend(rows)

    def text(self) -> str:
        return "\n".join(f"## {title}\n\n{_table(rows)}\n" for title, rows in self.tables.items())

    def write(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            version = cursor.fetchone()[0].split()[0]
        machine = f"{os.cpu_count()} processors ({platform.machine()}, {platform.system()})"
        introduction = INTRODUCTION.format(
            machine=machine, python=platform.python_version(), database=version, load=os.getloadavg()[0]
        )
        DOCUMENT.write_text(f"{introduction}\n{self.text()}")


def _table(rows: list[Row]) -> str:
    cells = [["What", "Reference", "Ours", "Ratio", "Goal", ""], *(row.cells() for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(6)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def seconds(action: Callable[[], object]) -> float:
    began = perf_counter()
    action()
    return perf_counter() - began


def best(rounds: int, **actions: Callable[[], object]) -> dict[str, float]:
    """The shortest time of each action, which other programs disturbed least; measured in turns."""
    times = [{name: seconds(action) for name, action in actions.items()} for _ in range(rounds)]
    return {name: min(one[name] for one in times) for name in actions}


def rate(rows: int, duration: float) -> str:
    return f"{rows / duration / 1000:,.0f}k rows/s"


def milliseconds(duration: float) -> str:
    return f"{duration * 1000:,.1f} ms" if duration < 0.1 else f"{duration * 1000:,.0f} ms"
