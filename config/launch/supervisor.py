"""Keeps the processes of one installation running together, and ends them together.

A program is asked to stop by a signal to its main process alone, because a Celery worker puts its work back only if its
pool is left in peace; what it leaves behind in its process group is killed afterwards. Programs end with the supervisor
even when that is killed (on Linux). The database is no program: the callers stop it last.
"""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from config.bootstrap import ending_with_us

STOP_SECONDS = 20
RESTART_SECONDS = 1.0
TOO_SOON_SECONDS = 10
TOO_SOON_TIMES = 3
WATCH_SECONDS = 0.5
LONGEST_LINE = 1024 * 1024


@dataclass(frozen=True)
class Program:
    """A process to keep running; ``name`` marks its lines in the log."""

    name: str
    command: Sequence[str]


class Supervisor:
    """Runs ``programs`` until it is told to stop, or until one of them keeps failing.

    The first program starts alone, to be there soonest; when ``ready`` returns True the others follow and ``welcome``
    is called. ``farewell`` is called when stopping begins, ``watch`` twice a second; its ``RuntimeError`` stops all.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        environment: Mapping[str, str],
        *,
        ready: Callable[[], bool],
        welcome: Callable[[], None],
        farewell: Callable[[], None],
        watch: Callable[[], None],
    ) -> None:
        self.programs = programs
        self.environment = environment
        self.ready = ready
        self.welcome = welcome
        self.farewell = farewell
        self.watch = watch
        self._keeping: list[asyncio.Task[None]] = []
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._stopping = asyncio.Event()
        self._killing = asyncio.Event()
        self._failed = False

    def run(self) -> int:
        """Block until everything has ended; the exit code is 1 if a program kept failing."""
        return asyncio.run(self._run())

    async def _run(self) -> int:
        for asked_to_stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(asked_to_stop, self._ask_to_stop)
        self._keep(self.programs[:1])
        watching = asyncio.create_task(self._watch())
        await self._stopping.wait()
        self.farewell()
        watching.cancel()
        await self._stop_all()
        return int(self._failed)

    def _ask_to_stop(self) -> None:
        """The first request lets the programs finish what they do, the second does not."""
        if self._stopping.is_set():
            self._killing.set()
        self._stopping.set()

    def _give_up(self, reason: str) -> None:
        _log("ladder", f"{reason} Stopping.")
        self._failed = True
        self._stopping.set()

    async def _watch(self) -> None:
        welcomed = False
        while True:
            try:
                self.watch()
            except RuntimeError as error:
                self._give_up(str(error))
            if not welcomed and await asyncio.to_thread(self.ready):
                self._keep(self.programs[1:])
                self.welcome()
                welcomed = True
            await asyncio.sleep(WATCH_SECONDS if welcomed else 0.05)

    def _keep(self, programs: Sequence[Program]) -> None:
        self._keeping += [asyncio.create_task(self._keep_running(program)) for program in programs]

    async def _keep_running(self, program: Program) -> None:
        too_soon = 0
        while not self._stopping.is_set():
            began = time.monotonic()
            code = await self._run_once(program)
            if self._stopping.is_set():
                return
            too_soon = too_soon + 1 if time.monotonic() - began < TOO_SOON_SECONDS else 0
            if too_soon == TOO_SOON_TIMES:
                self._give_up(f"{program.name} ended {TOO_SOON_TIMES} times in a row (exit code {code}).")
                return
            _log("ladder", f"{program.name} ended (exit code {code}): starting it again.")
            await asyncio.sleep(RESTART_SECONDS)

    async def _run_once(self, program: Program) -> int:
        output, its_end = os.pipe()
        process = await asyncio.create_subprocess_exec(
            *ending_with_us(),
            *program.command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=its_end,
            stderr=its_end,
            env=self.environment,
            start_new_session=True,
        )
        os.close(its_end)
        self._running[program.name] = process
        if self._stopping.is_set():
            process.terminate()
        relaying = asyncio.create_task(_relay(program.name, output))
        code = await process.wait()
        del self._running[program.name]
        _kill_group(process)
        await asyncio.wait([relaying], timeout=1)
        relaying.cancel()
        return code

    async def _stop_all(self) -> None:
        """Signal the main processes, wait for them, and kill those that take too long, or all when asked twice."""
        for process in self._running.values():
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        while not all(task.done() for task in self._keeping):
            if self._killing.is_set() or time.monotonic() > deadline:
                for process in self._running.values():
                    _kill_group(process)
            await asyncio.sleep(0.02)


def _kill_group(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


async def _relay(name: str, output: int) -> None:
    """The pipe is ours, not asyncio's, whose ``wait`` would also wait for the children of a program that has ended."""
    reader = asyncio.StreamReader(limit=LONGEST_LINE)
    loop = asyncio.get_running_loop()
    pipe, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(output, "rb"))
    with contextlib.closing(pipe):
        while line := await _line_of(reader):
            if text := line.decode(errors="replace").rstrip():
                _log(name, text)


async def _line_of(reader: asyncio.StreamReader) -> bytes:
    """The next line, or nothing at the end; one longer than any log line should be is dropped in pieces."""
    while True:
        with contextlib.suppress(ValueError):
            return await reader.readline()


def say(text: str) -> None:
    """Print a line; the terminal may be gone while programs are still being stopped."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


def _log(name: str, text: str) -> None:
    say(f"{name:>9} | {text}")
