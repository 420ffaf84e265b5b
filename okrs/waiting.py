"""What waits for somebody: check-ins on key results, and the values of KPIs."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Member, Organization, Role
from kpis.awaiting import awaiting
from kpis.engine.cadence import reminded_of
from kpis.tree import Node
from okrs.models import KeyResult
from okrs.mornings import WORKING
from okrs.reading import KeyResultView, load_key_results

SECONDS_EACH = 45


@dataclass(frozen=True)
class Waiting:
    """``check_ins`` are owed, or due before the next working day, the longest overdue first; ``values`` of KPIs are
    awaited. ``words`` are key results that data moves: nobody owes anything there, but how sure their owner is was last
    said longer ago than their cadence asks for. ``next_due`` is when something is due that is not yet.
    """

    check_ins: list[KeyResultView]
    values: list[Node]
    words: list[KeyResultView]
    next_due: dt.date | None

    @property
    def owed(self) -> int:
        return len(self.check_ins) + len(self.values)

    @property
    def minutes(self) -> int:
        """About how long it takes, in whole minutes."""
        return -(-self.owed * SECONDS_EACH // 60)

    @property
    def in_words(self) -> str:
        """As in "2 check-ins and 1 value, about 3 minutes"."""
        counted = [(len(self.check_ins), "check-in"), (len(self.values), "value")]
        told = " and ".join(f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in counted if count)
        return f"{told}, about {self.minutes} {'minute' if self.minutes == 1 else 'minutes'}" if told else ""


def load_waiting(organization: Organization, member: Member, nodes: Iterable[Node], today: dt.date) -> Waiting:
    """What waits for a member; of ``nodes`` those are looked at that they own. Viewers are asked for nothing."""
    if not member.has_role(Role.CONTRIBUTOR):
        return Waiting([], [], [], None)
    own = KeyResult.objects.in_active_cycles().owned_by(member).filter(objective__cycle__starts_on__lte=today)
    views = load_key_results(organization, list(own.values_list("pk", flat=True)), today)
    mine = [node for node in nodes if node.owner_id == member.pk and not node.is_metric]
    _, soon = reminded_of(today, WORKING)
    dues = [view.next_due for view in views] + [node.standing.expected_on for node in mine if node.is_measured]
    return Waiting(
        check_ins=sorted((view for view in views if view.is_owed_by(soon)), key=_due),
        values=awaiting(mine, today),
        words=[view for view in views if view.key_result.is_linked and view.owing.since(today)],
        next_due=min((due for due in dues if due and due > today), default=None),
    )


def _due(view: KeyResultView) -> dt.date:
    return view.owed_since or view.next_due or view.day
