"""Without an organization there are no rows; inside one, only its own. Real transactions, as the runtime role."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from uuid_utils.compat import uuid7

from accounts.models import Department, Organization
from accounts.tenancy.context import NoOrganizationError, current_organization_id, organization_context

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_statement]


def names_in_database() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM accounts_department ORDER BY name")
        return [name for (name,) in cursor.fetchall()]


@pytest.fixture
def departments(acme: Organization, globex: Organization) -> None:
    for organization in (acme, globex):
        with organization_context(organization.pk):
            Department.objects.create(name=f"{organization.name} sales")


def test_the_manager_raises_outside_of_any_organization() -> None:
    with pytest.raises(NoOrganizationError):
        Department.objects.count()


def test_without_context_the_database_shows_no_rows(departments: None) -> None:
    assert names_in_database() == []


def test_without_context_the_database_refuses_an_insert(acme: Organization) -> None:
    insert = "INSERT INTO accounts_department (id, organization_id, name, position) VALUES (%s, %s, 'Smuggled', 0)"
    with pytest.raises(ProgrammingError, match="row-level security"), connection.cursor() as cursor:
        cursor.execute(insert, [uuid7(), acme.pk])


def test_the_manager_refuses_to_save_outside_of_any_organization(acme: Organization) -> None:
    with pytest.raises(NoOrganizationError):
        Department(organization=acme, name="Smuggled").save()


def test_raw_sql_in_one_organization_never_sees_anothers_rows(
    departments: None, acme: Organization, globex: Organization
) -> None:
    with organization_context(acme.pk):
        assert names_in_database() == ["Acme sales"]
    with organization_context(globex.pk):
        assert names_in_database() == ["Globex sales"]


def test_raw_sql_cannot_write_another_organizations_rows(
    departments: None, acme: Organization, globex: Organization
) -> None:
    with organization_context(acme.pk), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_department SET name = 'Taken'")
        assert cursor.rowcount == 1
        cursor.execute("DELETE FROM accounts_department WHERE organization_id = %s", [globex.pk])
        assert cursor.rowcount == 0
    with organization_context(globex.pk):
        assert names_in_database() == ["Globex sales"]


def test_a_row_cannot_move_to_another_organization(departments: None, acme: Organization, globex: Organization) -> None:
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        organization_context(acme.pk),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE accounts_department SET organization_id = %s", [globex.pk])


def test_the_database_refuses_a_row_that_points_into_another_organization(
    departments: None, acme: Organization, globex: Organization
) -> None:
    with organization_context(globex.pk):
        foreign = Department.objects.get()
    with pytest.raises(IntegrityError, match="accounts_department_parent_fk"), organization_context(acme.pk):
        Department.objects.create(name="Spy", parent_id=foreign.pk)


def test_the_context_ends_with_its_block(departments: None, acme: Organization) -> None:
    with transaction.atomic():
        with organization_context(acme.pk):
            assert current_organization_id() == acme.pk
        assert names_in_database() == []
        with pytest.raises(NoOrganizationError):
            current_organization_id()


def test_the_context_ends_when_its_block_fails(departments: None, acme: Organization) -> None:
    with pytest.raises(ZeroDivisionError), organization_context(acme.pk):
        raise ZeroDivisionError
    assert names_in_database() == []


def test_the_same_organization_can_be_entered_again(departments: None, acme: Organization) -> None:
    with organization_context(acme.pk):
        with organization_context(acme.pk):
            pass
        assert names_in_database() == ["Acme sales"]


def test_another_organization_cannot_be_entered_inside_one(acme: Organization, globex: Organization) -> None:
    with (
        organization_context(acme.pk),
        pytest.raises(RuntimeError, match="another organization"),
        organization_context(globex.pk),
    ):
        pass
