"""Why a percentage is what it is, ready to be shown: inputs, formula, result, and the same of every part."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.safestring import SafeString

from kpis.drawing import numbers
from kpis.drawing.numbers import SPACE
from kpis.words import day
from okrs.explained import explained
from okrs.explaining import Explanation, Figure, Line
from okrs.presenting.figures import Figures, mark, percent
from okrs.reading import KeyResultView, ObjectiveView

NAMES: Final = {"progress": "Progress", "expected": "Expected by now", "pace": "Pace"}


@dataclass(frozen=True, slots=True)
class WhyFigure:
    """One percentage: (label, number, remark) of each input, the formula in their words, the result."""

    name: str
    inputs: Sequence[tuple[str, str, str]]
    formula: str
    result: str


@dataclass(frozen=True, slots=True)
class WhyStep:
    """How one thing comes to stand where it does, with what it averages below it."""

    anchor: str
    title: str
    href: str
    status: SafeString
    progress: str
    share: str
    figures: Sequence[WhyFigure]
    reasons: Sequence[str]
    parts: Sequence["WhyStep"]


def why(view: ObjectiveView | KeyResultView, addresses: Mapping[UUID, str]) -> WhyStep:
    """The explanation of what was loaded. ``addresses`` are the pages of what it names, by id."""
    return _step(explained(view), _figures_of(view), addresses)


def _step(one: Explanation, figures: Mapping[UUID, Figures], addresses: Mapping[UUID, str]) -> WhyStep:
    id = one.id if isinstance(one.id, UUID) else UUID(str(one.id))
    return WhyStep(
        anchor=f"why-{id}",
        title=one.title,
        href=addresses.get(id, ""),
        status=mark(one.standing.status),
        progress=percent(one.standing.progress),
        share=percent(one.share),
        figures=[_figure(figure, figures.get(id)) for figure in one.figures if figure.result is not None],
        reasons=[reason.words for reason in one.reasons],
        parts=[_step(part, figures, addresses) for part in one.parts],
    )


def _figure(figure: Figure, own: Figures | None) -> WhyFigure:
    result = _pace(figure.result) if figure.name == "pace" else _share(figure.result)
    inputs = [(_label(line), _number(line, own), line.words) for line in figure.inputs]
    return WhyFigure(NAMES[figure.name], inputs, figure.formula, result)


def _label(line: Line) -> str:
    """Dates of a plan as people read them."""
    try:
        return day(dt.date.fromisoformat(line.label)) if len(line.label) == len("2026-11-30") else line.label
    except ValueError:
        return line.label


def _number(line: Line, own: Figures | None) -> str:
    if line.value is None:
        return numbers.NOTHING
    match line.unit:
        case "value":
            return own.text(line.value) if own else f"{line.value:g}"
        case "share":
            return _share(line.value)
        case "count":
            return f"{line.value:,.0f}"
    return f"{line.value:g}"


def _share(value: float | None) -> str:
    """With a decimal where that tells something."""
    return str(numbers.show(value, "percent", 1)).replace(f".0{SPACE}%", f"{SPACE}%")


def _pace(value: float | None) -> str:
    return str(numbers.show(value, "ratio", 2))


def _figures_of(view: ObjectiveView | KeyResultView) -> dict[UUID, Figures]:
    """How the numbers of each key result in it are written."""
    if isinstance(view, KeyResultView):
        return {view.id: Figures(view.key_result)}
    found: dict[UUID, Figures] = {}
    for one in view.counting:
        found |= _figures_of(one)
    return found
