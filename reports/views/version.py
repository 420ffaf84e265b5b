"""The stamp that pages poll."""

from django.http import HttpResponse, HttpResponseNotModified, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_required


@require_GET
@cache_control(private=True, no_cache=True)
@member_required()
def version(request: MemberRequest) -> HttpResponse:
    """The organization's version, which the look-up of the member has read already; 304 while it has not moved."""
    stamp = str(request.organization.version)
    etag = f'"{stamp}"'
    known = request.headers.get("If-None-Match", "").removeprefix("W/")
    response = HttpResponseNotModified() if known == etag else JsonResponse({"version": stamp})
    response["ETag"] = etag
    return response
