"""Which lagging KPIs a leading one should move."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

from accounts.actors import Actor
from accounts.audit import record
from kpis.actions.changing import announce, lock_definitions, refuse_archived
from kpis.actions.permissions import require_edit
from kpis.actions.refusing import refuse_rows
from kpis.engine.refusals import Refusal
from kpis.models import Kpi, KpiInfluence
from kpis.models.choices import Indicator
from kpis.models.kpis import KpiQuerySet

MOST: Final = 50


def moved_by(kpi: Kpi) -> KpiQuerySet:
    """The KPIs that a leading one should move, in order."""
    return Kpi.objects.filter(pk__in=KpiInfluence.objects.filter(leading=kpi).values("lagging_id")).in_order()


def moving(kpi: Kpi) -> KpiQuerySet:
    """The leading KPIs that should move a lagging one, in order."""
    return Kpi.objects.filter(pk__in=KpiInfluence.objects.filter(lagging=kpi).values("leading_id")).in_order()


def set_influences(actor: Actor, kpi: Kpi, lagging: Sequence[Kpi], *, now: dt.datetime) -> list[Kpi]:
    """Make ``lagging`` the whole list of what the leading KPI should move."""
    require_edit(actor, kpi)
    lock_definitions()
    refuse_archived(kpi)
    before = list(moved_by(kpi))
    refuse_rows("influences", _refusals(Kpi.objects.get(pk=kpi.pk), lagging, before))
    wanted, known = {other.pk for other in lagging}, {other.pk for other in before}
    if wanted != known:
        KpiInfluence.objects.filter(leading=kpi, lagging_id__in=known - wanted).delete()
        for other in lagging:
            if other.pk not in known:
                KpiInfluence.objects.create(leading=kpi, lagging=other)
        changes = {"moves": ([other.key for other in before], [other.key for other in lagging])}
        record(actor, "kpi.influences_set", kpi, now=now, changes=changes)
        announce([], now=now)
    return list(moved_by(kpi))


def _refusals(kpi: Kpi, lagging: Sequence[Kpi], before: Sequence[Kpi]) -> Iterator[Refusal]:
    if lagging and kpi.indicator != Indicator.LEADING:
        detail = f"Only a leading KPI names what it should move; “{kpi.name}” is lagging. Make it leading first."
        yield Refusal("not_leading", "", detail, None)
        return
    if len(lagging) > MOST:
        yield Refusal("too_many", "", f"Name at most {MOST}; what moves everything explains nothing.", None)
        return
    for index, other in enumerate(lagging):
        if other.pk in {earlier.pk for earlier in lagging[:index]}:
            yield Refusal("repeated", "kpi", f"“{other.name}” is there twice; name it once.", index)
        for code, detail in _unfit(kpi, other, is_new=other not in before):
            yield Refusal(code, "kpi", detail, index)


def _unfit(kpi: Kpi, other: Kpi, *, is_new: bool) -> Iterator[tuple[str, str]]:
    if other.pk == kpi.pk:
        yield "itself", "A KPI cannot move itself; name another."
    elif other.indicator != Indicator.LAGGING:
        yield "not_lagging", f"“{other.name}” is leading itself; name the lagging KPI that follows."
    elif other.archived_at and is_new:
        yield "archived", f"“{other.name}” is archived; name one in use."
