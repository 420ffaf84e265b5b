"""The project: settings, URLs, Celery, the embedded services, base templates and front-end sources."""

import gc

# What a program or a page makes is hardly ever circular, so looking for that can wait until there is much of it: a
# program starts a tenth sooner.
gc.set_threshold(50_000, 20, 20)

from config.celery import app as celery_app  # noqa: E402

__all__ = ["celery_app"]
