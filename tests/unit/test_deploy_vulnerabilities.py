"""Locked packages looked up in a list of known vulnerabilities."""

import json
import subprocess
import sys
from typing import Any

import pytest

from deploy.release.vulnerabilities import main, understood

FOUND = {
    "dependencies": [
        {"name": "httpx", "version": "0.28.1", "vulns": []},
        {
            "name": "pillow",
            "version": "13.0.0",
            "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["13.0.1"]}],
        },
        {"name": "torch", "skip_reason": "not found"},
    ]
}


def test_a_report_is_understood() -> None:
    found = understood(FOUND)
    assert (found.looked_up, found.passed_over) == (2, ("torch",))
    assert found.vulnerable == ("pillow 13.0.0: PYSEC-2026-1, mended in 13.0.1",)


@pytest.mark.parametrize(
    ("report", "options", "status"),
    [
        (FOUND, [], 1),
        (FOUND, ["--if-possible"], 1),
        ({"dependencies": FOUND["dependencies"][:1]}, [], 0),
        ({"dependencies": FOUND["dependencies"][::2]}, [], 1),
        (None, [], 1),
        (None, ["--if-possible"], 0),
        ({"dependencies": FOUND["dependencies"][2:]}, [], 1),
        ({"dependencies": FOUND["dependencies"][2:]}, ["--if-possible"], 0),
    ],
)
def test_what_was_not_looked_up_is_never_called_sound(
    report: dict[str, Any] | None,
    options: list[str],
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Status 0 needs every package looked up; the option forgives a list out of reach alone."""
    told = "" if report is None else json.dumps(report)

    def run(*_: object, **__: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], 0, told, "")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(sys, "argv", ["vulnerabilities", *options])
    assert main() == status
    said = capsys.readouterr().out
    assert ("NOT AUDITED" in said) == (report is None or not understood(report).looked_up)
