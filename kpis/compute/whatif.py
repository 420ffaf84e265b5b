"""What if some KPIs had other values: what would move in the organization. Nothing is stored."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from accounts.models import Organization
from kpis.compute.definitions import load_part
from kpis.compute.values import load_measurements, load_stored
from kpis.engine.incremental import Change
from kpis.engine.refusals import Refusal
from kpis.engine.what_if import MOST_CELLS, Effect, Override, WhatIf, override_refusals

TOO_MUCH: Final = "That would move too many values at once; ask about fewer KPIs, or about later periods."


class RefusedError(Exception):
    """Changes that cannot be supposed; a refusal's index is that of its change, None for all of them together."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(" ".join(refusal.detail for refusal in refusals))
        self.refusals = refusals


def what_if(organization: Organization, changes: Sequence[Override], *, today: dt.date) -> list[Effect]:
    """What would move besides the changes themselves, what is computed from other things after these.

    Call it inside the organization. Raises RefusedError, naming every change that cannot be supposed.
    """
    part = load_part(organization, [Change(one.kpi) for one in changes])
    refusals = override_refusals(part.graph, changes, before=part.reach, today=today)
    if refusals:
        raise RefusedError(refusals)
    if not changes:
        return []
    asked = WhatIf.of(part.graph, changes, before=part.reach, today=today, beyond=part.beyond)
    if asked.size > MOST_CELLS:
        raise RefusedError([Refusal("too_much", "changes", TOO_MUCH)])
    measured = load_measurements(organization, part.graph, asked.loads)
    return asked.effects(measured, load_stored(organization, part.graph, asked.loads))
