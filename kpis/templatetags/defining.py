"""What pages show of how well a KPI is defined."""

import datetime as dt
from typing import Any

from django import template

from kpis.models import Kpi
from kpis.presenting.smart import smart_check as checked

register = template.Library()


@register.inclusion_tag("kpis/_smart.html", takes_context=True)
def smart_check(context: template.Context, kpi: Kpi, today: dt.date, may_edit: bool) -> dict[str, Any]:
    """Show the SMART check of a KPI, with the way to its definition's history."""
    organization = context["organization"]
    check = checked(kpi, organization, today=today, may_edit=may_edit)
    return {"organization": organization, "kpi": kpi, "check": check}
