"""``as_of``: reading everything as it was known at a past instant."""

import datetime as dt
from functools import cached_property
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError

from accounts.api.viewsets import ApiViewSet
from kpis.api.nested import OfKpiViewSet
from kpis.compute.known import Known, known_at
from kpis.instants import past_instant
from kpis.standpoint import NotThereYetError, Standpoint, then_of, today_of
from kpis.tree import Forest, forest_as_known, load_forest

AS_OF = OpenApiParameter(
    "as_of",
    str,
    description="Everything as it was known at this instant: an ISO 8601 time, or a date, which means its end.",
)


class KnowingViewSet(ApiViewSet):
    """An endpoint that takes ``as_of``."""

    @cached_property
    def as_of(self) -> dt.datetime | None:
        text = self.request.query_params.get("as_of")
        if text is None:
            return None
        try:
            return past_instant(text, self.organization, now=self.now)
        except ValueError as error:
            raise ValidationError({"as_of": [ErrorDetail(str(error), code="invalid")]}) from None

    def known(self, only: UUID | None = None) -> Known | None:
        """What was known then, of one KPI or of all; None for today's knowledge, which is stored."""
        return None if self.as_of is None else known_at(self.organization, self.as_of, only=only)

    def forest(self) -> Forest:
        """The hierarchy of today or of then."""
        known = self.known()
        if known is None or self.as_of is None:
            return load_forest(self.organization, on=self.organization.today(self.now))
        return forest_as_known(known, self.as_of)


class KnowingOfKpiViewSet(KnowingViewSet, OfKpiViewSet):
    """An endpoint below one KPI's address that takes ``as_of``."""


class KnowingStandpointViewSet(KnowingOfKpiViewSet):
    """An endpoint that reads one KPI as it is, or as it was known."""

    def standpoint(self) -> Standpoint:
        kpi = self.kpi()
        if self.as_of is None:
            return today_of(kpi, self.organization, self.now)
        try:
            return then_of(kpi, self.organization, self.as_of)
        except NotThereYetError as error:
            raise NotFound(str(error)) from None
