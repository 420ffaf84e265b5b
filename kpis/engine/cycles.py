"""Finding a cycle among KPIs that depend on each other, through links and formulas together."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


class CycleError(ValueError):
    """KPIs that would depend on themselves; `path` starts and ends with the same KPI."""

    def __init__(self, path: list[str]) -> None:
        super().__init__(f"These KPIs would depend on themselves: {' -> '.join(path)}.")
        self.path = path


def find_cycle(edges: Iterable[tuple[Node, Node]]) -> list[Node] | None:
    """A cycle among `edges` (parent, operand) as the path that leads back to its start (`["mrr", "arpa", "mrr"]`).

    None if there is none. The search visits nodes in the order of `edges`; it is linear in their number and does not
    recurse, so a long chain is no danger.
    """
    operands: dict[Node, list[Node]] = {}
    for parent, operand in edges:
        operands.setdefault(parent, []).append(operand)
    finished: set[Node] = set()
    for start in operands:
        if start not in finished and (path := _search(start, operands, finished)):
            return path
    return None


def _search(start: Node, operands: dict[Node, list[Node]], finished: set[Node]) -> list[Node] | None:
    """Depth first from `start`; `path` is the chain being followed, `pending` what is left to try at each of it."""
    path: dict[Node, None] = {start: None}
    pending: list[Iterator[Node]] = [iter(operands[start])]
    while pending:
        following = next(pending[-1], None)
        if following is None:
            pending.pop()
            finished.add(path.popitem()[0])
        elif following in path:
            chain = list(path)
            return [*chain[chain.index(following) :], following]
        elif following not in finished:
            path[following] = None
            pending.append(iter(operands.get(following, ())))
    return None
