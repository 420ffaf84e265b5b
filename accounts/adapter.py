"""How allauth's sign-up, log-in and mails fit into Ladder."""

from smtplib import SMTPException
from typing import Any
from urllib.parse import urlsplit

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone

from accounts import pending
from accounts.actions.invitations import write_now_verified
from accounts.models import User

logger = structlog.get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "This address and this password do not belong together. Check both, or reset the "
        "password.",
        "email_taken": "There is an account with this address already. Log in, or reset the password.",
        "too_many_login_attempts": "Too many attempts with a wrong password. Try again in five minutes.",
        "invalid_or_expired_key": "This link has been used already or is too old.",
        "same_as_current": "That is your address already.",
    }

    def is_email_verified(self, request: HttpRequest, email: str) -> bool:
        """Whoever holds the secret of an invitation has read the mail to that address, and to no other."""
        return pending.email(request).lower() == email.lower()

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.name = " ".join(form.cleaned_data.get("name", "").split())
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """An address that another account logs in with cannot become this one's, though it was never verified there.

        With an address of one's own, the invitations that waited for it go out.
        """
        others = User.objects.exclude(pk=email_address.user_id).filter(email__iexact=email_address.email)
        if others.exists():
            template = "account/messages/email_confirmation_failed.txt"
            self.add_message(request, messages.ERROR, template, {"email": email_address.email})
            return False
        confirmed = bool(super().confirm_email(request, email_address))
        if confirmed:
            write_now_verified(email_address.user, now=timezone.now())
        return confirmed

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return pending.path(request) or str(super().get_login_redirect_url(request))

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return pending.path(request) or str(super().get_signup_redirect_url(request))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is down spoils neither sign-up nor anything else; the person is told.

        Links lead to the product's own address, whatever host and port were asked: the host is for the asker to choose.
        """
        links = {name: _at_home(value) for name, value in context.items() if name.endswith("_url")}
        try:
            super().send_mail(template_prefix, email, {**context, **links})
        except (OSError, SMTPException) as error:
            logger.warning("mail_not_sent", template=template_prefix, error=str(error))
            messages.warning(self.request, "The mail could not be sent just now. Ask for it again in some minutes.")


def _at_home(link: str) -> str:
    return f"{settings.BASE_URL}{urlsplit(link).path}"
