"""Whether a formula could be saved: what it says, and that no KPI would depend on itself."""

from collections.abc import Mapping
from copy import copy
from dataclasses import replace

from django.core.exceptions import ValidationError

from kpis.actions.links import refuse_cycle_of
from kpis.formula_reading import Mistake, Reading, read_formula
from kpis.models import Kpi
from kpis.models.choices import Source


def check_formula(
    text: str, *, kpi: Kpi | None = None, frequency: str = "", offered: Mapping[str, Kpi] | None = None
) -> Reading:
    """Read a formula for a KPI that is stored, or for a new one; the ``frequency`` defaults to the stored one's.

    ``offered`` are KPIs that a new one's formula may name though they are not stored yet.
    """
    if kpi is None:
        return read_formula(text, frequency=frequency, offered=offered)
    reading = read_formula(text, key=kpi.key, frequency=frequency or kpi.frequency)
    if reading.mistakes:
        return reading
    draft = copy(kpi)
    draft.source, draft.formula = Source.FORMULA, text
    try:
        refuse_cycle_of(draft)
    except ValidationError as error:
        return replace(reading, mistakes=[Mistake("cycle", error.messages[0])])
    return reading
