"""Mail: letters from templates, and a backend for machines that cannot send any."""

import datetime as dt
import email
import email.policy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage as ReceivedMessage
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.console import EmailBackend as ConsoleBackend
from django.template.loader import render_to_string
from uuid_utils.compat import uuid7

KEPT = 200


def send_letter(template: str, to: str, context: Mapping[str, Any]) -> None:
    """Send ``<template>_subject.txt``, ``<template>_message.txt`` and ``<template>_message.html`` to one address."""
    values = {**context, "base_url": settings.BASE_URL}
    subject = " ".join(render_to_string(f"{template}_subject.txt", values).split())
    letter = EmailMultiAlternatives(subject, render_to_string(f"{template}_message.txt", values), to=[to])
    letter.attach_alternative(render_to_string(f"{template}_message.html", values), "text/html")
    letter.send()


class OutboxBackend(ConsoleBackend):
    """Writes a mail to the console and keeps the last 200 as files, which ``/dev/outbox/`` shows."""

    def write_message(self, message: EmailMessage) -> None:
        self.stream.write(f"Mail to {', '.join(message.recipients())}: {message.subject}\n{message.body}\n")
        keep(message)


@dataclass(frozen=True)
class Letter:
    """One kept mail as it was sent."""

    name: str
    sent_at: dt.datetime
    to: str
    subject: str
    text: str


def keep(message: EmailMessage) -> None:
    """Write one mail into the outbox, whole or not at all, and let the oldest go."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    name = str(uuid7())
    unfinished = folder / f"{name}.unfinished"
    unfinished.write_bytes(message.message().as_bytes())
    unfinished.rename(folder / f"{name}.eml")
    for old in _names()[KEPT:]:
        (folder / f"{old}.eml").unlink(missing_ok=True)


def letters() -> list[Letter]:
    """The kept mails, the newest first."""
    return [letter for letter in map(letter_called, _names()[:KEPT]) if letter]


def letter_called(name: str) -> Letter | None:
    """One kept mail, or None if it is not, or no longer, there."""
    try:
        raw = (_folder() / f"{name}.eml").read_bytes()
    except FileNotFoundError:
        return None
    message = email.message_from_bytes(raw, policy=email.policy.default)
    return Letter(name, message["date"].datetime, message["to"], message["subject"], _text(message))


def _text(message: ReceivedMessage) -> str:
    body = message.get_body(("plain",))
    return str(body.get_content()).strip() if body else ""


def _names() -> Sequence[str]:
    """Names are UUIDv7, so that their order is the order of sending."""
    return sorted((path.stem for path in _folder().glob("*.eml")), reverse=True)


def _folder() -> Path:
    return Path(settings.VAR) / "outbox"
