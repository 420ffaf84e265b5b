"""What views do with parts of pages: answer htmx with the part, and everybody else with the page anew."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from accounts.access import MemberRequest
from kpis.views.entering import with_message


def saved(request: MemberRequest, shown: Callable[[], HttpResponse], said: str, address: str) -> HttpResponse:
    """The page's live part with the change in it (``shown`` renders it), or the page anew without script."""
    if request.htmx:
        return with_message(shown(), said)
    messages.success(request, said)
    return redirect(address)
