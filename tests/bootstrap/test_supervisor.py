"""The supervisor, with small programs in place of the product's."""

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.bootstrap.processes import ROOT, alive, environment
from tests.waiting import eventually

pytestmark = pytest.mark.slow

SUPERVISE = """
import os, sys
from config.launch.supervisor import Program, Supervisor, say

programs = [Program(f"program{number}", [sys.executable, "-u", "-c", code]) for number, code in enumerate(sys.argv[1:])]
sys.exit(Supervisor(programs, os.environ, ready=lambda: True, welcome=lambda: say("welcome"),
                    farewell=lambda: say("farewell"), watch=lambda: None).run())
"""
SLEEPS = "import time; print('awake'); time.sleep(60)"
# A main process that winds down for a moment when told to stop, as a worker does, and a child that must not be told.
WINDS_DOWN = """
import signal, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
def wind_down(*_):
    time.sleep(0.3)
    print("child was told" if child.poll() is not None else "child was left in peace", flush=True)
    sys.exit()
signal.signal(signal.SIGTERM, wind_down)
print("awake", flush=True)
time.sleep(60)
"""
IGNORES = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("awake", flush=True)
time.sleep(60)
"""


class Supervised:
    def __init__(self, folder: Path, *programs: str, output: int | None = None) -> None:
        self.mark = folder / "var"
        self.log = folder / "log"
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISE, *(textwrap.dedent(program) for program in programs)],
            cwd=ROOT,
            env=environment(self.mark),
            stdout=output or self.log.open("wb"),
            stderr=subprocess.STDOUT,
        )

    def says(self, text: str, times: int = 1) -> bool:
        return eventually(lambda: self.log.read_text().count(text) >= times)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(30)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_asked_to_stop_it_leaves_no_process_behind(tmp_path: Path, how: signal.Signals) -> None:
    supervised = Supervised(tmp_path, SLEEPS, WINDS_DOWN)
    assert supervised.says("awake", times=2)
    assert supervised.stop(how) == 0
    assert alive(supervised.mark) == []


def test_children_of_a_program_are_left_in_peace_while_it_winds_down(tmp_path: Path) -> None:
    supervised = Supervised(tmp_path, WINDS_DOWN)
    assert supervised.says("awake")
    supervised.stop()
    assert supervised.says("program0 | child was left in peace")


def test_programs_end_with_a_killed_supervisor(tmp_path: Path) -> None:
    supervised = Supervised(tmp_path, SLEEPS, SLEEPS)
    assert supervised.says("awake", times=2)
    supervised.stop(signal.SIGKILL)
    assert eventually(lambda: alive(supervised.mark) == [])


def test_asked_twice_it_waits_for_nobody(tmp_path: Path) -> None:
    supervised = Supervised(tmp_path, IGNORES)
    assert supervised.says("awake")
    supervised.process.terminate()
    assert supervised.says("farewell")
    assert supervised.stop() == 0
    assert alive(supervised.mark) == []


def test_a_program_that_ends_is_started_again(tmp_path: Path) -> None:
    flag = str(tmp_path / "flag")
    once = f"import os\nif not os.path.exists({flag!r}): open({flag!r}, 'w'); raise SystemExit(7)\n"
    supervised = Supervised(tmp_path, once + SLEEPS)
    assert supervised.says("program0 ended (exit code 7): starting it again.")
    assert supervised.says("awake")
    assert supervised.stop() == 0


def test_a_program_that_keeps_failing_stops_everything(tmp_path: Path) -> None:
    supervised = Supervised(tmp_path, SLEEPS, "raise SystemExit('no luck')")
    assert supervised.process.wait(30) == 1
    assert supervised.says("program1 | no luck", times=3)
    assert supervised.says("program1 ended 3 times in a row (exit code 1). Stopping.")
    assert alive(supervised.mark) == []


def test_a_line_of_any_length_and_content_does_not_stop_the_log(tmp_path: Path) -> None:
    supervised = Supervised(tmp_path, "import os; os.write(1, b'x' * 3_000_000 + b'\\n\\xff\\n')\n" + SLEEPS)
    assert supervised.says("program0 | awake")
    assert supervised.stop() == 0


def test_others_follow_when_the_first_is_ready(tmp_path: Path) -> None:
    supervised = Supervised(tmp_path, SLEEPS, "print('following')\n" + SLEEPS)
    assert supervised.says("following")
    assert supervised.stop() == 0
    log = supervised.log.read_text()
    assert log.index("welcome") < log.index("following")


def test_a_terminal_that_is_gone_does_not_keep_it_from_stopping(tmp_path: Path) -> None:
    talks = "import time\nwhile True: print('still here'); time.sleep(0.05)"
    supervised = Supervised(tmp_path, talks, output=subprocess.PIPE)
    assert supervised.process.stdout is not None
    assert supervised.process.stdout.readline()
    supervised.process.stdout.close()
    assert eventually(lambda: len(alive(supervised.mark)) == 2)
    assert supervised.stop(signal.SIGHUP) == 0
    assert alive(supervised.mark) == []
