"""Adding existing KPIs to what feeds one."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, member_required
from accounts.actors import Actor
from accounts.errors import ConflictError
from accounts.forms.refusals import posted
from accounts.models import Role
from kpis import words
from kpis.actions.links import add_children, misfit
from kpis.actions.permissions import may_define
from kpis.calendars import calendar_of
from kpis.engine.periods import Frequency
from kpis.forms.children import ChildrenForm
from kpis.forms.parents import FROM_PERIOD, RESTATE, WhenForm
from kpis.models import Kpi
from kpis.presenting.doubles import DoubleCounts
from kpis.tree import Forest, load_forest
from kpis.views.fetching import edited_kpi_or_404

# So many of those that do not fit are named.
MISFITS = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """A KPI that could feed this one: whose it is and what it feeds already, or why it does not fit."""

    id: str
    name: str
    note: str
    problem: str


@require_http_methods(["GET", "POST"])
@member_required(Role.CONTRIBUTOR)
def kpi_children(request: MemberRequest, key: str) -> HttpResponse:
    """Choose among the KPIs there are, and from which period on they count."""
    kpi, now = edited_kpi_or_404(request.actor, key), timezone.now()
    today = request.organization.today(now)
    forest, known = load_forest(request.organization, on=today), _known(request.actor, kpi)
    data = posted(request)
    form = ChildrenForm(data, parent=kpi, known=known)
    when = WhenForm(data, initial=_when(request, kpi, forest, today))
    if data is not None and _saved(request.actor, kpi, form, when, now):
        return _told(request, kpi, form, forest, today)
    candidates = list(_candidates(kpi, known, forest))
    misfits = [each for each in candidates if each.problem]
    context = {
        "kpi": kpi,
        "form": form,
        "when": when,
        "candidates": [each for each in candidates if not each.problem],
        "misfits": misfits[:MISFITS],
        "further_misfits": len(misfits[MISFITS:]),
        "how_fed": words.source_words(kpi.source, kpi.aggregation, kpi.rollup, kpi.frequency),
        "may_define": may_define(request.actor),
    }
    return render(request, "kpis/children.html", context, status=200 if data is None else 422)


def _known(actor: Actor, kpi: Kpi) -> dict[str, Kpi]:
    """What the actor may change and so let ladder up, by id: of a contributor, what they own."""
    rows = Kpi.objects.active().exclude(pk=kpi.pk).select_related("weight_by").order_by("name", "id")
    if not may_define(actor) and actor.member:
        rows = rows.owned_by(actor.member)
    return {str(row.pk): row for row in rows}


def _saved(actor: Actor, kpi: Kpi, form: ChildrenForm, when: WhenForm, now: dt.datetime) -> bool:
    """Whether the links are stored; otherwise the forms say what is wrong."""
    if not all([form.is_valid(), when.is_valid()]):  # both are asked, so that everything that is wrong is said
        return False
    try:
        add_children(actor, kpi, form.chosen, now=now, since=when.takes_effect, **form.counting)
    except ValidationError as refused:
        form.show_refusals(refused.error_dict["children"])
    except ConflictError as refused:
        form.add_error("children", str(refused))
    else:
        return True
    return False


def _told(request: MemberRequest, kpi: Kpi, form: ChildrenForm, forest: Forest, today: dt.date) -> HttpResponse:
    names = [child.name for child in form.chosen]
    who = f"“{names[0]}” feeds" if len(names) == 1 else f"{len(names)} more KPIs feed"
    messages.success(request, f"{who} “{kpi.name}”. Values and scores follow in a moment.")
    node = forest.nodes.get(kpi.pk)
    for sentence in DoubleCounts(forest, since=today).within(node) if node else []:
        messages.warning(request, sentence)
    return redirect(f"{kpi.url_in(request.organization)}#fed-by")


def _candidates(kpi: Kpi, known: Mapping[str, Kpi], forest: Forest) -> Iterator[Candidate]:
    """All but what feeds it already, directly, and what it feeds itself."""
    node = forest.nodes.get(kpi.pk)
    beside = [*forest.children(node), *forest.ancestors(node)] if node else []
    left_out = {each.id for each in beside}
    for pk, child in known.items():
        own = forest.nodes.get(child.pk)
        if own is not None and child.pk not in left_out:
            above = ", ".join(parent.name for parent in forest.parents(own))
            notes = (own.department, f"feeds {above}" if above else "")
            yield Candidate(pk, child.name, " · ".join(filter(None, notes)), misfit(kpi, child))


def _when(request: MemberRequest, kpi: Kpi, forest: Forest, today: dt.date) -> dict[str, object]:
    """What joins others counts from the running period on; the first ones always."""
    calendar, frequency = calendar_of(request.organization), Frequency(kpi.frequency)
    node = forest.nodes.get(kpi.pk)
    is_first = node is None or not forest.links_down(node)
    since = calendar.first_date(frequency, calendar.ordinal(frequency, today))
    return {"when": RESTATE if is_first else FROM_PERIOD, "since": since}
