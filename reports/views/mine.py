"""My ladder: each KPI somebody owns, and the way from it up to the company's."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, member_required
from accounts.models import Member, Role
from kpis.calendars import calendar_of
from kpis.entering import saved_words, waiting_words
from kpis.models import Kpi
from kpis.tree import Forest, Node, load_forest
from kpis.views.entering import is_recorded, with_message
from kpis.views.fetching import fed_kpi_or_404
from okrs.models import KeyResult
from reports.climbs import climbs
from reports.departments import Departments
from reports.entry import EntryForm, entry_forms, may_enter
from reports.figures import Teller
from reports.forms import MemberForm
from reports.goal_climbs import goal_climbs, moved_goals
from reports.ladder import tops

# So many KPIs of the department (or the company) stand in for those of somebody who owns none.
STAND_INS = 6


@require_GET
@member_required()
def my_ladder(request: MemberRequest) -> HttpResponse:
    """The reader's own, or for editors anybody's."""
    return _show(request, _whose(request))


@require_POST
@member_required(Role.CONTRIBUTOR)
def my_value(request: MemberRequest, key: str) -> HttpResponse:
    """Enter a value of a KPI where it stands on the ladder."""
    kpi, now = fed_kpi_or_404(request.actor, key), timezone.now()
    form = EntryForm(request.POST, kpi=kpi, today=request.organization.today(now))
    if not is_recorded(request, kpi, form, now=now):
        return _show(request, _whose(request), refused=form, status=422)
    said = _said(request, kpi, form)
    if request.htmx:
        return with_message(_show(request, _whose(request)), said)
    messages.success(request, said)
    query = request.GET.urlencode()
    return redirect(f"{_address(request)}?{query}" if query else _address(request))


def _said(request: MemberRequest, kpi: Kpi, form: EntryForm) -> str:
    """What was stored; where nothing changes on the ladder yet, when it will."""
    calendar, date = calendar_of(request.organization), form.cleaned_data["date"]
    saved = saved_words(kpi, calendar, date, form.cleaned_data["value"])
    return f"{saved} {waiting_words(kpi, calendar, date, form.today)}".strip()


def _show(
    request: MemberRequest, whose: Member, *, refused: EntryForm | None = None, status: int = 200
) -> HttpResponse:
    today = request.organization.today(timezone.now())
    forest, teller = load_forest(request.organization, on=today), Teller(request.organization, today)
    mine = [node for node in forest if node.owner_id == whose.pk]
    shown = Shown(mine) if mine else _stand_ins(request, forest, whose)
    enterable = [node for node in mine if may_enter(request.member, node)]
    query = request.GET.urlencode()
    is_mine = whose.pk == request.member.pk
    may_check_in = request.member.has_role(Role.EDITOR if not is_mine else Role.CONTRIBUTOR)
    goals = goal_climbs(request.organization, whose, forest, teller, may_check_in=may_check_in)
    context = {
        "goals": goals,
        "is_empty": not len(forest) and not goals,
        "whose": whose,
        "is_mine": is_mine,
        "owners": _owners(request, forest) if request.member.has_role(Role.EDITOR) else [],
        "climbs": climbs(
            forest,
            teller,
            shown.nodes,
            entry_forms(enterable, teller, refused),
            moved_goals(request.organization, forest, teller),
        ),
        "shown": shown,
        "has_kpis": bool(len(forest)),
        "may_edit": request.member.has_role(Role.EDITOR),
        "query": f"?{query}" if query else "",
    }
    template = "reports/_my_ladder.html" if request.htmx else "reports/my_ladder.html"
    return render(request, template, context, status=status)


def _address(request: MemberRequest) -> str:
    return reverse("reports:my-ladder", args=[request.organization.slug])


@dataclass(frozen=True, slots=True)
class Shown:
    """The KPIs a ladder begins with; for somebody who owns none, whose they are and whom to ask."""

    nodes: list[Node]
    stand_for: str = ""
    ask: str = ""


def _whose(request: MemberRequest) -> Member:
    form = MemberForm(request.GET)
    if not form.is_valid():
        raise Http404("There is no such member.")
    member_id: UUID | None = form.cleaned_data["member"]
    if member_id is None or member_id == request.member.pk:
        return request.member
    if not request.member.has_role(Role.EDITOR):
        raise PermissionDenied("Other people's ladders are for editors.")
    found = Member.objects.of_organization(request.organization.pk).select_related("user").filter(pk=member_id).first()
    if found is None:
        raise Http404("There is no such member.")
    return found


def _stand_ins(request: MemberRequest, forest: Forest, whose: Member) -> Shown:
    """The department's topmost KPIs, or the company's."""
    departments = Departments(request.organization)
    department = departments.all.get(whose.department_id) if whose.department_id else None
    if department is not None:
        part = forest.only({node.id for node in departments.nodes_of(forest, department.pk)})
        nodes = [node for node in part.roots if not node.is_metric]
        if nodes:
            return Shown(nodes[:STAND_INS], department.name, _whom_to_ask(request, department.lead, whose))
    nodes = [node for node in tops(forest)[0] if not node.is_metric]
    return Shown(nodes[:STAND_INS], request.organization.name, _whom_to_ask(request, None, whose))


def _whom_to_ask(request: MemberRequest, lead: Member | None, whose: Member) -> str:
    """The department's lead, or whoever manages the organization."""
    if lead is not None and lead.pk != whose.pk:
        return str(lead)
    managers = Member.objects.of_organization(request.organization.pk).arrived().by_name()
    names = [str(member) for member in managers.filter(role__in=(Role.OWNER, Role.ADMIN)).exclude(pk=whose.pk)[:2]]
    return " or ".join(names)


def _owners(request: MemberRequest, forest: Forest) -> list[tuple[UUID, str]]:
    """Everybody who owns a KPI or a key result that is being pursued, by name."""
    owners: dict[UUID, str] = {node.owner_id: node.owner for node in forest if node.owner_id}
    pursued = KeyResult.objects.in_active_cycles().values("owner")
    members = Member.objects.of_organization(request.organization.pk).filter(pk__in=pursued).select_related("user")
    owners |= {member.pk: str(member) for member in members}
    return sorted(owners.items(), key=lambda owner: owner[1].casefold())
