"""The closed vocabularies of a KPI's definition."""

import datetime as dt

from django.db import models


class Kind(models.TextChoices):
    KPI = "kpi", "KPI"
    METRIC = "metric", "Metric"


class Category(models.TextChoices):
    FINANCIAL = "financial", "Financial"
    CUSTOMER = "customer", "Customer"
    MARKETING = "marketing", "Marketing"
    SALES = "sales", "Sales"
    OPERATIONS = "operations", "Operations"
    PEOPLE = "people", "People"
    PRODUCT = "product", "Product"
    QUALITY = "quality", "Quality"
    COMPLIANCE = "compliance", "Compliance"
    OTHER = "other", "Other"


class Level(models.TextChoices):
    STRATEGIC = "strategic", "Strategic"
    OPERATIONAL = "operational", "Operational"


class Indicator(models.TextChoices):
    LEADING = "leading", "Leading"
    LAGGING = "lagging", "Lagging"


class Direction(models.TextChoices):
    INCREASE = "increase", "Higher is better"
    DECREASE = "decrease", "Lower is better"
    BETWEEN = "between", "Within a range"


class Frequency(models.TextChoices):
    DAILY = "daily", "Daily"
    WEEKLY = "weekly", "Weekly"
    MONTHLY = "monthly", "Monthly"
    QUARTERLY = "quarterly", "Quarterly"
    YEARLY = "yearly", "Yearly"


class Aggregation(models.TextChoices):
    SUM = "sum", "Sum"
    LAST = "last", "Last value"
    MEAN = "mean", "Mean"
    MIN = "min", "Lowest"
    MAX = "max", "Highest"


class Source(models.TextChoices):
    MEASURED = "measured", "Measured"
    ROLLUP = "rollup", "Rolled up from its children"
    FORMULA = "formula", "Computed by a formula"


class TargetPath(models.TextChoices):
    STEP = "step", "In steps"
    LINEAR = "linear", "In a straight line"


class PaceProfile(models.TextChoices):
    DAYS = "days", "Every day alike"
    LAST_YEAR = "last_year", "As a year before"


class ReviewCadence(models.TextChoices):
    WEEKLY = "weekly", "Every week"
    MONTHLY = "monthly", "Every month"
    QUARTERLY = "quarterly", "Every quarter"
    YEARLY = "yearly", "Every year"

    @property
    def days(self) -> int:
        """About how many days lie between two reviews."""
        return {"weekly": 7, "monthly": 31, "quarterly": 92, "yearly": 366}[self.value]

    def due_after(self, last: dt.date) -> dt.date:
        """When the next review is due after one, or after the KPI was made."""
        return last + dt.timedelta(days=self.days)


class Rollup(models.TextChoices):
    SUM = "sum", "Sum"
    MEAN = "mean", "Mean"
    WEIGHTED_MEAN = "weighted_mean", "Weighted mean"
    MIN = "min", "Lowest"
    MAX = "max", "Highest"


class Status(models.TextChoices):
    ON_TRACK = "on_track", "On track"
    AT_RISK = "at_risk", "At risk"
    OFF_TRACK = "off_track", "Off track"
    NO_DATA = "no_data", "No data"
    NO_TARGET = "no_target", "No target"
    INCOMPLETE = "incomplete", "Incomplete"
    LATE = "late", "Late"

    @classmethod
    def shown(cls, status: str | None, *, is_late: bool) -> str:
        """What a mark shows: late data says more than that there is none."""
        known = cls.NO_DATA if status is None else cls(status)
        return cls.LATE.value if is_late and known == cls.NO_DATA else known.value
