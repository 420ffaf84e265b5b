"""The series of a formula before it is stored."""

import datetime as dt
from typing import Final
from uuid import UUID

from accounts.models import Organization
from kpis.compute.drafts import DraftPoint, draft_series
from kpis.engine.definitions import Kpi, Source
from kpis.engine.formula.syntax import Expression
from kpis.engine.periods import Frequency

# Of a KPI that is not made yet; no row has this id.
NEW: Final = UUID(int=0)


def preview_formula(
    organization: Organization,
    expression: Expression,
    *,
    frequency: Frequency,
    periods: int,
    today: dt.date,
    kpi_id: UUID = NEW,
    key: str = "",
) -> list[DraftPoint]:
    """The last ``periods`` of a formula whose names are the organization's, for the KPI ``kpi_id`` or a new one.

    Bit for bit what will be stored once it is saved. Raises CycleError where the formula would depend on itself.
    """
    draft = Kpi(id=kpi_id, key=key, frequency=frequency, source=Source.FORMULA, formula=expression)
    return draft_series(organization, draft, periods=periods, today=today)
