"""The same POST twice is answered twice and done once."""

import datetime as dt
import gzip
import threading

import pytest
import time_machine
from django.db import connection, transaction

from accounts.models import Department, IdempotentRequest
from tests.api.conftest import errors_of
from tests.cast import inside, make_kpi

pytestmark = pytest.mark.django_db
KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
SALES = {"name": "Sales"}


def test_a_replay_gives_the_first_answer(acme, admin):
    first = admin.post("departments/", SALES, **KEY)
    second = admin.post("departments/", SALES, **KEY)
    assert (first.status_code, second.status_code) == (201, 201)
    assert (first.content, first["Content-Type"]) == (second.content, second["Content-Type"])
    assert ("Idempotency-Replayed" in first, second["Idempotency-Replayed"]) == (False, "true")
    with inside(acme):
        assert Department.objects.count() == 1


def test_another_body_with_the_same_key_is_422(admin):
    admin.post("departments/", SALES, **KEY)
    response = admin.post("departments/", {"name": "Marketing"}, **KEY)
    assert response.status_code == 422
    assert response.json()["type"] == "urn:ladder:problem:idempotency_key_reused"


def test_other_parameters_with_the_same_key_are_422(acme, admin):
    with inside(acme):
        make_kpi(acme, "orders")
    body = [{"kpi": "orders", "date": "2026-11-02", "value": 1}]
    assert admin.post("measurements/", body, **KEY).status_code == 200
    assert admin.post("measurements/?on_error=skip", body, **KEY).status_code == 422


def test_a_key_belongs_to_one_endpoint(admin):
    assert admin.post("departments/", SALES, **KEY).status_code == 201
    assert admin.post("tokens/", {"name": "Job", "scopes": ["read"]}, **KEY).status_code == 201


def test_a_key_belongs_to_one_organization(admin, stranger):
    assert admin.post("departments/", SALES, **KEY).status_code == 201
    response = stranger.post("departments/", SALES, **KEY)
    assert (response.status_code, "Idempotency-Replayed" in response) == (201, False)


def test_a_refused_request_leaves_its_key_free(admin):
    assert errors_of(admin.post("departments/", {"name": ""}, **KEY)) == [("/name", "blank")]
    response = admin.post("departments/", SALES, **KEY)
    assert (response.status_code, "Idempotency-Replayed" in response) == (201, False)


def test_a_key_is_forgotten_after_a_day(acme, admin):
    with time_machine.travel(dt.datetime(2026, 11, 18, 9, tzinfo=dt.UTC), tick=False) as clock:
        admin.post("departments/", SALES, **KEY)
        clock.shift(dt.timedelta(hours=23, minutes=59))
        assert admin.post("departments/", SALES, **KEY)["Idempotency-Replayed"] == "true"
        clock.shift(dt.timedelta(minutes=2))
        assert errors_of(admin.post("departments/", SALES, **KEY)) == [("/name", "taken")]
        assert admin.post("departments/", {"name": "Marketing"}, **KEY).status_code == 201
    with inside(acme):
        assert IdempotentRequest.objects.count() == 1


def test_the_same_body_compressed_anew_is_the_same_request(acme, admin):
    with inside(acme):
        make_kpi(acme, "orders")
    body = b'[{"kpi": "orders", "date": "2026-11-02", "value": 1}]'
    headers = {"Idempotency_Key": "k", "Content_Encoding": "gzip"}
    answers = [admin.send("POST", "measurements/", gzip.compress(body, mtime=at), **headers) for at in (1, 2)]
    answers.append(admin.send("POST", "measurements/", body, Idempotency_Key="k"))
    assert [answer.json()["created"] for answer in answers] == [1, 1, 1]


def test_the_text_of_a_token_is_not_kept_for_replays(acme, admin):
    body = {"name": "Job", "scopes": ["read"]}
    first, second = (admin.post("tokens/", body, **KEY).json() for _ in range(2))
    assert first["token"].startswith("ldr_")
    assert {**first, "token": None} == second
    with inside(acme):
        assert first["token"] not in IdempotentRequest.objects.get().body


@pytest.mark.parametrize("key", ["", "x" * 256, "é", "a\tb"])
def test_a_malformed_key_is_refused(admin, key):
    assert errors_of(admin.post("departments/", SALES, **{"Idempotency-Key": key})) == [("/Idempotency-Key", "invalid")]


@pytest.mark.django_db(transaction=True)
def test_a_request_whose_first_one_still_runs_is_409(acme, admin):
    """The first one is played by a transaction that holds the key's lock."""
    locked, done = threading.Event(), threading.Event()

    def first() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            name = f"{acme.pk} /api/v1/departments/ {KEY['Idempotency-Key']}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 3))", [name])
            locked.set()
            done.wait(10)
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    try:
        assert locked.wait(10)
        response = admin.post("departments/", SALES, **KEY)
    finally:
        done.set()
        thread.join()
    assert (response.status_code, response.json()["type"]) == (409, "urn:ladder:problem:still_running")
    assert admin.post("departments/", SALES, **KEY).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_done_once(acme, admin):
    answers: list[int] = []

    def ask() -> None:
        from tests.api.conftest import Api

        answers.append(Api(headers=admin.headers).post("departments/", SALES, **KEY).status_code)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) <= {201, 409}
    assert 201 in answers
    with inside(acme):
        assert Department.objects.count() == 1
