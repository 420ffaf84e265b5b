"""The WSGI entry point: ``config.wsgi:application``."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# What the program itself consists of stays until it ends: once all of it is loaded, collecting garbage need not look
# through it again, which would take a tenth of a second in the middle of a page.
get_resolver().reverse_dict  # noqa: B018 - reads every address, and with that the modules behind it
gc.collect()
gc.freeze()
