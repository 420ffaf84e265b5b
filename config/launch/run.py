"""`make run`: web, worker and scheduler beside their database, until told to stop."""

import http.client
import os

from config.bootstrap import PYTHON, RUN_LOCK, VAR
from config.embedded import Cluster
from config.launch import port as web_port
from config.launch.port import HOST
from config.launch.steps import demo_stamp, embedded_cluster, load_demo, make_folders, make_tables, prepare
from config.launch.supervisor import Program, Supervisor, say

DEMO_LOG_IN = "demo@ladder.example, password ladder-demo"
# Celery warns root of messages that are pickled; ours are JSON.
NO_WARNING_TO_ROOT = ("-W", "ignore:You're running the worker with superuser privileges")


def run() -> int:
    """Run the product until it is told to stop; whatever it started has ended when this returns."""
    port = web_port.chosen()
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


def supervise(port: int, cluster: Cluster | None) -> int:
    def watch() -> None:
        if cluster and not cluster.running():
            say("The database ended: starting it again.")
            cluster.ensure()

    return Supervisor(
        programs(port),
        {**os.environ, "PYTHONUNBUFFERED": "1", "TMPDIR": str(VAR / "tmp")},
        ready=lambda: answers(port),
        welcome=lambda: welcome(port, cluster),
        farewell=farewell,
        watch=watch,
    ).run()


def programs(port: int) -> list[Program]:
    """Processes with one thread each answer; the broker's folders need none of the chatter between workers."""
    python, quiet = [str(PYTHON), "-m"], ["--loglevel", "WARNING"]
    web = ["--interface", "wsgi", "--host", HOST, "--port", str(port), "--workers", "2", "--blocking-threads", "1"]
    # A worker told to stop while it still starts would never hear of it, and go on answering: hence the time limit.
    steady = ["--respawn-failed-workers", "--workers-kill-timeout", "5", "--no-ws", "--log-level", "warning"]
    alone = ["--concurrency", "2", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    return [
        Program("web", [*python, "granian", *web, *steady, "config.wsgi:application"]),
        Program(
            "worker",
            [str(PYTHON), *NO_WARNING_TO_ROOT, "-m", "celery", "--quiet", "-A", "config", "worker", *alone, *quiet],
        ),
        Program("scheduler", [*python, "celery", "--quiet", "-A", "config", "beat", "--pidfile=", *quiet]),
    ]


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1" if HOST == "0.0.0.0" else HOST, port, timeout=5)  # noqa: S104
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def welcome(port: int, cluster: Cluster | None) -> None:
    say(f"\nLadder runs at {os.environ.get('BASE_URL') or f'http://localhost:{port}'}")
    if cluster and demo_stamp(cluster).exists():
        say(f"Log in to the demo company as {DEMO_LOG_IN}.")
    say("Stop it with Ctrl-C.\n")


def farewell() -> None:
    announce_stopping()
    say("\nStopping, as soon as the worker has put down what it holds. Again: at once.")


def announce_stopping() -> None:
    """Tell the next `make run` in this folder to wait a moment rather than give up."""
    RUN_LOCK.write_text("")
