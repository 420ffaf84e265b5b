"""Real processes for the tests of the set-up: started with a mark in their environment, so that none can hide."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.waiting import eventually

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180  # seconds: a start compiles and migrates, and the other tests run beside it
OF_THE_TESTS = re.compile(
    r"(DATABASE_|CELERY_|DJANGO_|PYTEST_|MAKE|MFLAGS|SECRET_KEY|BASE_URL|DEBUG|PORT$|LADDER_VAR$)"
)


def environment(var: Path, **more: str) -> dict[str, str]:
    """Nothing of the test run's own settings; ``LADDER_VAR`` is also the mark by which ``living`` finds processes."""
    inherited = {name: value for name, value in os.environ.items() if not OF_THE_TESTS.match(name)}
    return inherited | {"LADDER_VAR": str(var)} | more


def living(var: Path) -> dict[int, str]:
    """The living processes that were started, at whatever remove, with this ``LADDER_VAR``: command lines by id."""
    mark = f"LADDER_VAR={var}".encode()
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found[int(process.name)] = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
    return found


def alive(var: Path) -> list[str]:
    return list(living(var).values())


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Run:
    """One `make run` with a ``var`` and a port of its own."""

    def __init__(self, var: Path, port: int, **more: str) -> None:
        self.var = var
        self.port = port
        self.log = var.with_suffix(".log")
        self.process = subprocess.Popen(
            ["make", "run"],
            cwd=ROOT,
            env=environment(var, PORT=str(port), **more),
            stdin=subprocess.DEVNULL,
            stdout=self.log.open("wb"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def said(self) -> str:
        return self.log.read_text()

    @property
    def launcher(self) -> int:
        """The process that supervises all others: the only child of `make`."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0])

    def welcomes(self) -> bool:
        return eventually(lambda: "Ladder runs at" in self.said or self.process.poll() is not None, PATIENCE) and (
            "Ladder runs at" in self.said
        )

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/static/dist/ladder.css", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def end(self) -> None:
        """Ask twice, so that nothing is waited for."""
        with contextlib.suppress(OSError, IndexError):
            launcher = self.launcher
            os.kill(launcher, signal.SIGTERM)
            time.sleep(0.2)
            os.kill(launcher, signal.SIGTERM)
        self.process.wait(PATIENCE)


@contextmanager
def running(var: Path, port: int, **more: str) -> Iterator[Run]:
    run = Run(var, port, **more)
    try:
        assert run.welcomes(), run.said
        yield run
    finally:
        run.end()


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
