"""Notes on the dates of a KPI."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import MemberRequest, member_required
from accounts.errors import ConflictError
from accounts.forms.merging import merged
from accounts.forms.refusals import posted, refusals_shown_in
from accounts.models import Role
from kpis.actions.annotating import annotate_kpi, remove_annotation, update_annotation
from kpis.actions.changing import lock_definitions
from kpis.actions.permissions import require_change_annotation
from kpis.forms.annotations import AnnotationForm
from kpis.models import Annotation, Kpi
from kpis.views.fetching import edited_kpi_or_404, kpi_or_404
from kpis.views.followups import refused, saved
from kpis.words import day


@require_POST
@member_required(Role.CONTRIBUTOR)
def annotation_add(request: MemberRequest, key: str) -> HttpResponse:
    """Note what happened, without leaving the page."""
    kpi = edited_kpi_or_404(request.actor, key)
    form = AnnotationForm(request.POST)
    if form.is_valid():
        with refusals_shown_in(form):
            note = annotate_kpi(request.actor, kpi, now=timezone.now(), **form.cleaned_data)
            return saved(request, kpi, "annotations", f"Noted on {day(note.on)}.", changed=note.pk)
    return refused(request, kpi, "annotations", annotation_form=form)


@require_http_methods(["GET", "POST"])
@member_required(Role.CONTRIBUTOR)
def annotation_edit(request: MemberRequest, key: str, annotation_id: UUID) -> HttpResponse:
    if request.method == "POST":
        lock_definitions()
    kpi = kpi_or_404(key)
    note = _annotation_or_404(kpi, annotation_id)
    require_change_annotation(request.actor, note)
    form = merged(partial(AnnotationForm, annotation=note), posted(request))
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            update_annotation(request.actor, note, now=timezone.now(), **form.cleaned_data)
            return saved(request, kpi, "annotations", f"The note on {day(note.on)} is saved.")
    context = {"kpi": kpi, "annotation": note, "form": form}
    return render(request, "kpis/annotation.html", context, status=422 if form.errors else 200)


@require_POST
@member_required(Role.CONTRIBUTOR)
def annotation_remove(request: MemberRequest, key: str, annotation_id: UUID) -> HttpResponse:
    kpi = kpi_or_404(key)
    note = _annotation_or_404(kpi, annotation_id)
    try:
        remove_annotation(request.actor, note, now=timezone.now())
    except ConflictError as refusal:
        messages.error(request, str(refusal))
        return redirect(kpi.url_in(request.organization))
    return saved(request, kpi, "annotations", f"Removed: “{note.text}”, on {day(note.on)}.")


def _annotation_or_404(kpi: Kpi, annotation_id: UUID) -> Annotation:
    note = Annotation.objects.filter(kpi=kpi, pk=annotation_id).first()
    if note is None:
        raise Http404("No such note.")
    note.kpi = kpi
    return note
