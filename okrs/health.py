"""Whether the objectives of a cycle hang together: what is not aligned, not measured, or too much. Pure.

Findings come in the order of what they are about: first each objective's, then departments', then those of owners.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

FindingKind: TypeAlias = Literal[
    "no_parent",
    "no_key_results",
    "unsupported",
    "too_many_key_results",
    "no_objectives",
    "too_many_objectives",
]

MOST_OBJECTIVES: Final = 5  # per department, or per person
MOST_KEY_RESULTS: Final = 5  # per objective


@dataclass(frozen=True, slots=True)
class ObjectiveFacts:
    """An objective of the cycle. ``parent`` is what it is aligned to, an objective or a key result, None: nothing.

    ``department`` None: it is the company's. ``averages_children``: its progress comes from what is aligned to it,
    alone or together with its key results. ``key_results`` are the ids of its key results.
    """

    id: Hashable
    title: str
    parent: Hashable | None = None
    department: Hashable | None = None
    owner: Hashable | None = None
    key_results: tuple[Hashable, ...] = ()
    averages_children: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """A department or a person, by id, with its name."""

    id: Hashable
    name: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend: what kind, about which objective, department or person, and how, as sentences."""

    kind: FindingKind
    subject: Hashable
    words: str


def alignment(
    objectives: Sequence[ObjectiveFacts], departments: Sequence[Unit] = (), people: Sequence[Unit] = ()
) -> list[Finding]:
    """What does not hang together among the objectives of one cycle.

    ``departments`` are those expected to have objectives; only they, and the ``people`` given, are named. A parent that
    is not among ``objectives`` (one of the year's, say) counts as a parent.
    """
    parents = {objective.parent for objective in objectives}
    found = [finding for objective in objectives for finding in _of_objective(objective, parents)]
    return [*found, *_of_departments(objectives, departments), *_of_people(objectives, people)]


def _of_objective(objective: ObjectiveFacts, parents: set[Hashable | None]) -> Iterator[Finding]:
    is_supported = objective.id in parents or any(id in parents for id in objective.key_results)
    if objective.parent is None and objective.department is not None:
        yield Finding(
            "no_parent",
            objective.id,
            f"“{objective.title}” supports no other objective. Align it to the one it helps to reach, or make it "
            "one of the company.",
        )
    if not objective.key_results and not (objective.averages_children and is_supported):
        yield Finding("no_key_results", objective.id, _without_key_results(objective))
    if objective.department is None and not is_supported:
        yield Finding(
            "unsupported",
            objective.id,
            f"Nobody supports “{objective.title}”. Ask the departments which of their objectives helps to reach it.",
        )
    if len(objective.key_results) > MOST_KEY_RESULTS:
        yield Finding(
            "too_many_key_results",
            objective.id,
            f"“{objective.title}” has {len(objective.key_results)} key results. Keep at most {MOST_KEY_RESULTS} that "
            "tell best whether it is reached; what is left is often a task or a KPI.",
        )


def _without_key_results(objective: ObjectiveFacts) -> str:
    if objective.averages_children:
        return (
            f"“{objective.title}” takes its progress from what is aligned to it, and nothing is. Align objectives to "
            "it, or give it key results."
        )
    return f"“{objective.title}” has no key result, so nobody can tell how far it is. Add two or three numbers to move."


def _of_departments(objectives: Sequence[ObjectiveFacts], departments: Sequence[Unit]) -> Iterator[Finding]:
    counts = Counter(objective.department for objective in objectives)
    for department in departments:
        if not counts[department.id]:
            yield Finding(
                "no_objectives",
                department.id,
                f"{department.name} has no objective in this cycle. Let it say what it will change for the company's.",
            )
    yield from _too_many(counts, departments)


def _of_people(objectives: Sequence[ObjectiveFacts], people: Sequence[Unit]) -> Iterator[Finding]:
    return _too_many(Counter(objective.owner for objective in objectives), people)


def _too_many(counts: Counter[Hashable | None], units: Iterable[Unit]) -> Iterator[Finding]:
    for unit in units:
        if counts[unit.id] > MOST_OBJECTIVES:
            yield Finding(
                "too_many_objectives",
                unit.id,
                f"{unit.name} has {counts[unit.id]} objectives in this cycle. Keep at most {MOST_OBJECTIVES}, those "
                "that matter most, and leave the others for a later one.",
            )
