"""What every form of objectives and key results is checked for, as (field, detail, code)."""

from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Any, TypeAlias

from django.core.exceptions import ValidationError

from accounts.models import Department, Member, Organization
from kpis.actions.refusing import Errors, raise_all

Problem: TypeAlias = tuple[str, str, str]


def refuse(row: Any, exclude: Iterable[str], problems: Iterable[Problem]) -> None:
    """Raise everything that is wrong with a row, by field: what its columns do not take, and ``problems``."""
    errors: Errors = {}
    try:
        # What may be missing may be; where it may not, ``problems`` say so in better words.
        missing = [field.name for field in row._meta.fields if field.null and getattr(row, field.attname) is None]
        row.clean_fields(exclude=["organization", *exclude, *missing])
    except ValidationError as error:
        errors.update(error.error_dict)
    for field, detail, code in problems:
        errors.setdefault(field, []).append(ValidationError(detail.replace("%", "%%"), code=code, params={}))
    raise_all(errors)


def one_line(text: str) -> str:
    """A title as it is stored."""
    return " ".join(text.split())


def text_problems(row: Any, *fields: str) -> Iterator[Problem]:
    for field in fields:
        if "\0" in getattr(row, field):
            yield field, "A text cannot hold the character NUL; leave it out.", "nul"


def weight_problems(weight: float | None) -> Iterator[Problem]:
    if weight is None or not isfinite(weight) or weight <= 0:
        yield "weight", "A weight says how much this counts beside others, so it is above 0; 1 is usual.", "weight"


def people_problems(
    organization: Organization, owner: Member | None, former_owner: Member | None, department: Department | None = None
) -> Iterator[Problem]:
    """A new owner must be here; who left may stay where they were, until somebody takes over."""
    if owner and owner != former_owner and (owner.organization_id != organization.pk or owner.removed_at):
        yield "owner", f"{owner} does not belong to {organization}; choose somebody who does.", "not_a_member"
    if department and department.archived_at:
        yield "department", f"The department “{department}” is archived; choose another.", "archived"


def accepted(fields: dict[str, Any], known: Iterable[str], noun: str) -> dict[str, Any]:
    """The fields as given; a name that is none is the caller's mistake."""
    unknown = fields.keys() - set(known)
    if unknown:
        raise TypeError(f"{noun} has no field called {', '.join(sorted(unknown))}.")
    return dict(fields)
