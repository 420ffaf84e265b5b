"""Dates in URLs."""

import datetime as dt


class DateConverter:
    """``2026-11-22``; what is no date is a URL that does not exist."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, text: str) -> dt.date:
        return dt.date.fromisoformat(text)

    def to_url(self, date: dt.date) -> str:
        return date.isoformat()
