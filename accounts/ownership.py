"""What members and departments own, told by the apps that know: who leaves hands it on.

The apps above ``accounts`` cannot be imported from here, so each registers its kinds of belongings in
``AppConfig.ready``:

    register(Belongings("KPI", "KPIs", count=count_kpis, transfer=transfer_kpis))
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from accounts.actors import Actor
from accounts.models import Department, Member

Owner = Member | Department


class Transfer(Protocol):
    """Give everything that ``owner`` owns to ``successor``, who is of the same kind, with audit entries."""

    def __call__(self, owner: Owner, successor: Owner, *, actor: Actor, now: dt.datetime) -> None: ...


@dataclass(frozen=True)
class Belongings:
    """One kind of thing that can be owned: its name for one and for many, how many there are, how to hand them on."""

    singular: str
    plural: str
    count: Callable[[Owner], int]
    transfer: Transfer

    def counted(self, number: int) -> str:
        return f"{number} {self.singular if number == 1 else self.plural}"


_registered: dict[str, Belongings] = {}


def register(belongings: Belongings) -> None:
    """Make a kind of belongings known; the same name again replaces the former."""
    _registered[belongings.singular] = belongings


def owned_by(owner: Owner) -> list[str]:
    """What somebody owns, in words, such as ``["3 KPIs", "1 department led"]``; empty if nothing."""
    counts = ((kind, kind.count(owner)) for kind in _registered.values())
    return [kind.counted(number) for kind, number in counts if number]


def transfer(owner: Owner, successor: Owner, *, actor: Actor, now: dt.datetime) -> None:
    """Hand on everything that ``owner`` owns."""
    for kind in _registered.values():
        kind.transfer(owner, successor, actor=actor, now=now)
