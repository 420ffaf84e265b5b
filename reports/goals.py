"""Objectives on Home: how the company's fare, and what was said about key results lately."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.models import Member, Organization
from okrs.models import CheckIn, Cycle
from okrs.presenting.check_ins import done_words, speaker
from okrs.presenting.figures import Figures, bar, mark, percent
from okrs.presenting.words import ago_words, counted, days_left_words, pace_words
from okrs.reading import CycleView, ObjectiveView, load_overview

SHOWN = 6


@dataclass(frozen=True, slots=True)
class GoalLine:
    """An objective in one line: how far it is against how far it should be."""

    id: UUID
    title: str
    href: str
    whose: str
    bar: SafeString
    progress: str
    status: SafeString
    pace: str


@dataclass(frozen=True)
class Goals:
    """The objectives at the top of the cycle that runs, at most ``SHOWN``; ``more`` are further ones."""

    name: str
    href: str
    left: str
    summary: str
    whole: SafeString
    progress: str
    lines: list[GoalLine]
    more: int


@dataclass(frozen=True, slots=True)
class Said:
    """A check-in of somebody else."""

    mark: SafeString
    title: str
    href: str
    value: str
    comment: str
    who: str
    when: str


def company_goals(organization: Organization, today: dt.date) -> Goals | None:
    """How the objectives of the cycle that runs fare; None where none is set."""
    cycle = Cycle.objects.open().to_show(today)
    view = load_overview(organization, cycle, today) if cycle else None
    if view is None or not view.objectives:
        return None
    href = reverse("okrs:list", args=[organization.slug])
    lines = [_line(one, organization.slug) for one in view.tops[:SHOWN]]
    whole = f"{percent(view.progress)} done, {percent(view.expected)} of the time gone"
    return Goals(
        name=view.cycle.name,
        href=f"{href}?cycle={view.cycle.pk}",
        left=days_left_words(view.cycle.days_left(today), view.cycle.starts_on, today),
        summary=_summary(view),
        whole=bar(view.progress, view.expected, "too_early", whole),
        progress=percent(view.progress),
        lines=lines,
        more=max(len(view.tops) - SHOWN, 0),
    )


def said_since(organization: Organization, reader: Member, since: dt.date, today: dt.date) -> list[Said]:
    """What others said about key results since a date, the latest first, at most ``SHOWN``."""
    rows = CheckIn.objects.filter(on__gte=since, key_result__removed_at=None).exclude(member=reader.pk)
    found = rows.select_related("key_result__kpi", "member__user").newest_first()[:SHOWN]
    return [_said(one, organization.slug, today) for one in found]


def _summary(view: CycleView) -> str:
    """As in "5 of 8 objectives on track"."""
    good = view.counts["on_track"] + view.counts["achieved"]
    early = view.counts["too_early"] + view.counts["not_started"]
    if early == len(view.objectives):
        return f"{counted(early, 'objective')}, too early to tell"
    return f"{good} of {counted(len(view.objectives), 'objective')} on track"


def _line(view: ObjectiveView, slug: str) -> GoalLine:
    own = view.objective
    return GoalLine(
        id=own.pk,
        title=own.title,
        href=reverse("okrs:objective", args=[slug, own.pk]),
        whose=own.department.name if own.department else "",
        bar=bar(view.progress, view.expected, view.status, done_words(view)),
        progress=percent(view.progress),
        status=mark(view.status),
        pace="" if view.status in ("no_data", "too_early") else pace_words(view.progress, view.expected, view.status),
    )


def _said(said: CheckIn, slug: str, today: dt.date) -> Said:
    own = said.key_result
    return Said(
        mark=mark(said.confidence),
        title=own.title,
        href=reverse("okrs:key-result", args=[slug, own.pk]),
        value=Figures(own).short(said.value) if said.value is not None else "",
        comment=said.comment,
        who=speaker(said),
        when=ago_words(said.on, today),
    )
