"""Departments: the tree, and changing it."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import ownership
from accounts.access import MemberRequest, member_required
from accounts.actions.departments import (
    archive_department,
    create_department,
    restore_department,
    shift_department,
    update_department,
)
from accounts.actions.organizations import one_writer_at_a_time
from accounts.department_tree import DepartmentTree, department_choices, member_counts
from accounts.errors import ConflictError
from accounts.forms.departments import ArchiveForm, DepartmentForm, NewDepartmentForm
from accounts.forms.merging import merged
from accounts.forms.refusals import posted, refusals_shown_in
from accounts.models import Department, Role


@require_GET
@member_required()
def department_list(request: MemberRequest) -> HttpResponse:
    return _list(request, NewDepartmentForm(initial=request.GET.dict(), departments=department_choices()))


@require_POST
@member_required(Role.ADMIN)
def department_add(request: MemberRequest) -> HttpResponse:
    form = NewDepartmentForm(request.POST, departments=department_choices())
    if form.is_valid():
        with refusals_shown_in(form):
            department = create_department(request.actor, now=timezone.now(), **form.cleaned_data)
            messages.success(request, f"{department} is added.")
            return _back(request)
    return _list(request, form)


@require_http_methods(["GET", "POST"])
@member_required(Role.ADMIN)
def department_edit(request: MemberRequest, department_id: UUID) -> HttpResponse:
    if request.method == "POST":
        one_writer_at_a_time(request.organization.pk)
    department = get_object_or_404(Department.objects.active(), pk=department_id)
    initial = {"name": department.name, "parent": department.parent_id, "lead": department.lead_id}
    make = partial(DepartmentForm, initial=initial, departments=department_choices(without=department))
    form = merged(make, posted(request))
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            update_department(request.actor, department, now=timezone.now(), **form.cleaned_data)
            messages.success(request, f"{department} is saved.")
            return _back(request)
    context = {"form": form, "department": department}
    return render(request, "accounts/department_edit.html", context, status=422 if form.errors else 200)


@require_POST
@member_required(Role.ADMIN)
def department_shift(request: MemberRequest, department_id: UUID) -> HttpResponse:
    """Move a department up or down among its siblings."""
    department = get_object_or_404(Department.objects.active(), pk=department_id)
    by = -1 if request.POST.get("direction") == "up" else 1
    shift_department(request.actor, department, now=timezone.now(), by=by)
    return _back(request)


@require_http_methods(["GET", "POST"])
@member_required(Role.ADMIN)
def department_archive(request: MemberRequest, department_id: UUID) -> HttpResponse:
    department = get_object_or_404(Department.objects.active(), pk=department_id)
    choices, owned = department_choices(without=department), ownership.owned_by(department)
    initial = {"successor": department.parent_id}
    form = ArchiveForm(posted(request), initial=initial, departments=choices, owned=owned)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            archive_department(request.actor, department, now=timezone.now(), **form.cleaned_data)
            messages.success(request, f"{department} is archived.")
            return _back(request)
    context = {"form": form, "department": department, "owned": owned}
    return render(request, "accounts/department_archive.html", context, status=422 if form.errors else 200)


@require_POST
@member_required(Role.ADMIN)
def department_restore(request: MemberRequest, department_id: UUID) -> HttpResponse:
    department = get_object_or_404(Department.objects.all(), pk=department_id)
    try:
        with transaction.atomic():
            restore_department(request.actor, department, now=timezone.now())
        messages.success(request, f"{department} is back.")
    except ConflictError as refusal:
        messages.error(request, str(refusal))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return _back(request)


def _list(request: MemberRequest, form: NewDepartmentForm) -> HttpResponse:
    counts = member_counts()
    tree = DepartmentTree(Department.objects.active().in_order().select_related("lead__user"))
    context = {
        "form": form,
        "rows": [{"branch": branch, "members": counts.get(branch.department.pk, 0)} for branch in tree.walk()],
        "archived": Department.objects.exclude(archived_at=None).order_by("-archived_at"),
    }
    return render(request, "accounts/department_list.html", context, status=422 if form.errors else 200)


def _back(request: MemberRequest) -> HttpResponse:
    return redirect("accounts:department-list", request.organization.slug)
