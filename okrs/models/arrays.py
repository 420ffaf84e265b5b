"""Many ids in one parameter."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models.expressions import RawSQL

from kpis.staging import array_of


def among(ids: Iterable[UUID]) -> RawSQL:
    """For ``filter(pk__in=among(ids))``: one array, where a list would be a parameter each."""
    return RawSQL("SELECT unnest(%s::uuid[])", [array_of(ids)])
