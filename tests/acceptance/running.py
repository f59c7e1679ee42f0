"""`edgerad up` as a process that tests start, look into and kill."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import psutil

from deploy.running.sandbox import free_port
from machine.project import PROJECT_ROOT, python_module

START_S = 60.0
STOP_S = 60.0
T = TypeVar("T")


def eventually(look: Callable[[], T | None], what: str, limit_s: float = START_S) -> T:
    """Look again and again until there is something; a process of its own sends no event."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if (found := look()) is not None:
            return found
        time.sleep(0.02)
    raise AssertionError(f"after {limit_s:g} s still no {what}")


class EdgeRad:
    """One EdgeRad on loopback with a data folder of its own."""

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self._settings = settings or {}
        self.home = folder / "data"
        self.port, self.bots_port = free_port(), free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self._output = folder / "output.txt"
        self._process: subprocess.Popen[bytes] | None = None

    def start(
        self, preexec_fn: Callable[[], None] | None = None, standing_in: Path = PROJECT_ROOT
    ) -> None:
        """Start it and wait for its banner."""
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                python_module("deploy", "up"),
                cwd=standing_in,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=preexec_fn,  # noqa: PLW1509 - it takes no lock
            )
        eventually(lambda: "To stop" in self.output() or None, f"banner in: {self.output()}")

    def stop(self) -> float:
        """Ask it to stop, as systemd would; says how long that took, in seconds."""
        assert self._process is not None
        started = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        assert self._process.wait(STOP_S) == 0
        return time.monotonic() - started

    def output(self) -> str:
        """All that it has printed."""
        return self._output.read_text(errors="replace")

    def supervisor_code(self) -> str:
        """The invite in the banner of the first start."""
        found = re.search(r"/join#(\w+)", self.output())
        assert found, self.output()
        return found[1]

    @property
    def pid(self) -> int:
        """The process that started all others."""
        assert self._process is not None
        return self._process.pid

    def process(self, module: str) -> psutil.Process:
        """The process that runs a module of the project, once there is one."""
        return eventually(lambda: self._find(module), f"process of {module}")

    def kill(self, module: str) -> None:
        """End a process as a power cut would."""
        process = self.process(module)
        process.kill()
        eventually(lambda: None if process.is_running() else True, f"end of {module}")

    def hold(self, module: str) -> None:
        """Stop a process in the middle of whatever it does."""
        self.process(module).suspend()

    def let_go(self, module: str) -> None:
        """Let a process that was held, or the one that took its place, go on."""
        self.process(module).resume()

    def _find(self, module: str) -> psutil.Process | None:
        assert self._process is not None
        for process in psutil.Process(self._process.pid).children(recursive=True):
            try:
                if f"-m {module}" in " ".join(process.cmdline()):
                    return process
            except psutil.Error:
                continue
        return None

    def _environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("EDGERAD_")}
        return {
            **kept,
            "PYTHONPATH": str(PROJECT_ROOT),
            "EDGERAD_HOME": str(self.home),
            "EDGERAD_GATEWAY_HOST": "127.0.0.1",
            "EDGERAD_GATEWAY_PORT": str(self.port),
            "EDGERAD_BOT_API_PORT": str(self.bots_port),
            "EDGERAD_LANGUAGE": "en",
            **self._settings,
        }
