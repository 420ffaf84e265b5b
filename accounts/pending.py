"""The invitation somebody is about to accept, remembered in the session while they sign up or log in."""

from django.http import HttpRequest

KEY = "pending_invitation"


def remember(request: HttpRequest, *, email: str, path: str) -> None:
    """Keep the way back to an invitation whose secret this person has shown."""
    request.session[KEY] = {"email": email, "path": path}


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


def email(request: HttpRequest) -> str:
    """The address the invitation was mailed to; empty if there is none."""
    return str(request.session.get(KEY, {}).get("email", ""))


def path(request: HttpRequest) -> str:
    """The invitation's page; empty if there is none."""
    return str(request.session.get(KEY, {}).get("path", ""))
