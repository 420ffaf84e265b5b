"""Whatever else is asked for below ``/api/v1/``."""

from typing import Any

from django.http import HttpResponse
from django.urls import resolve
from rest_framework.exceptions import NotFound

from accounts.api.viewsets import ApiViewSet


class UnknownViewSet(ApiViewSet):
    """404 as a problem, to anybody, with a hint where only the slash at the end is missing."""

    schema = None  # type: ignore[assignment]

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        path = request.path_info
        hint = f" Add the slash at the end: {path}/" if _is_known(f"{path}/") else ""
        raise NotFound(f"There is nothing at {path[:200]}.{hint}")

    def unknown(self, request: Any) -> HttpResponse:
        """Never reached; a view set wants an action by every method."""
        raise NotFound


def _is_known(path: str) -> bool:
    return getattr(resolve(path).func, "cls", None) is not UnknownViewSet
