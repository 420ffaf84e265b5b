"""The first run: what one runs, the first KPIs, their targets, the ladder."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, member_required
from accounts.actions.invitations import check_may_invite, resend_invitation
from accounts.actions.tokens import create_token
from accounts.errors import ConflictError, UnverifiedAddressError
from accounts.forms.refusals import posted
from accounts.models import Member, Role, Scope
from kpis.actions.starting import Beginning, begin
from kpis.actions.targets import set_targets
from kpis.arrivals import curl_line, example_kpi, latest_arrival
from kpis.compute import compute
from kpis.compute.run import is_stale
from kpis.forms.errors import show_row_refusals
from kpis.forms.starting import OfferForm, OwnForm, StarterForm, rows_for
from kpis.ladder_drawing import drawn
from kpis.starters import BUSINESSES, Business
from kpis.target_offers import Offer, target_offers
from kpis.tree import Forest, load_forest

TOKEN_NAME = "First numbers"  # noqa: S105 - a label


@require_GET
@member_required(Role.EDITOR)
def start(request: MemberRequest) -> HttpResponse:
    """Ask what is run; once that is said, offer KPIs that fit."""
    slug = request.GET.get("business", "")
    business = BUSINESSES.get(slug)
    if slug and business is None:
        raise Http404("There is no such kind of business.")
    rows = rows_for(business, request.organization, None) if business else []
    return _start(request, business, rows)


@require_POST
@member_required(Role.EDITOR)
def start_kpis(request: MemberRequest, business: str) -> HttpResponse:
    """Make the chosen KPIs."""
    if business not in BUSINESSES:
        raise Http404("There is no such kind of business.")
    rows = rows_for(BUSINESSES[business], request.organization, request.POST)
    chosen = _chosen(rows)
    if chosen and all(row.is_valid() for row in rows) and _begun(request, rows, chosen):
        return redirect("kpis:start-values", request.organization.slug)
    problem = "" if chosen or any(row.errors for row in rows) else "Choose at least one KPI, or skip this step."
    return _start(request, BUSINESSES[business], rows, problem=problem, status=422)


@require_http_methods(["GET", "POST"])
@member_required(Role.EDITOR)
def start_targets(request: MemberRequest) -> HttpResponse:
    """Offer a target for each KPI that has a history and none yet."""
    offers = target_offers(request.organization)
    data = posted(request)
    forms = [OfferForm(offer.kpi, offer.suggestion, data) for offer in offers]
    if data is not None and all(form.is_valid() for form in forms) and _targets_set(request, offers, forms):
        return redirect("kpis:start-ladder", request.organization.slug)
    context = {"offers": list(zip(offers, forms, strict=True)), "is_computing": is_stale(request.organization.pk)}
    template = "kpis/_start_targets.html" if request.htmx else "kpis/start_targets.html"
    return render(request, template, context, status=422 if data is not None else 200)


@require_GET
@member_required(Role.EDITOR)
def start_ladder(request: MemberRequest) -> HttpResponse:
    """The ladder, and how numbers get in from now on."""
    templates = {"tree": "kpis/_start_tree.html", "arrival": "kpis/_start_arrival.html"}
    template = templates.get(request.GET.get("part", ""), "kpis/start_ladder.html")
    return render(request, template, _ladder_context(request))


@require_POST
@never_cache
@member_required(Role.ADMIN)
def start_token(request: MemberRequest) -> HttpResponse:
    """Make a token that may push measurements, and show the line it is used in, once."""
    _, text = create_token(request.actor, now=timezone.now(), name=TOKEN_NAME, scopes=[Scope.MEASUREMENTS])
    return render(request, "kpis/start_ladder.html", _ladder_context(request, token=text))


@require_POST
@member_required(Role.ADMIN)
def start_letters(request: MemberRequest) -> HttpResponse:
    """Write to those who are expected and were never written to."""
    waiting = _without_letter(request)
    try:
        for member in waiting:
            resend_invitation(request.actor, member, now=timezone.now())
    except (ConflictError, UnverifiedAddressError) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Invitations are on their way to {', '.join(map(str, waiting)) or 'nobody'}.")
    return redirect("kpis:start-ladder", request.organization.slug)


def _start(
    request: MemberRequest,
    business: Business | None,
    rows: list[StarterForm | OwnForm],
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "businesses": BUSINESSES.values(),
        "business": business,
        "rows": rows,
        "problem": problem,
        "may_write": _may_write(request),
        "may_invite": request.member.has_role(Role.ADMIN),
    }
    return render(request, "kpis/start.html", context, status=status)


def _may_write(request: MemberRequest) -> bool:
    """Whether letters to others go out at once: the reader's own address is verified."""
    try:
        check_may_invite(request.actor)
    except PermissionDenied:
        return False
    return True


def _chosen(rows: list[StarterForm | OwnForm]) -> list[Beginning]:
    beginnings = [row.beginning for row in rows if row.is_valid()]
    return [beginning for beginning in beginnings if beginning]


def _begun(request: MemberRequest, rows: list[StarterForm | OwnForm], chosen: list[Beginning]) -> bool:
    try:
        with transaction.atomic():
            begin(request.actor, chosen, organization=request.organization, now=timezone.now())
    except ValidationError as refused:
        taken = [row for row in rows if row.beginning]
        show_row_refusals(taken, taken[0], refused.error_dict["kpis"])
        return False
    return True


def _targets_set(request: MemberRequest, offers: list[Offer], forms: list[OfferForm]) -> bool:
    """Set the chosen targets, all or none, and bring the scores up to date."""
    now = timezone.now()
    chosen = [pair for pair in zip(offers, forms, strict=True) if pair[1].cleaned_data["is_chosen"]]
    with transaction.atomic():
        for offer, form in chosen:
            _set_target(request, offer, form)
        is_refused = any(form.errors for form in forms)
        transaction.set_rollback(is_refused)
    if not is_refused:
        compute(request.organization, now=now)
    return not is_refused


def _set_target(request: MemberRequest, offer: Offer, form: OfferForm) -> None:
    row = offer.row(form.cleaned_data["target"], form.cleaned_data["floor"])
    try:
        with transaction.atomic():
            set_targets(request.actor, offer.kpi, [row], now=timezone.now())
    except ValidationError as refused:
        show_row_refusals([form], form, refused.error_dict["targets"])


def _ladder_context(request: MemberRequest, *, token: str = "") -> dict[str, Any]:
    today = request.organization.today(timezone.now())
    forest: Forest = load_forest(request.organization, on=today)
    example = example_kpi(forest)
    return {
        "tree": drawn(forest, request.organization),
        "example": example,
        "curl": curl_line(example, token, today) if example and token else "",
        "arrival": latest_arrival(request.organization, forest, example) if example else None,
        "may_make_token": request.member.has_role(Role.ADMIN),
        "without_letter": _without_letter(request),
        "may_write": _may_write(request),
        "has_kpis": bool(len(forest)),
    }


def _without_letter(request: MemberRequest) -> list[Member]:
    return list(Member.objects.of_organization(request.organization.pk).without_letter().by_name())
