"""Collects what each test found; after a whole run without a failure the page is written anew."""

import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.faults.report import Row, write

WRITE = "WRITE_RELIABILITY"
HERE = Path(__file__).parent
LIMIT_S = 180
ROW = "row"

Note = Callable[..., None]
"""Notes a row of the table: `note(fault=, how=, result=)`."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == HERE and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(LIMIT_S))


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Note:
    """Note what a test found, under the heading that its module names."""

    def noting(*, fault: str, how: str, result: str) -> None:
        row = Row(room=request.module.ROOM, fault=fault, how=how, result=result)
        request.node.user_properties.append((ROW, asdict(row)))

    return noting


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write the page file by file, in whichever processes the tests ran."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    is_one_of_several = "PYTEST_XDIST_WORKER" in os.environ  # it saw a part of the faults
    if reporter is None or is_one_of_several or exitstatus != pytest.ExitCode.OK:
        return
    if not os.environ.get(WRITE):
        return
    passed = sorted(reporter.stats["passed"], key=lambda report: report.nodeid.split("::")[0])
    noted = [noted for report in passed for noted in report.user_properties]
    write(Row(**row) for name, row in noted if name == ROW)
