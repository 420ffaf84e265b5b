"""`make check`, `make test` and `make bench`."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from config import bootstrap
from config.bootstrap import PYTHON, ROOT, VENV, StepError, step
from config.launch.steps import install_demo_data, make_folders, make_front_end

APPS = ("config", "accounts", "kpis", "okrs", "segments", "reports")
# The one that takes longer than all the others together begins first.
CHECKS = {
    "Types": ["-m", "mypy", "--explicit-package-bases", "."],
    "Format": ["-m", "ruff", "format", "--check", "."],
    "Lint": ["-m", "ruff", "check", "."],
    "Imports": [str(VENV / "bin" / "lint-imports")],
    "Migrations": ["-W", "ignore::RuntimeWarning", "manage.py", "makemigrations", "--check", "--dry-run"],
    "Templates": ["-m", "djlint", *APPS, "--lint", "--quiet"],
}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Packages that tests need, as what they are found by, and which tests.
PROGRAMS = {
    "chromium": (CHROMIUM, "the browser tests"),
    "redis-server": (("redis-server",), "the tests of a Redis that fails"),
}


# What a desk leaves to continuous integration: there `CI` is set, and a skipped test fails the run.
EVERYTHING = ["-m", "not benchmark", "-p", "tests.nothing_skipped"]
WHAT_IS_QUICK = ["-m", "not benchmark and not slow", "--hypothesis-profile", "a quarter"]
LEFT_OUT = """
Left to continuous integration, because they take minutes (CI=true make test runs them here):
  tests marked slow: they start the whole product, kill or cut off its parts, load the demo, look at pages in further
  variations and without script, or try every address as members between those whose rights end;
  three of four examples that are drawn by lot for each property."""


def check() -> int:
    """Run every check; print what a failed one said and go on with the others."""
    with checking() as checks:
        return tell(checks)


@contextmanager
def checking() -> Iterator[dict[str, Future[str]]]:
    """What each check complains of, once it has ended; two run at a time."""
    make_folders()
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield {name: pool.submit(_complaint, name) for name in CHECKS}


def tell(checks: dict[str, Future[str]]) -> int:
    for name, complaint in checks.items():
        print(f"  {name:<28}{complaint.result() or '  passed'}", flush=True)
    return int(any(complaint.result() for complaint in checks.values()))


def _complaint(name: str) -> str:
    try:
        bootstrap.run([str(PYTHON), *CHECKS[name]])
    except StepError as failure:
        return f"  failed\n{failure}\n"
    return ""


def test(*arguments: str) -> int:
    """Run every check and every test; at a desk those of `LEFT_OUT` are left out.

    The tests run even where a check failed, so that one run tells everything.
    The tests begin beside the longest check, which tells after them how it ended.
    """
    in_ci = bool(os.environ.get("CI"))
    make_front_end()
    get_programs()
    install_demo_data()
    with checking() as checks:
        longest = {"Types": checks.pop("Types")}
        complained = tell(checks)
        chosen = EVERYTHING if in_ci else WHAT_IS_QUICK
        failed = _pytest("-n", "2", "--dist", "loadfile", *chosen, *arguments)
        complained |= tell(longest)
        if not in_ci:
            print(LEFT_OUT)
        return failed or complained


def bench(*arguments: str) -> int:
    make_front_end()
    return _pytest("-n", "0", "-s", "-m", "benchmark", "tests/benchmarks", *arguments)


def _pytest(*arguments: str) -> int:
    return subprocess.run([PYTHON, "-m", "pytest", *arguments], cwd=ROOT, check=False).returncode


def get_programs() -> None:
    """The browser tests drive the system's Chromium, some tests of faults a Redis; root installs both by `apt-get`."""
    missing = {name: what for name, (programs, what) in PROGRAMS.items() if not any(map(shutil.which, programs))}
    if not missing:
        return
    if not shutil.which("apt-get") or os.geteuid() != 0:
        for name, what in missing.items():
            print(f"No {name} here, so {what} will be skipped: install it (sudo apt-get install {name}).")
        return
    with step(" and ".join(missing).capitalize()):
        # In runlevel 1 a package does not start its own service.
        quietly = {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        bootstrap.run(["apt-get", "update", "-q"], **quietly)
        bootstrap.run(["apt-get", "install", "-q", "-y", "--no-install-recommends", *missing], **quietly)
