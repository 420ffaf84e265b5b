"""Loaded in continuous integration: there a skipped test is a failed run, because nobody would notice it."""

import pytest


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if skipped and session.exitstatus == pytest.ExitCode.OK:
        print(f"\n{len(skipped)} tests were skipped: in continuous integration all must run.")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
