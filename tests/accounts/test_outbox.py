import pytest
from django.core.mail import EmailMessage, get_connection
from django.test import Client

from accounts import mail
from tests.cast import client_of

BACKEND = "accounts.mail.OutboxBackend"


@pytest.fixture
def outbox(settings, tmp_path):
    settings.EMAIL_BACKEND = BACKEND
    settings.VAR = tmp_path


def send(subject="Hello", body="See http://localhost:8000/x/?a=1&b=2 <b>bold</b>"):
    EmailMessage(subject, body, to=["nora@example.com"], connection=get_connection(BACKEND)).send()


def test_a_mail_is_printed_and_kept(outbox, capsys):
    send()
    assert capsys.readouterr().out.startswith("Mail to nora@example.com: Hello\nSee http://")
    (letter,) = mail.letters()
    assert (letter.to, letter.subject) == ("nora@example.com", "Hello")


def test_only_the_last_mails_are_kept(outbox, monkeypatch):
    monkeypatch.setattr(mail, "KEPT", 3)
    for number in range(5):
        send(f"Mail {number}")
    assert [letter.subject for letter in mail.letters()] == ["Mail 4", "Mail 3", "Mail 2"]


def test_the_pages_show_mails_with_links_and_nothing_runs_in_them(outbox, db):
    send()
    assert "Hello" in Client().get("/dev/outbox/").content.decode()
    shown = Client().get(f"/dev/outbox/{mail.letters()[0].name}/").content.decode()
    assert '<a href="http://localhost:8000/x/?a=1&amp;b=2"' in shown
    assert "&lt;b&gt;bold&lt;/b&gt;" in shown


def test_an_empty_outbox_says_what_it_is_for(outbox, db):
    assert "No mail yet" in Client().get("/dev/outbox/").content.decode()
    assert Client().get("/dev/outbox/019c0000-0000-7000-8000-000000000000/").status_code == 404


def test_where_mails_are_sent_there_is_no_outbox(settings, alice):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert client_of(alice).get("/dev/outbox/").status_code == 404


def test_on_servers_there_is_no_outbox(outbox, settings, alice):
    settings.EMBEDDED, settings.DEBUG = False, False
    assert client_of(alice).get("/dev/outbox/").status_code == 404


def test_only_people_at_the_machine_itself_see_it(outbox, db):
    assert Client().get("/dev/outbox/", REMOTE_ADDR="192.0.2.7").status_code == 404
    assert Client().get("/dev/outbox/", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 404
    assert Client().get("/dev/outbox/", REMOTE_ADDR="::1").status_code == 200
