"""What is allowed and rarely meant: said beside a KPI, not refused."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from kpis.engine.units import Unit
from kpis.models.choices import Rollup, Source


class Defined(Protocol):
    """A definition as far as advice looks at it: a stored KPI or a node of the hierarchy."""

    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def rollup(self) -> str: ...


def advice_on(kpi: Defined, children: Sequence[Defined]) -> Iterator[str]:
    """Sentences for whoever looks after the KPI, none where nothing is odd."""
    if kpi.source == Source.ROLLUP and not children:
        yield f"Nothing feeds “{kpi.name}” yet, so it has no value. Let other KPIs ladder up to it."
    if kpi.rollup == Rollup.MEAN and _has_fractions([kpi, *children]):
        yield (
            f"“{kpi.name}” is a plain mean of shares: a small part counts as much as a large one. A weighted mean, "
            "weighing each part by its size, is usually meant."
        )


def advice_on_double_count(top: str, name: str, by: Sequence[str], *, directly: bool) -> str:
    """That the sum ``top`` counts a KPI more than once: as a part of those in ``by``, and perhaps directly."""
    ways = [*(["directly"] if directly else []), *(f"as a part of “{part}”" for part in by)]
    said = f"{', '.join(ways[:-1])} and {ways[-1]}"
    return f"“{top}” counts “{name}” more than once: {said}. Unless that is meant, let it ladder up by one way only."


def _has_fractions(defined: Iterable[Defined]) -> bool:
    return any(Unit.parse(one.unit).is_fraction for one in defined)
