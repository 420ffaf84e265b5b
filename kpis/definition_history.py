"""What definitions were, version by version, and what each changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import Q

from kpis.actions.versioning import VERSIONED
from kpis.models import Kpi, KpiVersion
from kpis.models.versions import KpiVersionQuerySet


@dataclass(frozen=True, slots=True)
class Edition:
    """A version beside the definition it took the place of, None for the first."""

    version: KpiVersion
    before: Mapping[str, Any] | None

    @property
    def changed(self) -> list[str]:
        """The columns in which it differs from the one before; none in the first."""
        if self.before is None:
            return []
        before, after = self.before, self.version.definition
        return [name for name in VERSIONED if before.get(name) != after.get(name)]


def versions_of(kpi: Kpi) -> KpiVersionQuerySet:
    """All of them, with who made them, newest first."""
    return KpiVersion.objects.filter(kpi=kpi).select_related("member__user", "token").newest_first()


def editions(versions: Sequence[KpiVersion]) -> list[Edition]:
    """Versions of one KPI that follow each other, newest first, each with what was before: one query."""
    if not versions:
        return []
    oldest = versions[-1]
    is_earlier = Q(recorded_at__lt=oldest.recorded_at) | Q(recorded_at=oldest.recorded_at, pk__lt=oldest.pk)
    before = KpiVersion.objects.filter(is_earlier, kpi_id=oldest.kpi_id).newest_first().first()
    return [
        Edition(after, earlier.definition if earlier else None)
        for after, earlier in pairwise([*versions, before])
        if after
    ]
