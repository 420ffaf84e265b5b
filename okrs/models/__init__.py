"""The tables of ``okrs``, one concept per module."""

from okrs.models.check_ins import CheckIn, CheckInRevision
from okrs.models.cycles import Cycle, CycleRhythm
from okrs.models.initiatives import Initiative
from okrs.models.key_results import KeyResult, Milestone
from okrs.models.objectives import Objective
from okrs.models.records import ProgressRecord
from okrs.models.reminders import Reminder
from okrs.models.versions import CycleVersion, KeyResultVersion, ObjectiveVersion

__all__ = [
    "CheckIn",
    "CheckInRevision",
    "Cycle",
    "CycleRhythm",
    "CycleVersion",
    "Initiative",
    "KeyResult",
    "KeyResultVersion",
    "Milestone",
    "Objective",
    "ObjectiveVersion",
    "ProgressRecord",
    "Reminder",
]
