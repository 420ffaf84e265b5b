"""How many requests a minute, counted across processes."""

import datetime as dt
import threading

import pytest
import time_machine
from django.db import connection

from accounts.models import Scope
from tests.api.conftest import Api, session_api, token_api

NOON = dt.datetime(2026, 11, 18, 12, tzinfo=dt.UTC)


@pytest.fixture
def five_a_minute(settings):
    settings.API_REQUESTS_PER_MINUTE = 5


@pytest.mark.django_db
def test_beyond_the_limit_a_token_waits_for_its_minute_to_end(acme, five_a_minute):
    api = token_api(acme, Scope.READ)
    with time_machine.travel(NOON, tick=False) as clock:
        assert [api.get("me/").status_code for _ in range(5)] == [200] * 5
        clock.shift(dt.timedelta(seconds=18))
        refused = api.get("me/")
        assert (refused.status_code, refused["Retry-After"]) == (429, "42")
        assert refused.json()["type"] == "urn:ladder:problem:throttled"
        clock.shift(dt.timedelta(seconds=42))
        assert api.get("me/").status_code == 200


@pytest.mark.django_db
def test_every_token_has_a_minute_of_its_own_and_people_have_none(acme, alice, five_a_minute):
    one, other, person = token_api(acme, Scope.READ), token_api(acme, Scope.READ), session_api(alice)
    assert [one.get("me/").status_code for _ in range(6)][-1] == 429
    assert other.get("me/").status_code == 200
    assert [person.get("me/").status_code for _ in range(7)][-1] == 200


@pytest.mark.django_db
def test_refused_requests_count_too(acme, five_a_minute):
    api = token_api(acme, Scope.READ)
    assert [api.post("departments/", {"name": "Sales"}).status_code for _ in range(6)] == [403] * 5 + [429]


@pytest.mark.django_db(transaction=True)
def test_requests_at_the_same_time_are_all_counted(acme, settings):
    settings.API_REQUESTS_PER_MINUTE = 10
    headers = token_api(acme, Scope.READ).headers
    answers: list[int] = []

    def ask() -> None:
        api = Api(headers=headers)
        answers.extend(api.get("me/").status_code for _ in range(5))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] * 10 + [429] * 10
