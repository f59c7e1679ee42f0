"""EdgeRad without a terminal, as an operator starts, asks and stops it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.running import background
from deploy.running.background import BackgroundFault, service_of, show_log
from deploy.running.sandbox import environment_of, free_port
from machine.faults import EXIT_STATUS
from storage.home import Holder, hold

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Runs `edgerad` with a data folder of the test's own; what still runs then is stopped."""
    told = {
        "EDGERAD_HOME": str(tmp_path / "data"),
        "EDGERAD_BOT_API_PORT": str(free_port()),
        "EDGERAD_ENGINE": "scripted",
        "EDGERAD_MDNS": "false",
    }
    environment = environment_of(free_port(), tmp_path / "key", told)

    def command(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-P", "-m", "deploy", *words],
            env=environment | settings,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    yield command
    command("stop")


def test_it_runs_without_a_terminal_until_it_is_stopped(run: Run) -> None:
    before = run("status")
    assert "it does not run" in before.stdout

    started = run("up", "--detach")
    assert started.returncode == 0, started.stdout
    assert "EdgeRad is ready" in started.stdout
    assert "/join#" in started.stdout
    assert "To stop it: edgerad stop" in started.stdout

    now = run("status")
    assert now.returncode == 0, now.stdout
    assert "runs (process" in now.stdout
    assert "no readings to do" in now.stdout
    assert "none was made yet" in now.stdout
    assert "█" in now.stdout
    assert "http://127.0.0.1:" in now.stdout
    assert "EdgeRad is ready" in run("logs").stdout
    assert len(run("logs", "-n", "1").stdout.splitlines()) == 1

    assert "EdgeRad has stopped." in run("stop").stdout
    assert "EdgeRad does not run." in run("stop").stdout
    assert "it does not run" in run("status").stdout


def test_what_cannot_start_says_why(run: Run) -> None:
    done = run("up", "--detach", EDGERAD_ENGINE="local", EDGERAD_MODEL="medgemma-27b-it")
    assert done.returncode == EXIT_STATUS
    assert "edgerad model list" in done.stdout
    assert "did not start" in done.stderr


def test_a_service_is_not_stopped_behind_systemds_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = tmp_path / "cgroup"
    group.write_text("0::/system.slice/edgerad.service\n")
    monkeypatch.setattr(background, "_CGROUP", str(group))
    with hold(tmp_path / "data", Holder.SYSTEM):
        with pytest.raises(BackgroundFault, match=r"systemctl stop edgerad\.service"):
            background.stop(tmp_path / "data")
        shown = show_log(tmp_path / "data", 5, follow=True)
    assert shown == ["journalctl", "-u", "edgerad.service", "-n", "5", "-f"]


@pytest.mark.parametrize(
    ("group", "unit"),
    [
        ("0::/system.slice/edgerad.service", "edgerad.service"),
        ("0::/user.slice/user-1000.slice/user@1000.service/app.slice/term.scope", None),
        ("0::/", None),
    ],
)
def test_the_service_of_a_process_is_told_by_its_cgroup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, group: str, unit: str | None
) -> None:
    (tmp_path / "cgroup").write_text(group + "\n")
    monkeypatch.setattr(background, "_CGROUP", str(tmp_path / "cgroup"))
    assert service_of(1) == unit


def test_where_there_is_no_log_the_operator_is_told_where_the_words_are(tmp_path: Path) -> None:
    with pytest.raises(BackgroundFault, match="the terminal that EdgeRad was started in"):
        show_log(tmp_path, 5, follow=False)


def test_a_log_that_became_long_is_put_aside_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    log = tmp_path / "data" / "edgerad.log"
    log.parent.mkdir()
    log.write_text("old\n")
    monkeypatch.setattr(background, "_LONGEST_LOG_BYTES", 3)
    monkeypatch.setattr(background, "python_module", lambda *_: [sys.executable, "-c", ""])
    with pytest.raises(BackgroundFault, match="did not start"):
        background.start(log.parent, lambda _: None)
    assert log.read_text() == ""
    assert log.with_name("edgerad.log.1").read_text() == "old\n"


@pytest.mark.parametrize("words", [(), ("model",), ("key",), ("audit",), ("tls",), ("bench",)])
def test_the_help_fits_a_terminal_of_80_columns_and_cuts_nothing_off(
    run: Run, words: tuple[str, ...]
) -> None:
    shown = run(*words, "--help", COLUMNS="80").stdout
    assert "Commands:" in shown
    assert max(map(len, shown.splitlines())) <= 80
    assert "..." not in shown.replace("[ARGS]...", "")
    assert "<bool>" not in shown


def test_the_release_is_said(run: Run) -> None:
    assert run("--version").stdout.startswith("EdgeRad 0.")
