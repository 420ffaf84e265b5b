"""Objectives that would serve themselves."""

from collections.abc import Iterator
from uuid import UUID

from okrs.models import Objective


def circle_through(objective: Objective, parent: Objective) -> list[str]:
    """The path from an objective back to itself that aligning it to ``parent`` would close, by titles; empty if none.

    A key result stands for its objective.
    """
    above = dict(_alignments())
    titles, path = [objective.title], {objective.pk}
    step: UUID | None = parent.pk
    while step is not None and step not in path:
        path.add(step)
        title, following = above[step]
        titles.append(title)
        step = following
    return [*titles, objective.title] if step == objective.pk else []


def _alignments() -> Iterator[tuple[UUID, tuple[str, UUID | None]]]:
    """Each objective with its title and the objective that it serves."""
    rows = Objective.objects.values_list("pk", "title", "parent_id", "parent_key_result__objective_id")
    for pk, title, parent, by_key_result in rows:
        yield pk, (title, parent or by_key_result)
