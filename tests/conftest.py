"""What holds for every test: where everything was installed for it, none may be skipped."""

import os

import pytest

NO_SKIPS = "EDGERAD_TESTS_NO_SKIPS"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run if a test was skipped in a place that promised to skip none."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not os.environ.get(NO_SKIPS):
        return
    if skipped := len(reporter.stats.get("skipped", [])):
        reporter.write_line(f"{skipped} skipped, and {NO_SKIPS} is set: the run fails", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
