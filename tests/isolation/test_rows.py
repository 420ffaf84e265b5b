"""A tenant's row is what Django would make of it, made in less time."""

from typing import Any

from django.db import models

from accounts.models import Member, Organization
from kpis.models import Kpi
from tests.cast import make_kpi


def _as_django_makes_it(row: Kpi) -> Kpi:
    fields = [field.attname for field in Kpi._meta.concrete_fields]
    made: Kpi = models.Model.from_db.__func__(Kpi, "default", fields, [getattr(row, name) for name in fields])
    return made


def _columns(row: Kpi) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if name != "_state"}


def test_a_row_has_the_columns_and_the_state_that_django_gives_it(in_acme: Organization) -> None:
    stored = Kpi.objects.get(pk=make_kpi(in_acme, "sales").pk)
    made = _as_django_makes_it(stored)
    assert _columns(stored) == _columns(made)
    assert (stored._state.adding, stored._state.db) == (made._state.adding, made._state.db) == (False, "default")


def test_what_was_not_asked_for_is_read_when_it_is(in_acme: Organization) -> None:
    make_kpi(in_acme, "sales", name="Sales")
    partly = Kpi.objects.only("key").get()
    assert partly.get_deferred_fields() >= {"name", "unit"}
    assert partly.name == "Sales"


def test_the_rows_it_refers_to_come_along_and_changes_are_stored(
    in_acme: Organization, alice: Member, django_assert_num_queries: Any
) -> None:
    make_kpi(in_acme, "sales", owner=alice)
    with_owner = Kpi.objects.select_related("owner__user").get()
    with django_assert_num_queries(0):
        assert with_owner.owner.user.name == "Alice"
    with_owner.name = "Turnover"
    with_owner.save()
    with_owner.refresh_from_db()
    assert with_owner.name == "Turnover"
