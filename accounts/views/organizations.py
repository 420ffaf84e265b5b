"""One's organizations: the list, founding one, and the settings of one."""

from copy import copy

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, UserRequest, member_required, user_required
from accounts.actions.organizations import create_organization, free_slug, one_writer_at_a_time, update_organization
from accounts.forms.merging import merged
from accounts.forms.organizations import OrganizationForm, SettingsForm
from accounts.forms.refusals import posted, refusals_shown_in
from accounts.models import Member, Role


@require_GET
@user_required
def organization_list(request: UserRequest) -> HttpResponse:
    memberships = Member.objects.latest_of(request.user)
    return render(request, "accounts/organization_list.html", {"memberships": memberships})


@require_http_methods(["GET", "POST"])
@user_required
def organization_new(request: UserRequest) -> HttpResponse:
    initial = {"time_zone": request.user.time_zone}
    form = OrganizationForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            organization = create_organization(request.user, now=timezone.now(), **form.cleaned_data)
            return redirect("kpis:start", organization.slug)
    context = {"form": form, "slug": _slug_for(form["name"].value())}
    return render(request, "accounts/organization_new.html", context, status=422 if form.errors else 200)


@require_GET
@user_required
def slug_preview(request: UserRequest) -> HttpResponse:
    """The address an organization of the typed name would get."""
    context = {"slug": _slug_for(request.GET.get("name"))}
    return render(request, "accounts/_slug_preview.html", context)


@require_GET
@member_required()
def settings(request: MemberRequest) -> HttpResponse:
    """Everybody sees the settings; admins change them."""
    return render(request, "accounts/settings.html", {"form": _settings_form(request)})


@require_POST
@member_required(Role.ADMIN)
def settings_change(request: MemberRequest) -> HttpResponse:
    request.organization = one_writer_at_a_time(request.organization.pk)
    form = _settings_form(request)
    if form.is_valid():
        with refusals_shown_in(form):
            update_organization(request.actor, request.organization, now=timezone.now(), **form.cleaned_data)
            messages.success(request, "The settings are saved.")
            return redirect("accounts:settings", request.organization.slug)
    request.organization.refresh_from_db()
    return render(request, "accounts/settings.html", {"form": form}, status=422)


def _settings_form(request: MemberRequest) -> SettingsForm:
    return merged(lambda data: SettingsForm(data, instance=copy(request.organization)), posted(request))


def _slug_for(name: str | None) -> str:
    return free_slug(name) if name and name.strip() else ""
