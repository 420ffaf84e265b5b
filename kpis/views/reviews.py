"""Marking a KPI as reviewed."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, member_required
from accounts.forms.refusals import refusals_shown_in
from accounts.models import Role
from kpis.actions.reviewing import review_kpi
from kpis.forms.reviews import ReviewForm
from kpis.views.fetching import edited_kpi_or_404
from kpis.views.followups import refused, saved
from kpis.words import day


@require_POST
@member_required(Role.CONTRIBUTOR)
def review_add(request: MemberRequest, key: str) -> HttpResponse:
    """Write a review down, without leaving the page."""
    kpi, now = edited_kpi_or_404(request.actor, key), timezone.now()
    form = ReviewForm(request.POST, today=request.organization.today(now))
    if form.is_valid():
        with refusals_shown_in(form):
            review = review_kpi(request.actor, kpi, now=now, **form.cleaned_data)
            return saved(request, kpi, "reviews", f"Reviewed on {day(review.held_on)}.")
    return refused(request, kpi, "reviews", review_form=form)
