"""Waiting for what other processes do."""

import time
from collections.abc import Callable


def eventually(condition: Callable[[], object], seconds: float = 30) -> bool:
    """Whether the condition comes true in time; generous, because the machine may be busy."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
