"""What a KPI has several of, in words that differ wherever a reader sees a difference (``accounts.forms.merging``)."""

from collections.abc import Iterable

from kpis import words
from kpis.actions.benchmarking import BenchmarkRow
from kpis.actions.links import LinkSpec
from kpis.forms.numbers import NumberField
from kpis.models import Kpi, Target


def numbers_in_words(unit: str, **numbers: float | None) -> str:
    """ "at least 12.5 %, at most 20 %": as they are typed, not rounded as on pages."""
    is_percent = unit == "percent"
    typed, sign = NumberField(is_percent=is_percent).prepare_value, " %" if is_percent else ""
    given = {name.replace("_", " "): number for name, number in numbers.items() if number is not None}
    return ", ".join(f"{name} {typed(number)}{sign}" for name, number in given.items())


def targets_in_words(kpi: Kpi, targets: Iterable[Target]) -> str:
    return "; ".join(f"{_goal(kpi, row)} from {words.day(row.effective_from)}" for row in targets)


def _goal(kpi: Kpi, row: Target) -> str:
    by = f" by {words.day(row.due_on)}" if row.due_on else ""
    return numbers_in_words(kpi.unit, target=row.target, red_flag=row.floor, at_least=row.low, at_most=row.high) + by


def parents_in_words(links: Iterable[LinkSpec]) -> str:
    return "; ".join(
        ", ".join(filter(None, [link.parent.name, words.weighed(link.weight, link.contribution), _validity(link)]))
        for link in links
    )


def _validity(link: LinkSpec) -> str:
    return words.validity(link.valid_from, link.valid_to)


def benchmarks_in_words(kpi: Kpi, benchmarks: Iterable[BenchmarkRow]) -> str:
    return "; ".join(
        f"{row.industry} {row.region} {row.year}, {row.source}: "
        + numbers_in_words(
            kpi.unit, median=row.median, lower_quartile=row.lower_quartile, upper_quartile=row.upper_quartile
        )
        for row in benchmarks
    )
