"""The steps that come before anything is installed."""

import subprocess
import sys
from concurrent.futures import Future
from contextlib import nullcontext
from pathlib import Path

import pytest

from config import bootstrap
from config.bootstrap import StepError, do_once
from config.launch import checks, steps


class Count:
    """An action that counts how often it was done, and fails while told to."""

    def __init__(self) -> None:
        self.done = 0
        self.fails = False

    def __call__(self) -> None:
        if self.fails:
            raise StepError("no luck")
        self.done += 1


@pytest.fixture
def lock_file(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.txt"
    path.write_text("django==5.2")
    return path


@pytest.fixture
def stamp(tmp_path: Path) -> Path:
    return tmp_path / "made" / ".stamp"


def test_a_step_is_done_once_for_the_same_inputs(lock_file: Path, stamp: Path) -> None:
    action = Count()
    do_once("Packages", stamp, [lock_file], action)
    do_once("Packages", stamp, [lock_file], action)
    assert action.done == 1


def test_a_step_is_done_again_when_an_input_changed(lock_file: Path, stamp: Path) -> None:
    action = Count()
    do_once("Packages", stamp, [lock_file], action)
    lock_file.write_text("django==5.3")
    do_once("Packages", stamp, [lock_file], action)
    assert action.done == 2


def test_a_renamed_file_in_a_folder_of_inputs_is_a_change(lock_file: Path, stamp: Path) -> None:
    action = Count()
    do_once("Bundle", stamp, [lock_file.parent], action)
    stamp_of_one_name = stamp.read_text()
    lock_file.rename(lock_file.with_name("renamed.txt"))
    assert bootstrap.digest([lock_file.parent]) != stamp_of_one_name


def test_a_failed_step_is_done_again_even_where_it_once_ended_well(lock_file: Path, stamp: Path) -> None:
    action = Count()
    do_once("Packages", stamp, [lock_file], action)
    before = lock_file.read_text()
    lock_file.write_text("django==broken")
    action.fails = True
    with pytest.raises(StepError, match="no luck"):
        do_once("Packages", stamp, [lock_file], action)
    lock_file.write_text(before)
    action.fails = False
    do_once("Packages", stamp, [lock_file], action)
    assert action.done == 2


def test_a_front_end_that_cannot_be_made_stops_the_start_once_all_else_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(announce: bootstrap.Announce) -> None:
        raise StepError("no bundle")

    monkeypatch.setattr(bootstrap, "make_front_end", fail)
    done = Count()
    with pytest.raises(StepError, match="no bundle"), steps.static_files_in_the_background():
        done()
    assert done.done == 1


def test_a_failed_command_says_what_it_said() -> None:
    with pytest.raises(StepError, match="disk is full"):
        bootstrap.run([sys.executable, "-c", "import sys; sys.exit('disk is full')"])


@pytest.mark.skipif(not bootstrap.ending_with_us(), reason="only Linux tells a process of its parent's end")
def test_a_program_whose_parent_is_gone_already_does_not_begin() -> None:
    *beginning, parent = bootstrap.ending_with_us()
    assert subprocess.run([*beginning, parent, "echo", "on"], check=False, capture_output=True).stdout == b"on\n"
    gone = subprocess.run([*beginning, "1", "echo", "on"], check=False, capture_output=True)
    assert (gone.returncode, gone.stdout) == (1, b"")


def test_what_may_not_lie_beside_sources_is_compiled_into_the_virtual_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "")
    bootstrap.keep_bytecode()
    written = bootstrap.run([sys.executable, "-c", "import sys; print(sys.dont_write_bytecode, sys.pycache_prefix)"])
    assert written.split() == ["False", str(bootstrap.VENV / "bytecode")]


def test_an_old_python_is_refused_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    assert bootstrap.main("run") == 1
    assert "Ladder needs Python 3.11 or newer" in capsys.readouterr().err


def test_a_killed_installation_is_begun_anew_and_a_failed_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "UNFINISHED", tmp_path / ".unfinished")
    with pytest.raises(StepError), bootstrap.begun_again_if_killed():
        raise StepError("no network")
    assert not bootstrap.UNFINISHED.exists()
    with pytest.raises(KeyboardInterrupt), bootstrap.begun_again_if_killed():
        raise KeyboardInterrupt
    assert bootstrap.UNFINISHED.exists()


@pytest.mark.parametrize(("ci", "is_a_desk"), [("true", False), ("", True)])
def test_a_desk_leaves_out_what_is_slow_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ci: str, is_a_desk: bool
) -> None:
    for step in ("make_front_end", "get_programs", "install_demo_data"):
        monkeypatch.setattr(checks, step, lambda: None)
    types: Future[str] = Future()
    types.set_result("")
    monkeypatch.setattr(checks, "checking", lambda: nullcontext({"Types": types}))
    asked: list[str] = []
    monkeypatch.setattr(checks, "_pytest", lambda *arguments: asked.extend(arguments) or 0)
    monkeypatch.setenv("CI", ci)
    assert checks.test("-x") == 0
    assert asked[-1] == "-x"
    assert ("not benchmark and not slow" in asked) == is_a_desk
    assert ("a quarter" in asked) == is_a_desk
    assert ("tests.nothing_skipped" in asked) == (not is_a_desk)
    assert ("Left to continuous integration" in capsys.readouterr().out) == is_a_desk


@pytest.mark.slow
@pytest.mark.parametrize(("skips", "code"), [("False", 0), ("True", 1)])
def test_in_continuous_integration_a_skipped_test_fails_the_run(tmp_path: Path, skips: str, code: int) -> None:
    (tmp_path / "test_it.py").write_text(
        f"import pytest\n\n@pytest.mark.skipif({skips}, reason='no browser')\ndef test_it(): pass\n"
    )
    pytest_there = ["-m", "pytest", "-c", "/dev/null", "--rootdir", str(tmp_path), "-p", "tests.nothing_skipped"]
    done = subprocess.run([sys.executable, *pytest_there, str(tmp_path)], cwd=bootstrap.ROOT, check=False)
    assert done.returncode == code
