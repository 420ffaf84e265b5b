"""How many examples of a property are drawn by lot: all in continuous integration, a quarter of them at a desk.

`make test` chooses between the profiles of `tests/conftest.py`; who runs pytest by hand draws all.
"""

from typing import Any

from hypothesis import settings


def examples(number: int, **more: Any) -> settings:
    """The settings of a property that takes so many examples where Hypothesis by default takes 100."""
    return settings(max_examples=max(2, number * settings.default.max_examples // 100), **more)
