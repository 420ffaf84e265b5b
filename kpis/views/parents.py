"""What a KPI ladders up to."""

from __future__ import annotations

import datetime as dt
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, member_required
from accounts.actors import Actor
from accounts.errors import ConflictError
from accounts.forms.merging import merged
from accounts.forms.refusals import posted
from accounts.models import Role
from kpis import words
from kpis.actions.changing import lock_definitions
from kpis.actions.links import LinkSpec, links_of, moved, set_parents
from kpis.calendars import calendar_of
from kpis.engine.periods import Frequency
from kpis.forms.choices import kpi_choices
from kpis.forms.errors import show_row_refusals
from kpis.forms.parents import FROM_PERIOD, RESTATE, ParentForm, WhenForm, parent_forms
from kpis.forms.stored import parents_in_words
from kpis.models import Kpi, Score
from kpis.presenting.doubles import DoubleCounts
from kpis.tree import Forest, load_forest
from kpis.views.fetching import edited_kpi_or_404


@require_http_methods(["GET", "POST"])
@member_required(Role.CONTRIBUTOR)
def kpi_parents(request: MemberRequest, key: str) -> HttpResponse:
    """Add, change and end its links; a move asks from which period on it holds."""
    if request.method == "POST":
        lock_definitions()
    kpi, now = edited_kpi_or_404(request.actor, key), timezone.now()
    today = request.organization.today(now)
    known = [LinkSpec.of(row) for row in links_of(kpi)]
    current = [spec for spec in known if spec.valid_to is None or spec.valid_to >= today]
    data, forest = posted(request), load_forest(request.organization, on=today)
    rows = parent_forms(current, kpi_choices(without=_beneath(forest, kpi)), data)
    when = merged(partial(WhenForm, initial=_when(request, kpi, today)), data, parents=parents_in_words(known))
    if data is not None and _saved(request.actor, kpi, known, rows, when, now):
        messages.success(request, "Its place in the ladder is changed. Values and scores follow in a moment.")
        for sentence in DoubleCounts(forest, since=today).concerning(kpi.pk):
            messages.warning(request, sentence)
        return redirect(kpi.url_in(request.organization))
    history = [(spec.parent, words.validity(spec.valid_from, spec.valid_to)) for spec in known]
    advice = DoubleCounts(forest, since=today).concerning(kpi.pk)
    context = {"kpi": kpi, "rows": rows, "when": when, "history": history, "advice": advice}
    return render(request, "kpis/parents.html", context, status=200 if data is None else 422)


def _saved(
    actor: Actor,
    kpi: Kpi,
    known: list[LinkSpec],
    rows: BaseFormSet[ParentForm],
    when: WhenForm,
    now: dt.datetime,
) -> bool:
    """Whether the links are stored; otherwise the forms say what is wrong."""
    if not all([rows.is_valid(), when.is_valid()]):  # both are asked, so that everything that is wrong is said
        return False
    filled = [(form, spec) for form in rows.forms if (spec := form.spec())]
    wanted = moved(known, [spec for _, spec in filled], when.takes_effect)
    try:
        set_parents(actor, kpi, wanted, now=now)
    except ValidationError as refused:
        by_parent = {spec.parent.pk: form for form, spec in filled}
        shown = [by_parent.get(spec.parent.pk, rows.forms[0]) for spec in wanted]
        show_row_refusals(shown, when, refused.error_dict["parents"])
    except ConflictError as refused:
        when.add_error(None, str(refused))
    else:
        return True
    return False


def _beneath(forest: Forest, kpi: Kpi) -> set[UUID]:
    """What cannot be a parent: the KPI itself and what feeds it."""
    node = forest.nodes.get(kpi.pk)
    return {kpi.pk} | ({below.id for below in forest.descendants(node)} if node else set())


def _when(request: MemberRequest, kpi: Kpi, today: dt.date) -> dict[str, object]:
    """A move counts from the running period on; a first place in the ladder always."""
    calendar, frequency = calendar_of(request.organization), Frequency(kpi.frequency)
    is_first = not links_of(kpi) or not Score.objects.filter(kpi_id=kpi.pk, value__isnull=False).exists()
    since = calendar.first_date(frequency, calendar.ordinal(frequency, today))
    return {"when": RESTATE if is_first else FROM_PERIOD, "since": since}
