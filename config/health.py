"""``/healthz`` and ``/readyz``, answered before all else: probes come without a host name and without a session."""

from collections.abc import Callable

import structlog
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse

logger = structlog.get_logger(__name__)


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = PROBES.get(request.path_info)
        return answer() if answer and request.method in ("GET", "HEAD") else self.get_response(request)


def healthz() -> HttpResponse:
    """200 while the process lives."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz() -> HttpResponse:
    """200 with a working database that has this release's tables, 503 otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        problem = "" if _tables_are_there() else "The database waits for “manage.py migrate”."
    except DatabaseError as error:
        logger.warning("not_ready", error=str(error))
        problem = "The database does not answer."
    text = problem or "ok"
    return HttpResponse(f"{text}\n", status=503 if problem else 200, content_type="text/plain; charset=utf-8")


_ready: set[str] = set()


def _tables_are_there() -> bool:
    """Asked until it is so once; tables do not go away again under a running process."""
    if not _ready:
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            _ready.add("migrated")
    return bool(_ready)


PROBES = {"/healthz": healthz, "/readyz": readyz}
