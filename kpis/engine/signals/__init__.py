"""Process behaviour charts (XmR): what is ordinary variation, and what is a signal.

``limits`` computes what values vary by, ``rules`` marks the points that do not fit, ``seasonal`` takes a season out
first, ``charts`` does all of it for one KPI's page.
"""

from kpis.engine.signals.charts import Behaviour, behaviour
from kpis.engine.signals.limits import Limits, moving_ranges, process_limits
from kpis.engine.signals.rules import Rule, Side, Signal, Signals, signals
from kpis.engine.signals.seasonal import Adjusted, seasonally_adjusted

__all__ = [
    "Adjusted",
    "Behaviour",
    "Limits",
    "Rule",
    "Side",
    "Signal",
    "Signals",
    "behaviour",
    "moving_ranges",
    "process_limits",
    "seasonally_adjusted",
    "signals",
]
