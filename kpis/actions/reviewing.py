"""Reviews: that somebody looked at a KPI, and what follows."""

import datetime as dt
from typing import Final

from accounts.actors import Actor
from accounts.audit import record
from accounts.errors import refusal
from kpis.actions.changing import announce, lock_definitions, refuse_archived
from kpis.actions.permissions import require_edit
from kpis.models import Kpi, Review

LONGEST: Final = 5000


def review_kpi(
    actor: Actor, kpi: Kpi, *, now: dt.datetime, held_on: dt.date | None = None, decision: str = "", note: str = ""
) -> Review:
    """Write down that a KPI was reviewed, today unless ``held_on`` says when; no ``decision`` means it stays as it is.

    A review is a record: it is never changed.
    """
    require_edit(actor, kpi)
    organization = lock_definitions()
    refuse_archived(kpi)
    today = organization.today(now)
    if held_on and held_on > today:
        raise refusal("held_on", "This date lies ahead; write a review down once it was held.", "future")
    for name, text in (("decision", decision), ("note", note)):
        if len(text) > LONGEST:
            raise refusal(name, f"Say it in {LONGEST:,} characters at most.", "max_length")
    review = Review.objects.create(
        kpi=kpi,
        held_on=held_on or today,
        decision=decision.strip(),
        note=note.strip(),
        member=actor.member,
        recorded_at=now,
    )
    changes = {"held on": (None, review.held_on), "decision": (None, review.decision), "note": (None, review.note)}
    record(actor, "kpi.reviewed", kpi, now=now, changes={name: pair for name, pair in changes.items() if pair[1]})
    announce([], now=now)
    return review
