"""The Shapley value: what each player contributes to a game, fairly, so that the contributions add up to the whole.

A player's value is what it adds to those who came before it, averaged over every order in which they may come (L. S.
Shapley, "A Value for n-Person Games", in: Contributions to the Theory of Games II, 1953). Here players are operands,
and to come is to change from the value of the base period to that of the other.
"""

from __future__ import annotations

from functools import lru_cache
from math import factorial

import numpy as np
from numpy.typing import NDArray

from kpis.engine.values import Matrix

MOST_PLAYERS = 8


def coalitions(players: int) -> NDArray[np.bool_]:
    """(2^n, n) every set of players: row k holds the players whose bits are set in k."""
    return np.asarray((np.arange(1 << players)[:, None] >> np.arange(players)) & 1, dtype=bool)


def shapley(worth: Matrix) -> Matrix:
    """(games, n) the players' values; `worth` (games, 2^n) is what each of the `coalitions` achieves, in their order.

    They add up to what all achieve together minus what nobody does.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray((worth - worth[:, :1]) @ _weights(worth.shape[1].bit_length() - 1))


@lru_cache(maxsize=MOST_PLAYERS + 1)
def _weights(players: int) -> Matrix:
    """(2^n, n): how a coalition's worth counts for each player, positive for its members.

    A member came last to it in |S| - 1 other members' and n - |S| later ones' orders; who is outside came next.
    """
    members = coalitions(players)
    size = members.sum(axis=1)
    orders = [factorial(before) * factorial(players - 1 - before) / factorial(players) for before in range(players)]
    chance = np.array([*orders, 0.0])
    return np.asarray(np.where(members, chance[size - 1][:, None], -chance[size][:, None]))
