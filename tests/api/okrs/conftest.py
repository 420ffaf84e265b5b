"""A quarter being planned by the API: an objective with a key result, set on the day on which it begins."""

import pytest
import time_machine

NOWHERE = "01890000-0000-7000-8000-000000000000"
QUARTER = {"name": "Q4 2026", "starts_on": "2026-10-01", "ends_on": "2026-12-31", "length": "quarter"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-10-01T08:00:00Z", tick=False) as travelling:
        yield travelling


@pytest.fixture
def cycle(writer):
    made = writer.post("cycles/", QUARTER).json()
    return writer.post(f"cycles/{made['id']}/activate/").json()


@pytest.fixture
def objective(writer, cycle):
    return writer.post("objectives/", {"cycle": cycle["id"], "title": "Supply the region"}).json()


@pytest.fixture
def key_result(writer, objective):
    body = {"objective": objective["id"], "title": "Supply 60 shops", "start": 20, "target": 60}
    return writer.post("key-results/", body).json()
