"""The stamp that pages poll."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions.organizations import bump_version
from accounts.models import Member, Organization
from tests.cast import client_of, inside


def test_it_moves_when_something_pages_show_has_changed(vera: Member, acme: Organization) -> None:
    client = client_of(vera)
    assert client.get("/acme/version/").json() == {"version": "0"}
    with inside(acme):
        bump_version(acme.pk)
    assert client.get("/acme/version/").json() == {"version": "1"}


def test_what_has_not_moved_is_not_sent_again(vera: Member, acme: Organization) -> None:
    client = client_of(vera)
    etag = client.get("/acme/version/")["ETag"]
    again = client.get("/acme/version/", headers={"if-none-match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    with inside(acme):
        bump_version(acme.pk)
    assert client.get("/acme/version/", headers={"if-none-match": etag}).status_code == 200


def test_it_costs_nothing_beyond_finding_the_member(vera: Member) -> None:
    client = client_of(vera)
    with CaptureQueriesContext(connection) as queries:
        client.get("/acme/version/")
    asked = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
    assert len(asked) == 3, asked  # the session, the user, the member with the organization


def test_an_outsider_does_not_learn_that_it_exists(charlie: Member, acme: Organization) -> None:
    assert client_of(charlie).get("/acme/version/").status_code == 404
