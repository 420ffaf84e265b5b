"""The port the web answers at, asked for before anything is started."""

import errno
import os
import socket
import time

from config.bootstrap import AFTER_A_KILL, StepError

HOST = os.environ.get("LADDER_HOST") or "127.0.0.1"
WAIT_SECONDS = 8


def chosen() -> int:
    """The port from the environment, once it is free: a run that was killed a moment ago may need some seconds."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise StepError(f"PORT={text} is no port: choose a number from 1 to 65535.")
    port = int(text)
    problem = problem_with(port)
    deadline = time.monotonic() + (WAIT_SECONDS if AFTER_A_KILL in os.environ else 0)
    while problem and time.monotonic() < deadline:
        time.sleep(0.1)
        problem = problem_with(port)
    if problem:
        raise StepError(f"{problem} Choose another: make run PORT={8001 if port == 8000 else 8000}")
    return port


def problem_with(port: int) -> str:
    """Web processes would share a port with a stranger without a word, so whether it is free is asked before."""
    try:
        with socket.create_server((HOST, port), family=socket.AF_INET6 if ":" in HOST else socket.AF_INET):
            return ""
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return f"Port {port} is in use by another program."
        return f"Port {port} cannot be used: {error.strerror}."
