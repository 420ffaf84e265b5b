"""Who changed what, for admins."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_required
from accounts.models import AuditEntry, Role
from accounts.sentences import noun_of, told

PER_PAGE = 50


@require_GET
@member_required(Role.ADMIN)
def audit_log(request: MemberRequest) -> HttpResponse:
    text, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    entries = AuditEntry.objects.about(text, kind).select_related("member__user", "token").latest_first()
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [told(entry) for entry in page],
        "q": text,
        "kind": kind,
        "kinds": [(kind, noun_of(kind)) for kind in AuditEntry.objects.kinds()],
    }
    return render(request, "accounts/audit_log.html", context)
