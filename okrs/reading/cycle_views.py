"""How a cycle stands on a day, with all its objectives."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import cached_property

from okrs.following.readings import span_of
from okrs.models import Cycle
from okrs.reading.rollup import RollUp
from okrs.reading.views import KeyResultView, ObjectiveView, judged_on


@dataclass(frozen=True, eq=False)
class CycleView:
    """A cycle on a day: its objectives in order, those that are aligned to another one of it beneath that."""

    cycle: Cycle
    day: dt.date
    objectives: list[ObjectiveView]

    @cached_property
    def on(self) -> dt.date:
        return judged_on(self.cycle, self.day)

    @property
    def expected(self) -> float:
        """The share of its days that have passed."""
        return span_of(self.cycle).elapsed(self.on)

    @cached_property
    def by_id(self) -> Mapping[UUID, ObjectiveView]:
        return {view.id: view for view in self.objectives}

    @cached_property
    def tops(self) -> list[ObjectiveView]:
        """Those that are aligned to none of this cycle."""
        beneath = {child.id for view in self.objectives for child in view.aligned}
        return [view for view in self.objectives if view.id not in beneath]

    @property
    def key_results(self) -> list[KeyResultView]:
        return [one for view in self.objectives for one in view.key_results]

    @cached_property
    def counts(self) -> Counter[str]:
        """How many of its objectives are in each status."""
        return Counter(view.status for view in self.objectives)

    @cached_property
    def progress(self) -> float:
        """The weighted mean of the objectives at the top that have anything to average."""
        judged = [view for view in self.tops if view.status != "no_data"]
        weight = sum(view.objective.weight for view in judged)
        return sum(view.progress * view.objective.weight for view in judged) / weight if weight else 0.0


@dataclass(frozen=True, eq=False)
class Overview(CycleView):
    """A cycle whose objectives were rolled up together."""

    rollup: RollUp
