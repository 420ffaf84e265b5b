"""Annotations: what happened to a KPI on a date."""

import datetime as dt
from typing import Any, Final

from accounts.actors import Actor
from accounts.audit import differences, record
from kpis.actions.changing import announce, lock_definitions, refuse_archived
from kpis.actions.permissions import require_change_annotation, require_edit
from kpis.models import Annotation, Kpi

FIELDS: Final = frozenset({"on", "text", "is_process_change"})


def annotate_kpi(
    actor: Actor, kpi: Kpi, *, now: dt.datetime, on: dt.date, text: str, is_process_change: bool = False
) -> Annotation:
    """Note what happened on a date; a process change begins the baseline of the limits anew."""
    require_edit(actor, kpi)
    lock_definitions()
    refuse_archived(kpi)
    annotation = Annotation(kpi=kpi, on=on, is_process_change=is_process_change, member=actor.member, created_at=now)
    annotation.text = _one_line(text)
    _refuse_malformed(annotation)
    annotation.save(force_insert=True)
    changes = {name: (None, value) for name, value in _told(annotation).items() if value}
    record(actor, "kpi.annotated", kpi, now=now, changes=changes)
    announce([], now=now)
    return annotation


def update_annotation(actor: Actor, annotation: Annotation, *, now: dt.datetime, **changed: Any) -> Annotation:
    """Reword a note, or put it on another date; ``changed`` holds those of ``FIELDS`` to assign."""
    if unknown := changed.keys() - FIELDS:
        raise TypeError(f"A note has no field called {', '.join(sorted(unknown))}.")
    require_change_annotation(actor, annotation)
    lock_definitions()
    kpi = annotation.kpi
    refuse_archived(kpi)
    if "text" in changed:
        changed["text"] = _one_line(changed["text"])
    changes = differences(annotation, changed)
    if not changes:
        return annotation
    before = _told(annotation)
    for name in changes:
        setattr(annotation, name, changed[name])
    _refuse_malformed(annotation)
    annotation.save(update_fields=list(changes))
    after = _told(annotation)
    record(actor, "kpi.annotation_changed", kpi, now=now, changes={name: (before[name], after[name]) for name in after})
    announce([], now=now)
    return annotation


def remove_annotation(actor: Actor, annotation: Annotation, *, now: dt.datetime) -> None:
    """Take a note away; the audit log keeps what it said."""
    require_change_annotation(actor, annotation)
    lock_definitions()
    refuse_archived(annotation.kpi)
    changes = {name: (value, None) for name, value in _told(annotation).items() if value}
    record(actor, "kpi.annotation_removed", annotation.kpi, now=now, changes=changes)
    annotation.delete()
    announce([], now=now)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _refuse_malformed(annotation: Annotation) -> None:
    annotation.clean_fields(exclude=["organization", "kpi", "member"])


def _told(annotation: Annotation) -> dict[str, object]:
    """A note in the audit log."""
    return {"date": annotation.on, "note": annotation.text, "process changed": annotation.is_process_change}
