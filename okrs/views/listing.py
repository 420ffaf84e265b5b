"""A cycle with its objectives."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_required
from accounts.models import Role
from okrs.actions.permissions import may_lead
from okrs.forms.listing import ObjectiveListForm
from okrs.models import Cycle
from okrs.presenting.overview import CycleOverview, choices_of
from okrs.reading import load_overview


@require_GET
@member_required()
def objective_list(request: MemberRequest) -> HttpResponse:
    today = request.organization.today(timezone.now())
    cycles = list(Cycle.objects.newest_first())
    context: dict[str, Any] = {
        "may_lead": may_lead(request.actor),
        "may_set": request.member.has_role(Role.CONTRIBUTOR),
    }
    if not cycles:
        return render(request, "okrs/no_cycle.html", context)
    cycle = _chosen(request, cycles, today)
    form = ObjectiveListForm(request.GET.dict(), organization=request.organization, member=request.member)
    view = load_overview(request.organization, cycle, today)
    overview = CycleOverview(
        view, form, request.organization, request.member, today=today, page=request.GET.get("page")
    )
    address = request.path + overview.address(page=request.GET.get("page", ""))
    context |= {
        "overview": overview,
        "form": form,
        "cycle": cycle,
        "cycles": choices_of(cycles, cycle, today),
        "page": overview.page,
        "address": address,
    }
    response = render(request, "okrs/_list.html" if request.htmx else "okrs/list.html", context)
    if request.htmx:
        response["HX-Replace-Url"] = address  # without the filters that are not used
    return response


def _chosen(request: MemberRequest, cycles: list[Cycle], today: Any) -> Cycle:
    """The cycle that the address names, or the one a page opens with."""
    asked = request.GET.get("cycle", "")
    if not asked:
        return Cycle.objects.to_show(today) or cycles[0]
    try:
        wanted = UUID(asked)
    except ValueError:
        raise Http404("No such cycle.") from None
    found = next((cycle for cycle in cycles if cycle.pk == wanted), None)
    if found is None:
        raise Http404("No such cycle.")
    return found
