from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bootstrap.processes import Run, free_port


class Installation:
    """One ``var`` and the run that uses it, if any; without the demo, which takes long."""

    def __init__(self, folder: Path) -> None:
        self.var = folder / "var"
        self._run: Run | None = None
        home = self.var / "pg"
        home.mkdir(parents=True, mode=0o700)
        (home / "demo").touch()

    def up(self) -> Run:
        if self._run is None or self._run.process.poll() is not None:
            self._run = Run(self.var, free_port())
            assert self._run.welcomes(), self._run.said
        return self._run

    def down(self) -> Path:
        if self._run is not None:
            self._run.end()
        return self.var


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    installation = Installation(tmp_path_factory.mktemp("installation"))
    installation.up()
    yield installation
    installation.down()


@pytest.fixture
def ladder(installation: Installation) -> Run:
    """A run that answers; the tests may leave it running for one another."""
    return installation.up()


@pytest.fixture
def var(installation: Installation) -> Path:
    """The folder of an installation that does not run."""
    return installation.down()
