"""Which links a roll-up can be computed from."""

from __future__ import annotations

import math
from collections.abc import Iterator

from kpis.engine.definitions import Kpi, Link, Rollup, Source
from kpis.engine.refusals import Refusal


def link_refusals(link: Link, parent: Kpi, child: Kpi, weigher: Kpi | None = None) -> list[Refusal]:
    """Everything wrong with `link`; `weigher` is the KPI it is weighted by, if any. Cycles are `cycles.find_cycle`'s.

    Units, frequencies and contributions only matter where the parent is computed from its children: any KPI may have
    children in the ladder.
    """
    refusals = list(_always(link, parent))
    if parent.source is Source.ROLLUP:
        refusals += _of_roll_up(link, parent, child)
        refusals += _of_weigher(parent, weigher)
    return refusals


def warns_of_plain_mean(parent: Kpi, child: Kpi) -> bool:
    """Whether the link averages shares without weighing them, which is rarely what is meant (use a weighted mean)."""
    return parent.rollup is Rollup.MEAN and child.unit in ("percent", "ratio")


def _always(link: Link, parent: Kpi) -> Iterator[Refusal]:
    if not (math.isfinite(link.weight) and link.weight > 0):
        yield Refusal("weight", "weight", f"A weight is a number above 0, not {link.weight:g}.")
    if link.contribution not in (1, -1):
        yield Refusal(
            "contribution", "contribution", f"A contribution is 1 (adds) or -1 (subtracts), not {link.contribution}."
        )
    if link.contribution == -1 and parent.source is Source.ROLLUP and parent.rollup is not Rollup.SUM:
        yield Refusal(
            "contribution",
            "contribution",
            f"“{parent.key}” rolls up as {_words(parent)}; only a sum can subtract a child. Use contribution 1.",
        )
    if link.valid_from and link.valid_to and link.valid_to < link.valid_from:
        yield Refusal(
            "validity", "valid_to", f"The link ends on {link.valid_to}, before it begins on {link.valid_from}."
        )


def _of_roll_up(link: Link, parent: Kpi, child: Kpi) -> Iterator[Refusal]:
    if child.unit != parent.unit:
        yield Refusal(
            "unit_mismatch",
            "unit",
            f"“{child.key}” is in {child.unit} and “{parent.key}” in {parent.unit}; a roll-up needs one unit.",
        )
    if child.frequency.is_coarser_than(parent.frequency):
        yield Refusal(
            "child_coarser",
            "frequency",
            f"“{child.key}” is {child.frequency} and “{parent.key}” {parent.frequency}; a child cannot be coarser.",
        )


def _of_weigher(parent: Kpi, weigher: Kpi | None) -> Iterator[Refusal]:
    if weigher is None:
        return
    if parent.rollup is not Rollup.WEIGHTED_MEAN:
        yield Refusal(
            "weight_by", "weight_by", f"“{parent.key}” is not a weighted mean, so nothing weighs its children."
        )
    if weigher.frequency.is_coarser_than(parent.frequency):
        yield Refusal(
            "weigher_coarser",
            "weight_by",
            f"“{weigher.key}” is {weigher.frequency}, “{parent.key}” {parent.frequency}; a weight cannot be coarser.",
        )


def _words(parent: Kpi) -> str:
    return str(parent.rollup).replace("_", " ")
