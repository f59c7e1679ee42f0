"""The gateway as a process of its own on loopback, and a bot played by hand on its Bot API."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawI"
START_S = 120.0
STOP_S = 30.0
UPDATE_S = 60
KINDS = ["message", "callback_query", "edgerad_session"]
"""Updates that these tests wait for; who comes into a group and goes is left out."""


class GatewayProcess:
    """One gateway with a data folder of its own; it may be stopped and started again."""

    def __init__(self, folder: Path, samples: Path, **settings: str) -> None:
        self._settings = settings
        self._folder = folder
        self._samples = samples
        self._port, self._bots_port = _free_port(), _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.base_url = f"http://127.0.0.1:{self._port}"
        self.bot_url = f"http://127.0.0.1:{self._bots_port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self._folder / "output.txt").open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "gateway"],
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + START_S
        while not self._answers():
            assert time.monotonic() < deadline, self.output()
            assert self._process.poll() is None, self.output()
            time.sleep(0.02)

    def stop(self) -> None:
        """End it the way a service manager does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(STOP_S)
            self._process = None

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(STOP_S)
        self._process = None

    def hold(self) -> None:
        """Stop it in the middle of whatever it does."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def let_go(self) -> None:
        """Let it go on, if it was held."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def output(self) -> str:
        """All that it has printed."""
        return (self._folder / "output.txt").read_text(errors="replace")

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.base_url}/join").is_success
        except httpx.TransportError:
            return False

    def _environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("EDGERAD_")}
        return {
            **kept,
            "EDGERAD_HOME": str(self._folder / "data"),
            "EDGERAD_BOT_TOKEN": TOKEN,
            "EDGERAD_GATEWAY_HOST": "127.0.0.1",
            "EDGERAD_GATEWAY_PORT": str(self._port),
            "EDGERAD_BOT_API_PORT": str(self._bots_port),
            "EDGERAD_SAMPLES_DIR": str(self._samples),
            **self._settings,
        }


class BotByHand:
    """A bot whose every step the test makes itself: take an update, confirm it, answer."""

    def __init__(self, bot_url: str) -> None:
        self._http = httpx.Client(base_url=bot_url, timeout=UPDATE_S + 10)
        self._offset: int | None = None

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def call(self, method: str, **parameters: Any) -> Any:
        """Call a Bot API method and give its result."""
        answer = self._http.post(f"/bot{TOKEN}/{method}", json=parameters).json()
        assert answer["ok"], answer
        return answer["result"]

    def next_update(self, kind: str) -> dict[str, Any]:
        """Wait for the next update, which must be of this kind; earlier ones are confirmed."""
        parameters: dict[str, Any] = {"limit": 1, "timeout": UPDATE_S, "allowed_updates": KINDS}
        if self._offset is not None:
            parameters["offset"] = self._offset
        updates = self.call("getUpdates", **parameters)
        assert updates, f"no {kind} came"
        self._offset = updates[0]["update_id"] + 1
        payload: dict[str, Any] = updates[0][kind]
        return payload

    def confirm(self) -> None:
        """Confirm what was taken so far; nothing new may have come."""
        assert self.call("getUpdates", offset=self._offset, timeout=0) == []

    def forget_waiting(self) -> None:
        """Confirm whatever waits, so that a test starts with nothing."""
        for update in self.call("getUpdates", offset=-1, timeout=0):
            self._offset = update["update_id"] + 1

    def download(self, file_id: str) -> bytes:
        """Fetch a file that came with an update."""
        path = self.call("getFile", file_id=file_id)["file_path"]
        return self._http.get(f"/file/bot{TOKEN}/{path}").raise_for_status().content


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
