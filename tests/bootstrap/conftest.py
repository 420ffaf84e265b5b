from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bootstrap.processes import Run, free_port, running


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of one installation, made by its first run and kept for the next; without the demo, which takes long."""
    var = tmp_path_factory.mktemp("installation") / "var"
    home = var / "pg"
    home.mkdir(parents=True, mode=0o700)
    (home / "demo").touch()
    with running(var, free_port()):
        pass
    return var


@pytest.fixture
def ladder(var: Path) -> Iterator[Run]:
    with running(var, free_port()) as run:
        yield run
