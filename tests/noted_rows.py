"""What tests note while they run, gathered once a whole run has passed, for a page of docs.

Knows pytest's reports. Must not know what is noted, nor any page.
"""

import os

import pytest


def note(item: pytest.Item, name: str, row: dict[str, str]) -> None:
    """Keep a row with a test's report, in whichever process it runs."""
    item.user_properties.append((name, row))


def noted(session: pytest.Session, exitstatus: int, name: str) -> list[dict[str, str]]:
    """The rows of this name, file by file; none unless all tests of the run have passed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    is_one_of_several = "PYTEST_XDIST_WORKER" in os.environ  # it saw a part of the tests
    if reporter is None or is_one_of_several or exitstatus != pytest.ExitCode.OK:
        return []
    passed = sorted(reporter.stats["passed"], key=lambda report: report.nodeid.split("::")[0])
    properties = [each for report in passed for each in report.user_properties]
    return [row for noted_name, row in properties if noted_name == name]
