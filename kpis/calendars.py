"""An organization's calendar, as the engine takes it."""

from accounts.models import Organization
from kpis.engine.periods import Calendar


def calendar_of(organization: Organization) -> Calendar:
    """Periods as the organization counts them."""
    return Calendar(fiscal_year_start=organization.fiscal_year_start, week_starts_on=organization.week_starts_on)
