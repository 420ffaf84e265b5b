"""The organization in whose name the current request or task works."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection, transaction

_current: ContextVar[UUID | None] = ContextVar("organization_id", default=None)


class NoOrganizationError(RuntimeError):
    """Tenant rows were asked for outside of any organization."""


def current_organization_id() -> UUID:
    """The entered organization's id; raises ``NoOrganizationError`` outside of ``organization_context``."""
    organization_id = _current.get()
    if organization_id is None:
        raise NoOrganizationError("Enter an organization first: with organization_context(organization_id): ...")
    return organization_id


def entered_organization_id() -> UUID | None:
    """The entered organization's id, or None outside of any."""
    return _current.get()


@contextmanager
def organization_context(organization_id: UUID) -> Iterator[None]:
    """Enter an organization for one transaction: the managers filter by it and the database shows its rows alone.

    Entering the same organization again only opens a savepoint. Entering another one inside is refused: nothing reads
    two organizations in one transaction.
    """
    if not isinstance(organization_id, UUID):
        raise TypeError(f"An organization's id is a UUID, not {type(organization_id).__name__}.")
    outer = _current.get()
    if outer is not None and outer != organization_id:
        raise RuntimeError("Already inside another organization; leave it before entering the next.")
    token = _current.set(organization_id)
    try:
        with transaction.atomic():
            if outer is None:
                _set_local(str(organization_id))
            yield
            # A released savepoint would keep the setting for the rest of a surrounding transaction; a rolled back
            # one restores it by itself.
            if outer is None and not connection.needs_rollback:
                _set_local("")
    finally:
        _current.reset(token)


def _set_local(value: str) -> None:
    """A literal ``SET LOCAL``: unlike ``set_config``, it is propagated by Citus. The value is a UUID or ''."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL app.organization_id = '{value}'")
