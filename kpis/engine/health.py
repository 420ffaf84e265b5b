"""Health of a set of KPIs: a department's, the company's or any subtree's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kpis.engine.comparison import is_at_least
from kpis.engine.scoring import JUDGED, Status


@dataclass(frozen=True, slots=True)
class Member:
    """A KPI of the set (never a metric) with its headline: score (0..1, None: none), status, whether it has a target in
    that period."""

    id: Hashable
    status: Status
    score: float | None
    has_target: bool
    is_strategic: bool = False


@dataclass(frozen=True, slots=True)
class Health:
    """The mean score of the topmost KPIs with a target (None: none of them is judged) and the status it means (NO_DATA
    then), the number of KPIs by status, the share of all KPIs that are judged (0..1, 0 for an empty set), and how many
    the mean is over."""

    score: float | None
    status: Status
    counts: Mapping[Status, int]
    coverage: float
    counted: int = 0


def health(
    members: Sequence[Member],
    links: Iterable[tuple[Hashable, Hashable]],
    on_track_at: float = 0.9,
    at_risk_at: float = 0.0,
) -> Health:
    """Health of `members`, with `links` (parent, child) of the whole ladder by id.

    A KPI below another one with a target in the set is not counted again, however long or many the paths. Scores being
    clamped, the status is OFF_TRACK below `at_risk_at` and when every counted KPI is off track; it is never better than
    AT_RISK while a strategic KPI of the set is off track.
    """
    counts = Counter(member.status for member in members)
    coverage = sum(counts[status] for status in JUDGED) / len(members) if members else 0.0
    counted = [member for member in topmost(members, links) if member.status in JUDGED and member.score is not None]
    if not counted:
        return Health(None, Status.NO_DATA, counts, coverage)
    score = sum(member.score or 0.0 for member in counted) / len(counted)
    status = _status(score, counted, on_track_at, at_risk_at)
    if status is Status.ON_TRACK and any(_is_strategic_failure(member) for member in members):
        status = Status.AT_RISK
    return Health(score, status, counts, coverage, len(counted))


def topmost(members: Sequence[Member], links: Iterable[tuple[Hashable, Hashable]]) -> list[Member]:
    """The members with a target that have no ancestor with a target among them, in their order."""
    targeted = {member.id for member in members if member.has_target}
    below = _descendants(targeted, links)
    return [member for member in members if member.id in targeted and member.id not in below]


def _descendants(ids: set[Hashable], links: Iterable[tuple[Hashable, Hashable]]) -> set[Hashable]:
    children: dict[Hashable, list[Hashable]] = {}
    for parent, child in links:
        children.setdefault(parent, []).append(child)
    below: set[Hashable] = set()
    waiting = list(ids)
    while waiting:
        following = [child for child in children.get(waiting.pop(), ()) if child not in below]
        below.update(following)
        waiting.extend(following)
    return below


def _status(score: float, counted: Sequence[Member], on_track_at: float, at_risk_at: float) -> Status:
    if bool(is_at_least(score, on_track_at)):
        return Status.ON_TRACK
    failing = all(member.status is Status.OFF_TRACK for member in counted)
    return Status.OFF_TRACK if failing or not bool(is_at_least(score, at_risk_at)) else Status.AT_RISK


def _is_strategic_failure(member: Member) -> bool:
    return member.is_strategic and member.status is Status.OFF_TRACK
