"""Mails that were not sent but kept, for machines that cannot send any."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts import mail

View = Callable[..., HttpResponse]


def _outbox_only(view: View) -> View:
    """These pages show everybody's mails, so they exist only where none are sent, for people at that very machine."""

    @wraps(view)
    def wrapper(request: HttpRequest, **kwargs: object) -> HttpResponse:
        if not (_keeps_mails() and _is_from_this_machine(request)):
            raise Http404("Mails are sent, not kept.")
        return view(request, **kwargs)

    return wrapper


def _keeps_mails() -> bool:
    return settings.EMAIL_BACKEND == "accounts.mail.OutboxBackend" and (settings.EMBEDDED or settings.DEBUG)


def _is_from_this_machine(request: HttpRequest) -> bool:
    """A proxy's own address says nothing about who asks."""
    return request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1") and "X-Forwarded-For" not in request.headers


@require_GET
@_outbox_only
def outbox(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/outbox.html", {"letters": mail.letters()})


@require_GET
@_outbox_only
def outbox_letter(request: HttpRequest, name: UUID) -> HttpResponse:
    letter = mail.letter_called(str(name))
    if letter is None:
        raise Http404("There is no such mail, or no longer.")
    return render(request, "accounts/outbox_letter.html", {"letter": letter})
