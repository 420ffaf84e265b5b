"""What was said and what is to be said, in words."""

import datetime as dt

from kpis.drawing.status import STATUSES
from kpis.words import day
from okrs.models import CheckIn
from okrs.models.choices import Confidence, KeyResultKind
from okrs.presenting.figures import Figures, percent
from okrs.presenting.words import counted
from okrs.reading import KeyResultView, ObjectiveView


def stands_at(view: KeyResultView) -> str:
    """Where it stands: "60", "2 of 3 milestones"; empty without a value."""
    if view.key_result.kind == KeyResultKind.MILESTONES:
        done = sum(step.done_on is not None for step in view.milestones)
        return f"{done} of {counted(len(view.milestones), 'milestone')}"
    return "" if view.current is None else Figures(view.key_result).text(view.current)


def goal_words(view: KeyResultView) -> str:
    """What is to be reached; of a linked one from where its KPI stood."""
    figures = Figures(view.key_result)
    if view.key_result.kind == KeyResultKind.METRIC and view.start is not None:
        return f"from {figures.text(view.start)} to {figures.text(view.key_result.target)}"
    return figures.goal()


def done_words(view: KeyResultView | ObjectiveView) -> str:
    """As in "42 % done, 53 % expected by now"."""
    if view.status == "no_data":
        return "nothing to measure it by yet"
    raw = view.standing.progress
    return f"{percent(raw)} done, {percent(view.expected)} expected by now"


def doubt_words(view: KeyResultView) -> str:
    """That what was said and what the numbers say are far apart, to whoever said it; empty where they are not."""
    if not view.is_contradicted or view.confidence is None:
        return ""
    said, shown = Confidence(view.confidence).label.lower(), STATUSES[view.status].word.lower()
    return f"You say {said}, the numbers say {shown}: {done_words(view)}."


def due_on_words(date: dt.date, today: dt.date) -> str:
    """Within the next days "Friday", else "on 5 December 2026"."""
    return f"{date:%A}" if today < date <= today + dt.timedelta(days=6) else f"on {day(date)}"


def speaker(said: CheckIn) -> str:
    """Who checked in; a program is no person."""
    return str(said.member) if said.member else "A program"
