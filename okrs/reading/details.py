"""All that is read of one key result."""

from collections.abc import Callable, Sequence
from typing import NamedTuple
from uuid import UUID

from okrs.following.facts import Facts
from okrs.models import CheckIn, Milestone
from okrs.reading.history import History


class Details(NamedTuple):
    """As it was defined, stood and was spoken of; ``last_said`` gives its last check-in."""

    facts: Facts
    history: History
    last_said: Callable[[UUID], CheckIn | None]
    milestones: Sequence[Milestone] = ()
