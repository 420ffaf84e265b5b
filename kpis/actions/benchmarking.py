"""Benchmarks: what others reach."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from math import isfinite
from typing import Final

from accounts.actors import Actor
from accounts.audit import record
from kpis.actions.changing import announce, lock_definitions, refuse_archived
from kpis.actions.permissions import require_edit
from kpis.actions.refusing import refuse_rows
from kpis.engine.refusals import Refusal
from kpis.models import Benchmark, Kpi

EARLIEST: Final = 1990
MOST: Final = 100
LONGEST: Final = {"industry": 80, "region": 80, "source": 200}
QUESTIONS: Final = {
    "industry": "Which industry is this the figure of?",
    "source": "Who says so? Name the study or the page.",
}


@dataclass(frozen=True)
class BenchmarkRow:
    """What an industry reached in a year: its ``median``, in the KPI's unit, with both quartiles or neither."""

    median: float
    industry: str
    year: int
    source: str
    lower_quartile: float | None = None
    upper_quartile: float | None = None
    region: str = ""

    @classmethod
    def of(cls, row: Benchmark) -> "BenchmarkRow":
        return cls(**{field.name: getattr(row, field.name) for field in fields(cls)})

    @property
    def subject(self) -> tuple[str, str, int, str]:
        """What it is the figure of; two rows of one would contradict each other."""
        return self.industry.casefold(), self.region.casefold(), self.year, self.source.casefold()


def benchmarks_of(kpi: Kpi) -> list[Benchmark]:
    """The latest first."""
    return list(Benchmark.objects.filter(kpi=kpi).latest_first())


def set_benchmarks(actor: Actor, kpi: Kpi, rows: Sequence[BenchmarkRow], *, now: dt.datetime) -> list[Benchmark]:
    """Make ``rows`` the whole list of the KPI's benchmarks; those that stay the same are left alone."""
    require_edit(actor, kpi)
    organization = lock_definitions()
    refuse_archived(kpi)
    refuse_rows("benchmarks", _refusals(rows, this_year=organization.today(now).year))
    stored = {BenchmarkRow.of(row): row for row in benchmarks_of(kpi)}
    gone = [row.pk for spec, row in stored.items() if spec not in rows]
    added = [row for row in rows if row not in stored]
    if gone or added:
        Benchmark.objects.filter(pk__in=gone).delete()
        for row in added:
            Benchmark.objects.create(kpi=kpi, created_at=now, created_by=actor.member, **asdict(row))
        changes = {"benchmarks": (list(map(_words, stored)), list(map(_words, rows)))}
        record(actor, "kpi.benchmarks_set", kpi, now=now, changes=changes)
        announce([], now=now)
    return benchmarks_of(kpi)


def _refusals(rows: Sequence[BenchmarkRow], *, this_year: int) -> Iterator[Refusal]:
    if len(rows) > MOST:
        yield Refusal("too_many", "", f"A KPI has at most {MOST} benchmarks.", None)
        return
    seen: set[tuple[str, str, int, str]] = set()
    for index, row in enumerate(rows):
        for field, detail, code in (*_text_problems(row), *_number_problems(row), *_year_problems(row, this_year)):
            yield Refusal(code, field, detail, index)
        if row.subject in seen:
            yield Refusal("repeated", "industry", "This industry, region, year and source are there twice.", index)
        seen.add(row.subject)


def _text_problems(row: BenchmarkRow) -> Iterator[tuple[str, str, str]]:
    for field, longest in LONGEST.items():
        text = getattr(row, field)
        if field in QUESTIONS and not text.strip():
            yield field, QUESTIONS[field], "required"
        if len(text) > longest:
            yield field, f"Say it in {longest} characters at most.", "max_length"


def _number_problems(row: BenchmarkRow) -> Iterator[tuple[str, str, str]]:
    lower, upper = row.lower_quartile, row.upper_quartile
    if not all(isfinite(number) for number in (row.median, lower, upper) if number is not None):
        yield "median", "Give plain numbers.", "not_a_number"
    elif (lower is None) != (upper is None):
        missing = "lower_quartile" if lower is None else "upper_quartile"
        yield missing, "Give both quartiles, or neither.", "one_quartile"
    elif lower is not None and upper is not None and not lower <= row.median <= upper:
        detail = f"The median ({row.median:g}) must lie between the quartiles ({lower:g} and {upper:g})."
        yield "median", detail, "order"


def _year_problems(row: BenchmarkRow, this_year: int) -> Iterator[tuple[str, str, str]]:
    if not EARLIEST <= row.year <= this_year:
        yield "year", f"Give the year the figure is of, from {EARLIEST} to {this_year}.", "year"


def _words(row: BenchmarkRow) -> str:
    """A row in the audit log: ``Grocery, Germany, 2025: 0.62 (0.55 to 0.7), by EHI``."""
    where = ", ".join(filter(None, (row.industry, row.region, str(row.year))))
    quartiles = f" ({row.lower_quartile:g} to {row.upper_quartile:g})" if row.lower_quartile is not None else ""
    return f"{where}: {row.median:g}{quartiles}, by {row.source}"
