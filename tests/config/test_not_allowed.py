"""What one sees who opens an address that only takes what a form sends."""

import pytest
from django.test import Client

from accounts.models import Member
from tests.cast import client_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/theme/", "/acme/settings/departments/add/"])
def test_it_says_so_in_a_page(alice: Member, path: str) -> None:
    response = client_of(alice).get(path)
    assert response.status_code == 405
    assert "This address only takes what a form sends" in response.content.decode()
    assert response["Allow"] == "POST"


def test_what_is_no_page_stays_as_it_is(alice: Member) -> None:
    assert client_of(alice).put("/acme/kpis/").content == b""
    assert "json" in Client().patch("/api/v1/me/")["Content-Type"]
