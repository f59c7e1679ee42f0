"""The bot as a process: small, free of torch, alone on its folder, gone at once when told."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from machine.faults import EXIT_STATUS

MAX_RSS_BYTES = 120_000_000
NOBODY_LISTENS = "http://127.0.0.1:9"


@contextmanager
def bot_process(home: Path, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """Start the bot on a data folder, with a server that is not there."""
    environment = os.environ | {
        "EDGERAD_HOME": str(home),
        "EDGERAD_ENGINE": "scripted",
        "EDGERAD_BOT_API_URL": NOBODY_LISTENS,
        **settings,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "bot"], env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=10)


def wait_for_line(process: subprocess.Popen[str], part: str) -> str:
    """Read log lines until one holds a text."""
    assert process.stderr is not None
    for line in process.stderr:
        if part in line:
            return line
    raise AssertionError(f"the bot ended without saying {part!r}")


def test_the_bot_waits_for_its_server_stays_small_and_stops_cleanly_when_told(
    tmp_path: Path,
) -> None:
    with bot_process(tmp_path) as process:
        line = wait_for_line(process, "Waiting for the Bot API server")
        assert NOBODY_LISTENS in line
        assert "EDGERAD_BOT_API_URL" in line
        assert psutil.Process(process.pid).memory_info().rss < MAX_RSS_BYTES
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
        assert time.monotonic() - began < 5
    kept = [path for path in (tmp_path / "bot").rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o077 for path in kept} == {0}


def test_the_bot_with_engines_elsewhere_looks_for_them_and_is_no_larger(tmp_path: Path) -> None:
    settings = {"EDGERAD_ENGINE": "remote", "EDGERAD_ENGINE_URLS": NOBODY_LISTENS}
    with bot_process(tmp_path, **settings) as process:
        wait_for_line(process, "Nothing listens at 127.0.0.1:9.")
        assert psutil.Process(process.pid).memory_info().rss < MAX_RSS_BYTES


def test_a_second_bot_on_the_same_folder_says_so_and_ends(tmp_path: Path) -> None:
    with bot_process(tmp_path) as first:
        wait_for_line(first, "Waiting for the Bot API server")
        with bot_process(tmp_path) as second:
            wait_for_line(second, "Another bot runs on this data folder")
            assert second.wait(timeout=60) == EXIT_STATUS


def test_the_bot_process_never_imports_torch() -> None:
    code = (
        "import sys, bot.app, bot.__main__\n"
        "heavy = {'torch', 'transformers', 'accelerate', 'bitsandbytes', 'PIL', 'pydicom'}\n"
        "print(*sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (0, "\n")
