"""Collects what each test found; after a whole run without a failure the page is written anew."""

import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from tests import noted_rows
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
        noted_rows.note(request.node, ROW, asdict(row))

    return noting


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write the page, where the run was asked to and every fault was tried."""
    rows = noted_rows.noted(session, exitstatus, ROW) if os.environ.get(WRITE) else []
    if rows:
        write(Row(**row) for row in rows)
