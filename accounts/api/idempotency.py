"""``Idempotency-Key``: a POST that is sent again is answered again, and done once.

The answer is stored in the transaction of what it tells, so there is never one without the other. A request that was
refused changed nothing, so its key stays free and can be used again when the cause is gone.
"""

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.exceptions import ErrorDetail, ValidationError

from accounts.api.errors import ReusedKeyError, StillRunningError
from accounts.api.requests import ApiRequest
from accounts.models import IdempotentRequest

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
KEPT_FOR: Final = dt.timedelta(hours=24)
_KEY = re.compile(r"[\x20-\x7e]{1,255}")


@dataclass(frozen=True)
class Claim:
    """One request's right to its key, until the transaction ends."""

    endpoint: str
    key: str
    fingerprint: str
    at: dt.datetime

    def answer(self) -> HttpResponse | None:
        """The first request's answer, if there is one."""
        stored = self._stored().filter(created_at__gt=self.at - KEPT_FOR).first()
        if stored is None:
            return None
        if stored.fingerprint != self.fingerprint:
            raise ReusedKeyError
        return HttpResponse(
            stored.body, status=stored.status, content_type=stored.content_type, headers={REPLAYED: "true"}
        )

    def store(self, response: HttpResponse, body: bytes) -> None:
        """Keep the answer for later, and let go of those that are too old."""
        IdempotentRequest.objects.filter(created_at__lte=self.at - KEPT_FOR).delete()
        IdempotentRequest.objects.create(
            endpoint=self.endpoint,
            key=self.key,
            fingerprint=self.fingerprint,
            status=response.status_code,
            body=body.decode(),
            content_type=response.headers["Content-Type"],
            created_at=self.at,
        )

    def _stored(self) -> QuerySet[IdempotentRequest]:
        return IdempotentRequest.objects.filter(endpoint=self.endpoint, key=self.key)


def claim(request: ApiRequest) -> Claim | None:
    """Take the request's key for the rest of the transaction; None for requests without one."""
    key = request.headers.get(HEADER)
    if key is None or request.method != "POST":
        return None
    if not _KEY.fullmatch(key):
        raise _error("An Idempotency-Key has 1 to 255 characters from space to ~, such as a UUID.")
    claimed = Claim(request.path[:200], key, _fingerprint(request), timezone.now())
    if not _lock(f"{request.organization.pk} {claimed.endpoint} {key}"):
        raise StillRunningError
    return claimed


def _fingerprint(request: ApiRequest) -> str:
    """Of what is asked for, however it was compressed."""
    head = f"{request.method} {request.get_full_path()}\n{request.content_type}\n"
    return hashlib.sha256(head.encode() + request.content).hexdigest()


def _lock(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 3))", [name])
        (taken,) = cursor.fetchone() or (False,)
    return bool(taken)


def _error(message: str) -> ValidationError:
    return ValidationError({HEADER: [ErrorDetail(message, code="invalid")]})
