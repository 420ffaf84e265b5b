"""The milestones of a body, as the whole list of a key result's."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from okrs.actions.milestones import MilestoneSpec
from okrs.models import Milestone


def milestone_specs(
    given: Sequence[Mapping[str, Any]], stored: Sequence[Milestone], today: dt.date
) -> Iterator[MilestoneSpec]:
    """Each goes on with the stored one of its id, without an id with that of its title, and else is new.

    What is done keeps the day on which it was done, unless the body says another; else that is today.
    """
    by_id = {row.pk: row for row in stored}
    by_title: dict[str, list[Milestone]] = {}
    named = {one.get("id") for one in given}
    for row in stored:
        if row.pk not in named:
            by_title.setdefault(row.title, []).append(row)
    for one in given:
        alike = by_title.get(one["title"], [])
        before = by_id.get(one["id"]) if "id" in one else alike.pop(0) if alike else None
        id = before.pk if before else one.get("id")
        yield MilestoneSpec(one["title"], one.get("weight", 1.0), _done_on(one, before, today), id)


def _done_on(given: Mapping[str, Any], before: Milestone | None, today: dt.date) -> dt.date | None:
    if given.get("done_on"):
        return dt.date.fromisoformat(str(given["done_on"]))
    was = before.done_on if before else None
    is_done = given.get("done", was is not None and "done_on" not in given)
    return (was or today) if is_done else None
