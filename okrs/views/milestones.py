"""Ticking milestones."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, member_required
from accounts.errors import ConflictError
from accounts.models import Role
from okrs.actions.milestones import mark_milestone
from okrs.models import Milestone
from okrs.views.answering import saved
from okrs.views.fetching import edited_key_result_or_404
from okrs.views.showing import show_key_result


@require_POST
@member_required(Role.CONTRIBUTOR)
def milestone_mark(request: MemberRequest, key_result_id: UUID, milestone_id: UUID) -> HttpResponse:
    """Say that a milestone is done, today, or that it is not."""
    key_result = edited_key_result_or_404(request.actor, key_result_id)
    milestone = Milestone.objects.filter(key_result=key_result, pk=milestone_id).first()
    if milestone is None:
        raise Http404("No such milestone.")
    is_done = request.POST.get("done") == "1"
    address = reverse("okrs:key-result", args=[request.organization.slug, key_result.pk]) + "#milestones"
    try:
        mark_milestone(request.actor, milestone, now=timezone.now(), done=is_done)
    except ConflictError as refused:
        messages.error(request, str(refused))
        return redirect(address)
    words = f"“{milestone.title}” is {'done' if is_done else 'to do again'}."
    return saved(request, lambda: show_key_result(request, key_result, changed=milestone.pk), words, address)
