"""What the log of `make run` says of a refused request: one short line, for nobody has to act."""

import logging
from collections.abc import MutableMapping
from typing import Any

LONGEST = 160


def in_one_line(_logger: Any, _level: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Leave out the way a refusal took through the code, and the end of an address that is too long to read.

    A processor of structlog's. What failed, rather than was refused, keeps its traceback.
    """
    record: logging.LogRecord = event["_record"]
    if not event["_from_structlog"] and _is_refusal(record):
        event.pop("exc_info", None)
        event["event"] = _cut(str(event["event"]))
    return event


def _is_refusal(record: logging.LogRecord) -> bool:
    """Suspicious requests, such as one for another host, are refused like others, though as errors."""
    return record.name.startswith("django.security") or (
        record.name.startswith("django.request") and record.levelno < logging.ERROR
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
