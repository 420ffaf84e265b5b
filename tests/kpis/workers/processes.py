"""Real processes for tests of what happens when they fail: a Celery worker with its scheduler, and a Redis."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from celery import Celery, current_app
from django.db import connection

from tests.waiting import eventually

ROOT = Path(__file__).resolve().parents[3]
SWEEP_SECONDS = 0.5


class Broker:
    """Where messages go, as environment for processes and as settings for this one."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url
        for name in ("queue", "control", "processed"):
            (folder / "broker" / name).mkdir(parents=True)

    @contextmanager
    def used_here(self) -> Iterator[None]:
        """Have this process, whose settings name another broker, ring at this one."""
        usual = current_app._get_current_object()
        app = Celery("writer", set_as_current=False)
        app.config_from_object("django.conf:settings", namespace="CELERY")
        app.conf.update(broker_url=self.url, broker_transport_options=self._options())
        app.set_current()
        try:
            yield
        finally:
            usual.set_current()
            app.close()

    def _options(self) -> dict[str, object]:
        if not self.url.startswith("filesystem:"):
            return {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
        broker = self.folder / "broker"
        return {
            "data_folder_in": str(broker / "queue"),
            "data_folder_out": str(broker / "queue"),
            "control_folder": str(broker / "control"),
            "processed_folder": str(broker / "processed"),
        }


class Process:
    """A program in a process group of its own, ended with everything it started."""

    def __init__(self, command: list[str], log: Path, **environment: str) -> None:
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **environment},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def signal(self, number: signal.Signals) -> None:
        """Send it to all processes of the group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self._process.wait()

    def has_ended(self) -> bool:
        return self._process.poll() is not None


class Worker:
    """A worker as `make run` runs it, with the scheduler inside, on the database of the tests.

    Celery's worker sometimes ends when its Redis does, instead of connecting again; whoever runs it starts it again.
    """

    CONCURRENCY = 2
    COMMAND = ("-m", "celery", "-A", "config", "worker", "--beat", f"--concurrency={CONCURRENCY}", "--loglevel=INFO")

    def __init__(self, broker: Broker) -> None:
        self.broker = broker
        self._log = broker.folder / "worker.log"
        self._process = self._start()

    def keep_running(self) -> None:
        if self._process.has_ended():
            self._process.kill()  # what it left behind
            self._process = self._start()

    def kill(self) -> None:
        self._process.kill()

    def said(self, words: str) -> int:
        """How often its log has the words."""
        return self._log.read_text().count(words)

    def _start(self) -> Process:
        database = connection.get_connection_params()
        url = f"postgresql://{database['user']}@/{database['dbname']}?host={database['host']}"
        return Process(
            [sys.executable, *self.COMMAND],
            self._log,
            DATABASE_URL=url,
            DATABASE_OWNER_URL=url,
            CELERY_BROKER_URL=self.broker.url,
            LADDER_VAR=str(self.broker.folder),
            SWEEP_SECONDS=str(SWEEP_SECONDS),
            LOG_LEVEL="INFO",
        )


def start_redis(folder: Path) -> Process:
    """A Redis that keeps nothing and listens on a socket in ``folder`` alone."""
    program = shutil.which("redis-server")
    assert program
    listening = ["--port", "0", "--unixsocket", str(folder / "redis.sock")]
    redis = Process([program, *listening, "--save", "", "--dir", str(folder)], folder / "redis.log")
    assert eventually((folder / "redis.sock").exists)
    return redis
