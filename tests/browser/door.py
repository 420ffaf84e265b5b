"""The door of the tests' server: a browser that is closed leaves requests behind, which shall not meet the rows of the
next test. Scripts of the tests stand beside it, which the browser compiles once for all pages."""

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
PATIENCE = 30


class Door:
    """Lets requests through to the application while it is open; those that come when it is closed hear 503."""

    def __init__(self, application: Application, scripts: Mapping[str, str]) -> None:
        """``scripts`` are handed out at their paths."""
        self._application = application
        self._scripts = {path: script.encode() for path, script in scripts.items()}
        self._changed = threading.Condition()
        self._is_open = False
        self._inside = 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if script := self._scripts.get(environ["PATH_INFO"]):
            start_response(
                "200 OK", [("Content-Type", "text/javascript; charset=utf-8"), ("Cache-Control", "max-age=86400")]
            )
            return [script]
        if not self._enter():
            start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
            return [b"The test is over."]
        try:
            return self._application(environ, start_response)
        finally:
            self._leave()

    def open(self) -> None:
        with self._changed:
            self._is_open = True

    def close(self) -> None:
        """Let nobody in any more, and wait until everybody has left."""
        with self._changed:
            self._is_open = False
            assert self._changed.wait_for(lambda: not self._inside, PATIENCE), f"{self._inside} requests did not end"

    def _enter(self) -> bool:
        with self._changed:
            self._inside += self._is_open
            return self._is_open

    def _leave(self) -> None:
        with self._changed:
            self._inside -= 1
            self._changed.notify_all()
