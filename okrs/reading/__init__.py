"""Objectives and key results as they stand on a day: now, or as it was known at a past instant.

``load_cycle`` for a whole cycle, ``load_overview`` for the same at a glance, ``load_objectives`` for some with what is
beneath them, and where asked above, ``load_objective`` and ``load_key_result`` for one, ``load_key_results`` for any
list of key results by themselves, ``load_owed`` for what somebody owes. Each takes a constant number of statements.
"""

from okrs.reading.courses import Course
from okrs.reading.cycle_views import CycleView, Overview
from okrs.reading.loading import (
    NotThereYetError,
    load_cycle,
    load_key_result,
    load_key_results,
    load_objective,
    load_objectives,
    load_overview,
    load_owed,
)
from okrs.reading.rollup import RollUp
from okrs.reading.views import KeyResultView, ObjectiveView

__all__ = [
    "Course",
    "CycleView",
    "KeyResultView",
    "NotThereYetError",
    "ObjectiveView",
    "Overview",
    "RollUp",
    "load_cycle",
    "load_key_result",
    "load_key_results",
    "load_objective",
    "load_objectives",
    "load_overview",
    "load_owed",
]
