"""Whether a KPI is specific, measurable, achievable, relevant and time-bound, and whether something is done. Pure.

After Doran, "There's a S.M.A.R.T. way to write management's goals and objectives" (Management Review, 1981), with
"achievable" and "relevant" in the sense they have today. ``criteria`` are about the definition as it stands;
``warnings_about`` may concern a KPI that meets them all. ``facts`` is what both are told, ``vague`` judges names,
``beyond`` targets.
"""

from kpis.smart.criteria import Criterion, SmartShown, as_shown, criteria
from kpis.smart.facts import SmartFacts
from kpis.smart.vague import why_vague
from kpis.smart.warnings import SmartWarning, warnings_about

__all__ = [
    "Criterion",
    "SmartFacts",
    "SmartShown",
    "SmartWarning",
    "as_shown",
    "criteria",
    "warnings_about",
    "why_vague",
]
