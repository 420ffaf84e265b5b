"""`make run`, as a stranger, a clumsy finger and a power cut treat it."""

import os
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from config.embedded import Cluster, EmbeddedError
from tests.bootstrap.conftest import Installation
from tests.bootstrap.processes import ROOT, Run, alive, environment, free_port, kill, living, running
from tests.waiting import eventually

pytestmark = pytest.mark.slow


def make_run(var: Path, port: object) -> subprocess.CompletedProcess[str]:
    """A `make run` that is expected to give up by itself."""
    command = ["make", "run", f"PORT={port}"]
    return subprocess.run(command, cwd=ROOT, env=environment(var), capture_output=True, text=True, timeout=60)


def test_a_second_run_in_the_same_folder_says_so_and_stops(ladder: Run) -> None:
    second = make_run(ladder.var, free_port())
    assert second.returncode != 0
    assert f"already runs from this folder (process {ladder.launcher})" in second.stderr
    assert ladder.answers()


def test_a_killed_database_is_started_again(ladder: Run) -> None:
    cluster = Cluster(ladder.var / "pg")
    kill(int((cluster.data / "postmaster.pid").read_text().split("\n")[0]))
    assert eventually(lambda: "The database ended: starting it again." in ladder.said)
    assert eventually(lambda: answers_queries(cluster))


def answers_queries(cluster: Cluster) -> bool:
    try:
        cluster.psql("-d", "ladder", "-c", "SELECT FROM django_migrations")
    except EmbeddedError:
        return False
    return True


def test_the_page_is_served_by_the_address_it_names(ladder: Run) -> None:
    address = next(line.split()[-1] for line in ladder.said.splitlines() if line.startswith("Ladder runs at"))
    with urllib.request.urlopen(address, timeout=10) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("killed", ["make", "launcher"])
def test_a_run_after_a_killed_one_simply_works(installation: Installation, ladder: Run, killed: str) -> None:
    of_the_first = living(ladder.var)
    kill(ladder.process.pid if killed == "make" else ladder.launcher)
    ladder.process.wait(60)
    assert installation.up().answers()
    assert Cluster(ladder.var / "pg").running()
    assert eventually(lambda: not of_the_first.keys() & living(ladder.var).keys()), living(ladder.var)


def test_sigterm_leaves_no_process_behind(ladder: Run) -> None:
    assert eventually(lambda: sum("celery" in command for command in alive(ladder.var)) >= 4), alive(ladder.var)
    ladder.process.terminate()
    ladder.process.wait(60)
    assert alive(ladder.var) == []


def test_ctrl_c_leaves_no_process_behind(ladder: Run) -> None:
    """A terminal sends it to everything in the foreground."""
    os.killpg(ladder.process.pid, signal.SIGINT)
    ladder.process.wait(60)
    assert alive(ladder.var) == []


def test_a_port_in_use_is_a_clear_sentence(var: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        refused = make_run(var, port)
    assert refused.returncode != 0
    assert f"Port {port} is in use by another program. Choose another: make run PORT=8000" in refused.stderr
    assert alive(var) == []


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1"])
def test_a_port_that_is_none_is_a_clear_sentence(var: Path, port: str) -> None:
    refused = make_run(var, port)
    assert refused.returncode != 0
    assert f"PORT={port} is no port: choose a number from 1 to 65535." in refused.stderr


@pytest.fixture
def ones_own(django_db_setup: None, django_db_blocker: Any) -> dict[str, str]:
    """The addresses of a database that somebody else's server holds, with the tables of an earlier run."""
    server = Cluster(Path(os.environ["LADDER_VAR"]) / "pg")
    with django_db_blocker.unblock():
        connection.close()  # what has a session open is not copied
    copied = f"CREATE DATABASE ones_own OWNER ladder_owner TEMPLATE {connection.settings_dict['NAME']}"
    server.psql("-d", "postgres", "-c", copied)
    url = "postgresql://{role}@/ones_own?host=" + str(server.socket)
    return {"DATABASE_URL": url.format(role="ladder_app"), "DATABASE_OWNER_URL": url.format(role="ladder_owner")}


def test_with_a_database_of_ones_own_nothing_embedded_starts(ones_own: dict[str, str], tmp_path: Path) -> None:
    var = tmp_path / "var"
    with running(var, free_port(), **ones_own) as run:
        assert "  Tables" in run.said
        assert run.answers()
        assert not (var / "pg").exists()
        assert not [command for command in alive(var) if "postgres -D" in command]
