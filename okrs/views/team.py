"""The team's check-ins."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_required
from accounts.department_tree import DepartmentTree
from accounts.models import Member
from okrs.forms.team import EVERYBODY, LED, TeamForm
from okrs.models import KeyResult
from okrs.presenting.team import team as team_of
from okrs.reading import load_key_results


@require_GET
@member_required()
def team(request: MemberRequest) -> HttpResponse:
    """Who checked in and who did not, of a department, of the people the reader leads, or of everybody."""
    today = request.organization.today(timezone.now())
    tree = DepartmentTree()
    led = [row.pk for row in tree.all.values() if row.lead_id == request.member.pk]
    form = TeamForm(request.GET, leads=bool(led), departments=tree.choices())
    if not form.is_valid():
        raise Http404("There is no such department.")
    chosen = form.cleaned_data["department"] or (LED if led else EVERYBODY)
    form.initial["department"] = chosen
    rows = KeyResult.objects.in_active_cycles().filter(objective__cycle__starts_on__lte=today)
    if chosen != EVERYBODY:
        departments = [id for root in (led if chosen == LED else [UUID(chosen)]) for id in tree.within(root)]
        people = Member.objects.of_organization(request.organization.pk).filter(department__in=departments)
        members = list(people.values_list("pk", flat=True))
        rows = rows.filter(owner__in=members)
    views = load_key_results(request.organization, list(rows.values_list("pk", flat=True)), today)
    query = request.GET.urlencode()
    context = {
        "team": team_of(views, request.organization, today),
        "form": form,
        "chosen": chosen,
        "query": f"?{query}" if query else "",
    }
    return render(request, "okrs/_team.html" if request.htmx else "okrs/team.html", context)
