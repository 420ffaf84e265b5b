"""Instants come back from the database as they went in, however they are written on the way."""

import datetime as dt

import pytest
from django.db import DataError, connection

pytestmark = pytest.mark.django_db


def read(sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("at", ["2026-11-28T07:30:00", "2026-11-28T07:30:00.000001", "0001-01-01T00:00:00.5"])
def test_an_instant_is_read_to_the_microsecond_in_utc(at: str) -> None:
    found = read(f"'{at}+00'::timestamptz")
    assert found == dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)
    assert isinstance(found, dt.datetime)
    assert found.tzinfo is dt.UTC


def test_none_is_none() -> None:
    assert read("NULL::timestamptz") is None


def test_where_the_server_speaks_of_another_zone_the_instant_is_the_same() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'Asia/Kolkata'")
    assert read("'2026-11-28 07:30+00'::timestamptz") == dt.datetime(2026, 11, 28, 7, 30, tzinfo=dt.UTC)


def test_what_no_instant_can_be_is_refused_as_ever() -> None:
    with pytest.raises(DataError, match="timestamp too large"):
        read("'infinity'::timestamptz")
