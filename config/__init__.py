"""The project: settings, URLs, Celery, the embedded services, base templates and front-end sources."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
