"""Endpoints that read objectives and key results as they stand today, or as they were known at a past instant."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import NotFound

from kpis.api.knowing import KnowingViewSet
from okrs.models import KeyResult, Objective
from okrs.reading import KeyResultView, NotThereYetError, ObjectiveView, load_key_result, load_objective


class StandpointViewSet(KnowingViewSet):
    @property
    def day(self) -> dt.date:
        """The organization's date, today's or then's."""
        return self.organization.today(self.as_of or self.now)

    def objective_view(self) -> ObjectiveView:
        """The objective that the path names; one that was removed since can be read as it was."""
        row = self._named(Objective.ever.all() if self.as_of else Objective.objects.all(), "objective")
        try:
            return load_objective(self.organization, row, self.day, self.as_of)
        except NotThereYetError as error:
            raise NotFound(str(error)) from None

    def key_result_view(self) -> KeyResultView:
        row = self._named(KeyResult.ever.all() if self.as_of else KeyResult.objects.all(), "key result")
        try:
            return load_key_result(self.organization, row, self.day, self.as_of)
        except NotThereYetError as error:
            raise NotFound(str(error)) from None

    def _named(self, rows: QuerySet[Any], noun: str) -> Any:
        found = rows.filter(pk=self.kwargs["id"]).first()
        if found is None:
            raise NotFound(f"There is no {noun} with this id.")
        return found
