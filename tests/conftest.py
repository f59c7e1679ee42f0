"""What holds for every test: its surroundings, and that none is skipped where none may be."""

import os
from collections.abc import Iterator

import pytest
import trustme
from hypothesis import HealthCheck, settings

NO_SKIPS = "EDGERAD_TESTS_NO_SKIPS"

# Before torch is imported. The tests' models are tiny: on busy cores a second thread only waits for
# the first, and keeps its core busy the while (the practice model: 0.4 s a film, with two 1.8 s).
os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_configure() -> None:
    """Have no example of hypothesis fail because the machine does other things too."""
    slow = [HealthCheck.too_slow]
    settings.register_profile("patient", deadline=None, suppress_health_check=slow)
    settings.load_profile("patient")


@pytest.fixture(autouse=True, scope="session")
def key_file_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Have tests, and the processes they start, make their key elsewhere than a clinic's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        patch.delenv("container", raising=False)  # what tests write may go with it
        yield


@pytest.fixture(autouse=True, scope="session")
def authorities_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Have no client of httpx read the world's certificate authorities: it takes 50 ms each."""
    authorities = tmp_path_factory.mktemp("authorities") / "one.pem"
    trustme.CA().cert_pem.write_to_path(authorities)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("certifi.where", lambda: str(authorities))
        patch.setenv("SSL_CERT_FILE", str(authorities))  # for the processes that tests start
        yield


@pytest.fixture(autouse=True, scope="session")
def durations_as_the_bot_has_them() -> Iterator[None]:
    """Have PTB give durations as timedelta, as the bot's own process does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PTB_TIMEDELTA", "1")
        yield


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run if a test was skipped in a place that promised to skip none."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not os.environ.get(NO_SKIPS):
        return
    if skipped := len(reporter.stats.get("skipped", [])):
        reporter.write_line(f"{skipped} skipped, and {NO_SKIPS} is set: the run fails", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
