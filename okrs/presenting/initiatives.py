"""The work from which a key result is expected to move, in words."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from accounts.actors import Actor
from kpis.words import day, late_words
from okrs.actions.permissions import may_edit_key_result, may_move
from okrs.models import Initiative
from okrs.models.choices import InitiativeState

MOVES: Final = {
    InitiativeState.PLANNED: (("doing", "Begin"), ("done", "Done")),
    InitiativeState.DOING: (("done", "Done"), ("dropped", "Drop")),
    InitiativeState.DONE: (("doing", "Reopen"),),
    InitiativeState.DROPPED: (("planned", "Take up again"),),
}


@dataclass(frozen=True, slots=True)
class Work:
    """One initiative; ``moves`` are (state, word) of what one can say of it next."""

    id: UUID
    key_result_id: UUID
    key_result: str
    title: str
    state: str
    state_word: str
    owner: str
    is_invited: bool
    due: str
    overdue: str
    is_over: bool
    moves: Sequence[tuple[str, str]]
    may_edit: bool


def work_of(rows: Iterable[Initiative], actor: Actor, today: dt.date, *, is_open: bool) -> list[Work]:
    """Initiatives in words, in their order; in a closed cycle nothing can be said of them any more."""
    return [_work(row, actor, today, is_open) for row in rows]


def _work(row: Initiative, actor: Actor, today: dt.date, is_open: bool) -> Work:
    state = InitiativeState(row.state)
    return Work(
        id=row.pk,
        key_result_id=row.key_result_id,
        key_result=row.key_result.title,
        title=row.title,
        state=row.state,
        state_word=state.label,
        owner=str(row.owner) if row.owner else "",
        is_invited=bool(row.owner and not row.owner.has_arrived),
        due=_due(row),
        overdue=late_words(row.days_overdue(today)),
        is_over=not row.is_unfinished,
        moves=MOVES[state] if is_open and may_move(actor, row) else (),
        may_edit=is_open and may_edit_key_result(actor, row.key_result),
    )


def _due(row: Initiative) -> str:
    if row.closed_on:
        return f"on {day(row.closed_on)}"
    return f"until {day(row.due_on)}" if row.due_on else ""
