"""The API's addresses: version 1, its description, and the page on that."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularSwaggerSplitView

from accounts.api.unknown import UnknownViewSet


@cache
def described() -> dict[str, Any]:
    """The OpenAPI description; the same as long as the process lives."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return schema


@cache
def as_yaml() -> bytes:
    return OpenApiYamlRenderer().render(described(), renderer_context={})  # type: ignore[no-any-return, no-untyped-call]


@cache
def as_json() -> bytes:
    return OpenApiJsonRenderer().render(described(), renderer_context={})


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1 as JSON, or as YAML with ``?format=yaml``."""
    if request.GET.get("format") == "yaml":
        return HttpResponse(as_yaml(), content_type="application/yaml; charset=utf-8")
    return HttpResponse(as_json(), content_type="application/json")


anything: dict[str, Any] = dict.fromkeys(("get", "post", "put", "patch", "delete"), "unknown")

urlpatterns = [
    path("schema/", schema, name="api-schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    path("v1/", include("accounts.api.urls")),
    path("v1/", include("kpis.api.urls")),
    path("v1/", include("okrs.api.urls")),
    re_path(r"^v1/", UnknownViewSet.as_view(anything)),
]
