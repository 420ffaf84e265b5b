"""An API request, once it is known who makes it."""

from dataclasses import dataclass
from functools import cached_property

from rest_framework.request import Request

from accounts.actors import Actor
from accounts.api.bodies import read_body
from accounts.models import Organization


@dataclass(frozen=True)
class Caller:
    """In whose name, and in which organization, a request is made."""

    organization: Organization
    actor: Actor


class ApiRequest(Request):
    auth: Caller

    @property
    def organization(self) -> Organization:
        return self.auth.organization

    @property
    def actor(self) -> Actor:
        return self.auth.actor

    @cached_property
    def content(self) -> bytes:
        """The whole body, decompressed; raises if it is larger than a body may be."""
        return read_body(self._request)
