"""What if a number were another, on the stored scores: only what lies above it is loaded, and nothing is stored."""

import datetime as dt
from collections.abc import Sequence

from accounts.models import Organization
from kpis.compute.definitions import load_part
from kpis.compute.values import load_measurements, load_stored
from kpis.engine.incremental import Change
from kpis.engine.refusals import Refusal
from kpis.engine.what_if import MOST_CELLS, MOST_OVERRIDES, Effect, Override, WhatIf, override_refusals


class WhatIfRefusedError(ValueError):
    """What is wrong with the changes, each with the index of its change."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(" ".join(refusal.detail for refusal in refusals))
        self.refusals = refusals


def what_if(organization: Organization, changes: Sequence[Override], *, today: dt.date) -> list[Effect]:
    """Every value that would be another if these were, from the bottom up; KPIs are named by their ids.

    Raises WhatIfRefusedError, also for a KPI without data or one that does not exist.
    """
    above = [Change(change.kpi) for change in changes[:MOST_OVERRIDES]]
    part = load_part(organization, above, targets=False)
    if refusals := override_refusals(part.graph, changes, before=part.reach, today=today):
        raise WhatIfRefusedError(refusals)
    found = WhatIf.of(part.graph, changes, before=part.reach, today=today, beyond=part.beyond)
    if found.size > MOST_CELLS:
        raise WhatIfRefusedError([_TOO_MUCH])
    measurements = load_measurements(organization, part.graph, found.loads)
    return found.effects(measurements, load_stored(organization, part.graph, found.loads))


_TOO_MUCH = Refusal(
    "too_much",
    "changes",
    "So much lies above these, over so many periods, that it would take too long; change fewer values, or values in "
    "periods nearer to each other.",
)
