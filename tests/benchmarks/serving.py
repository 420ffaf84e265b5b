"""The web process of `make run`, on the database of the tests."""

import http.client
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import Client

from tests.bootstrap.processes import free_port
from tests.kpis.workers.processes import Process
from tests.waiting import eventually


class Server:
    """Answers one request at a time, as seen over HTTP."""

    def __init__(self, folder: Path, token: str = "") -> None:
        (folder / "broker" / "queue").mkdir(parents=True)
        (folder / "broker" / "control").mkdir()
        (folder / "static").symlink_to(Path(os.environ["LADDER_VAR"]) / "static")
        self.port = free_port()
        self.token = token
        database = connection.get_connection_params()
        url = f"postgresql://{database['user']}@/{database['dbname']}?host={database['host']}"
        web = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port), "--workers", "1"]
        self.process = Process(
            [sys.executable, "-m", "granian", *web, "--blocking-threads", "1", "config.wsgi:application"],
            folder / "web.log",
            DATABASE_URL=url,
            CELERY_BROKER_URL="filesystem://localhost",
            LADDER_VAR=str(folder),
        )
        assert eventually(self._answers)

    def get(self, path: str, reader: Client) -> bytes:
        """A page as somebody sees it who is logged in as ``reader`` is."""
        session = reader.cookies[settings.SESSION_COOKIE_NAME].value
        return self._ask("GET", path, b"", {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"})

    def post(self, body: bytes) -> dict[str, int]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        return dict(json.loads(self._ask("POST", "/api/v1/measurements/", body, headers)))

    def post_here(self, body: bytes) -> None:
        """The same request through all middleware to the view, in this process."""
        headers = {"Authorization": f"Bearer {self.token}"}
        response = Client().post("/api/v1/measurements/", body, content_type="application/json", headers=headers)
        assert response.status_code == 200, response.content

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
        connected = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connected.request(method, path, body, headers)
        response = connected.getresponse()
        answer = response.read()
        assert response.status == 200, answer
        connected.close()
        return answer

    def _answers(self) -> bool:
        try:
            connected = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connected.request("GET", "/healthz")
            return connected.getresponse().status == 200
        except OSError:
            return False


@contextmanager
def serving(folder: Path, token: str = "") -> Iterator[Server]:
    started = Server(folder, token)
    try:
        yield started
    finally:
        started.process.kill()
