"""``manage.py create_organization NAME --owner EMAIL``, for operators and scripts."""

import json
from argparse import ArgumentParser
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from accounts.actions.organizations import create_organization
from accounts.actions.tokens import create_token
from accounts.actors import Actor
from accounts.models import Member, Organization, User
from accounts.tenancy.context import organization_context


class Command(BaseCommand):
    help = (
        "Create an organization with its owner. Prints one line of JSON: id, slug, and token (null without "
        "--token-scopes). The owner's address counts as verified; somebody with that address is used as they are."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the organization's name")
        parser.add_argument("--owner", required=True, metavar="EMAIL", help="the owner's e-mail address")
        parser.add_argument("--password", help="the owner's password, if the owner is new; without, they reset it")
        parser.add_argument(
            "--token-scopes", metavar="SCOPES", help="make an API token, too, with these scopes, separated by commas"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        scopes = [scope.strip() for scope in (options["token_scopes"] or "").split(",") if scope.strip()]
        try:
            with transaction.atomic():
                owner = _owner(options["owner"], options["password"])
                organization = create_organization(owner, now=timezone.now(), name=options["name"])
                token = _token(organization, owner, scopes) if scopes else None
        except ValidationError as error:
            raise CommandError(_sentences(error)) from error
        self.stdout.write(json.dumps({"id": str(organization.pk), "slug": organization.slug, "token": token}))


def _owner(email: str, password: str | None) -> User:
    email = email.strip().lower()
    validate_email(email)
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        if password is not None:
            validate_password(password, User(email=email))
        user = User.objects.create_user(email, password)
    elif password is not None:
        raise CommandError(f"{email} has an account already; leave --password out to keep its password.")
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    return user


def _token(organization: Organization, owner: User, scopes: list[str]) -> str:
    with organization_context(organization.pk):
        member = Member.objects.get(organization=organization, user=owner)
        _, text = create_token(Actor(member=member), now=timezone.now(), name="Made by a script", scopes=scopes)
    return text


def _sentences(error: ValidationError) -> str:
    if hasattr(error, "error_dict"):
        return " ".join(f"{field}: {' '.join(texts)}" for field, texts in error.message_dict.items())
    return " ".join(error.messages)
