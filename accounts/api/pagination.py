"""Pages of lists by keyset: a cursor names the last row seen, so that pages neither skip nor repeat a row."""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any, Final

from django.core.exceptions import FieldDoesNotExist
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import Q, QuerySet
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

DEFAULT_LIMIT: Final = 50
MOST: Final = 200


class KeysetPagination(BasePagination):
    """``{"results", "next", "previous"}``; the view's ordering must end in something unique and hold no nulls."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self.ordering: tuple[str, ...] = queryset.query.order_by
        limit = limit_of(request)
        backwards, position = self._cursor(request.query_params.get("cursor"), queryset)
        rows = self._rows(queryset, backwards, position)[: limit + 1]
        page = list(rows)
        has_more = len(page) > limit
        page = page[:limit]
        if backwards:
            page.reverse()
        self.has_next = backwards or has_more
        self.has_previous = has_more if backwards else position is not None
        self.page = page
        return page

    def get_paginated_response(self, data: Any) -> Response:
        following = self._link(self.page[-1], backwards=False) if self.has_next and self.page else None
        preceding = self._link(self.page[0], backwards=True) if self.has_previous and self.page else None
        return Response({"results": data, "next": following, "previous": preceding})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {
            "type": ["string", "null"],
            "format": "uri",
            "description": "The address of that page; null at the end.",
        }
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {"results": schema, "next": link, "previous": link},
        }

    def _rows(self, queryset: QuerySet[Any], backwards: bool, position: list[Any] | None) -> QuerySet[Any]:
        ordering = [_turned(name) for name in self.ordering] if backwards else list(self.ordering)
        ordered = queryset.order_by(*ordering)
        return ordered if position is None else ordered.filter(_beyond(ordering, position))

    def _cursor(self, text: str | None, rows: QuerySet[Any]) -> tuple[bool, list[Any] | None]:
        if text is None:
            return False, None
        try:
            direction, names, *values = json.loads(base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)))
            if names != ",".join(self.ordering) or len(values) != len(self.ordering) or direction not in "<>":
                raise ValueError("of another list")
            position = [_field(rows, name).to_python(value) for name, value in zip(self.ordering, values, strict=True)]
        except (ValueError, TypeError, binascii.Error, DjangoValidationError, FieldDoesNotExist, RecursionError):
            position = []
        if not position or any(value is None or "\0" in str(value) for value in position):
            raise _error("cursor", "This cursor is not of this list; follow the links “next” and “previous”.")
        return direction == "<", position

    def _link(self, row: Any, *, backwards: bool) -> str:
        values = [str(getattr(row, name.removeprefix("-"))) for name in self.ordering]
        packed = json.dumps(["<" if backwards else ">", ",".join(self.ordering), *values]).encode()
        cursor = base64.urlsafe_b64encode(packed).decode().rstrip("=")
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)


def limit_of(request: Request) -> int:
    """How many rows a page holds, as the request asks."""
    text = request.query_params.get("limit")
    if text is None:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:9]) <= MOST:
        raise _error("limit", f"Give a number from 1 to {MOST}.")
    return int(text)


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(ordering: Sequence[str], position: Sequence[Any]) -> Q:
    """Rows after the position: (a > x) or (a = x and b > y) or ..."""
    condition = Q(pk__in=[])
    equal = Q()
    for name, value in zip(ordering, position, strict=True):
        column = name.removeprefix("-")
        comparison = "lt" if name.startswith("-") else "gt"
        condition |= equal & Q(**{f"{column}__{comparison}": value})
        equal &= Q(**{column: value})
    return condition


def _field(rows: QuerySet[Any], name: str) -> Any:
    """The column by which rows are ordered: the table's own, or an annotation's."""
    column = name.removeprefix("-")
    annotation = rows.query.annotations.get(column)
    return annotation.output_field if annotation else rows.model._meta.get_field(column)


def _error(name: str, message: str) -> ValidationError:
    return ValidationError({name: [ErrorDetail(message, code="invalid")]})
