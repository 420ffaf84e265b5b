"""The closed vocabularies of objectives and key results."""

from typing import Final

from django.db import models


class CycleLength(models.TextChoices):
    QUARTER = "quarter", "Quarter"
    HALF = "half", "Half-year"
    YEAR = "year", "Year"
    CUSTOM = "custom", "Own dates"


class CycleState(models.TextChoices):
    PLANNING = "planning", "Planning"
    ACTIVE = "active", "Active"
    CLOSED = "closed", "Closed"


class ObjectiveKind(models.TextChoices):
    COMMITTED = "committed", "Committed"
    ASPIRATIONAL = "aspirational", "Aspirational"


class ProgressFrom(models.TextChoices):
    KEY_RESULTS = "key_results", "Its key results"
    CHILDREN = "children", "The objectives aligned to it"
    BOTH = "both", "Both together"


class KeyResultKind(models.TextChoices):
    METRIC = "metric", "From a start to a target"
    AT_LEAST = "at_least", "Keep at least"
    AT_MOST = "at_most", "Keep at most"
    BETWEEN = "between", "Keep between"
    MILESTONES = "milestones", "Milestones"


# Where something is to be kept within bounds, check-in for check-in.
KEEP_KINDS: Final = frozenset({KeyResultKind.AT_LEAST, KeyResultKind.AT_MOST, KeyResultKind.BETWEEN})


class Reads(models.TextChoices):
    LAST_COMPLETE = "last_complete", "The last complete period"
    LATEST = "latest", "The latest value"
    CYCLE_TO_DATE = "cycle_to_date", "The sum since the cycle began"


class Cadence(models.TextChoices):
    WEEKLY = "weekly", "Every week"
    BIWEEKLY = "biweekly", "Every two weeks"
    MONTHLY = "monthly", "Every month"
    QUARTERLY = "quarterly", "Every quarter"


class Confidence(models.TextChoices):
    ON_TRACK = "on_track", "On track"
    AT_RISK = "at_risk", "At risk"
    OFF_TRACK = "off_track", "Off track"


class InitiativeState(models.TextChoices):
    PLANNED = "planned", "Planned"
    DOING = "doing", "Under way"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"
