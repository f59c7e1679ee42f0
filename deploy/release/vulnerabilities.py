"""Looks the locked packages up in a list of known vulnerabilities, by pip-audit.

Knows pip-audit's report. That list is on the internet; a package index that is only a mirror may
not have it, and pip-audit then passes packages over without a word. Here that is a failure.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import Any

from deploy.release.lock import LOCKS, ROOT, entries
from machine.project import python_module

# diskcache unpickles what it finds in its folder. llama-cpp-python imports it and opens no cache
# unless told to, which is never done here; no version is mended.
ACCEPTED = ("CVE-2025-69872",)


@dataclass(frozen=True, slots=True, kw_only=True)
class PipAuditReport:
    """What came of looking packages up.

    Args:
        looked_up: How many were.
        passed_over: Those that the list does not have, by name.
        vulnerable: A line for each known vulnerability.
    """

    looked_up: int
    passed_over: tuple[str, ...]
    vulnerable: tuple[str, ...]


def understood(report: dict[str, Any]) -> PipAuditReport:
    """Read a report."""
    found = report["dependencies"]
    known = [each for each in found if "vulns" in each]
    return PipAuditReport(
        looked_up=len(known),
        passed_over=tuple(each["name"] for each in found if "vulns" not in each),
        vulnerable=tuple(
            f"{each['name']} {each['version']}: {vulnerability['id']}, mended in "
            f"{', '.join(vulnerability['fix_versions']) or 'no version'}"
            for each in known
            for vulnerability in each["vulns"]
        ),
    )


def look_up() -> PipAuditReport:
    """Look up all that the lock files name.

    Returns:
        What came of it; nothing looked up where the list cannot be reached.
    """
    named: dict[str, str] = {}
    for lock in LOCKS:
        named |= entries((ROOT / lock).read_text())
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as pins:
        pins.writelines(lines.split()[0] + "\n" for lines in named.values())
        pins.flush()
        command = [
            *python_module("pip_audit", "--format", "json", "--progress-spinner", "off"),
            *("--disable-pip", "--no-deps", "--requirement", pins.name),
            *(f"--ignore-vuln={each}" for each in ACCEPTED),
        ]
        told = subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603
    if not told:
        return PipAuditReport(looked_up=0, passed_over=tuple(named), vulnerable=())
    return understood(json.loads(told))


def main() -> int:
    """Say what is known; with `--if-possible`, a list that cannot be reached is no failure."""
    found = look_up()
    say = sys.stdout.write
    for line in found.vulnerable:
        say(line + "\n")
    if not found.looked_up:
        say("NOT AUDITED: no list of vulnerabilities can be reached from here.\n")
        return 0 if "--if-possible" in sys.argv else 1
    say(f"{found.looked_up} packages looked up, {len(found.vulnerable)} vulnerabilities known.\n")
    if found.passed_over:
        say(f"Not on the list: {', '.join(found.passed_over)}\n")
    return 1 if found.vulnerable or found.passed_over else 0


if __name__ == "__main__":
    sys.exit(main())
