"""Which worker of pytest-xdist runs what, and when: files stay together, some folders too, and the longest go first.

What takes minutes and comes last keeps one processor busy while the other has nothing left to do.
"""

import pytest
from xdist.scheduler import LoadFileScheduling

LONGEST = (
    "tests/browser/test_pages.py",
    "tests/access/",
    "tests/kpis/engine/test_incremental.py",
    "tests/kpis/engine/explaining/test_explaining_properties.py",
    "tests/kpis/workers/",
    "tests/bootstrap/",
    "tests/isolation/",
    "tests/kpis/compute/",
    "tests/browser/",
    "tests/reports/demo/",
    "tests/contract/",
)
# Folders whose files look at the same, which takes long to make.
TOGETHER = ("tests/reports/demo/",)


class LongestFirst(LoadFileScheduling):  # type: ignore[misc]
    def _split_scope(self, nodeid: str) -> str:
        folder = next((folder for folder in TOGETHER if nodeid.startswith(folder)), None)
        return folder or str(super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LongestFirst:
    config.option.loadscopereorder = False  # by the number of tests, which says little here
    return LongestFirst(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(
        key=lambda item: next((at for at, path in enumerate(LONGEST) if item.nodeid.startswith(path)), len(LONGEST))
    )
