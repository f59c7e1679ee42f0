"""Collects what became of each attack: the page must say the same, or is written anew."""

import os
from collections.abc import Callable
from dataclasses import asdict

import pytest

from tests.attacks.outcomes import Outcome, write, written
from tests.integration.conftest import bot, chat_id, gateway, phone
from tests.noted_rows import note, noted

__all__ = ["bot", "chat_id", "gateway", "phone"]

WRITE = "WRITE_SECURITY"
OUTCOME = "outcome"

Note = Callable[[str, str], None]
"""Notes a row of the tables: `outcome(attack, result)`. The attack is a literal."""


@pytest.fixture
def outcome(request: pytest.FixtureRequest) -> Note:
    """Note what became of an attack, by whomever the test's module names."""

    def noting(attack: str, result: str) -> None:
        found = Outcome(
            attacker=request.module.ATTACKER, attack=attack, result=result, test=request.path.name
        )
        note(request.node, OUTCOME, asdict(found))
        if not os.environ.get(WRITE):
            assert found in written(), "docs/security.md says otherwise: `make attacks` writes it"

    return noting


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write the tables, where the run was asked to and all attacks were tried."""
    rows = noted(session, exitstatus, OUTCOME) if os.environ.get(WRITE) else []
    if rows:
        write(Outcome(**row) for row in rows)
