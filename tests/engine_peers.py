"""Engines that nobody here wrote, on loopback with the practice model: `transformers serve`,
llama-server, vLLM.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

from deploy.running.sandbox import free_port
from inference.practice.folder import MODEL_FOLDER
from tests.acceptance.running import eventually

START_S = 600.0
"""Two of vLLM's at once on two busy cores took minutes."""


class Peer:
    """One server.

    Args:
        command: Starts it; address and port are added.
        folder: For its log, and what it may fetch and cannot.
    """

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = (folder / "peer.log").open("wb")
        self._process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(self.port)],
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    def wait(self) -> None:
        """Wait until it answers."""
        eventually(self._answers, f"answer of the engine at {self.url}", START_S)

    def freeze(self) -> None:
        """Stop it where it stands; its kernel still takes connections."""
        psutil.Process(self._process.pid).suspend()

    def wait_for_request(self) -> None:
        """Wait until somebody has connected to it."""
        eventually(self._connected, "connection")

    def kill(self) -> None:
        """End it as a power cut would, with the processes in which it computes."""
        if self._process.poll() is None:
            for child in psutil.Process(self._process.pid).children(recursive=True):
                child.kill()
        self._process.kill()
        self._process.wait()
        self._log.close()

    def _connected(self) -> bool | None:
        ends = [c for c in psutil.net_connections("tcp4") if c.status == psutil.CONN_ESTABLISHED]
        return any(c.laddr and c.laddr.port == self.port for c in ends) or None

    def _answers(self) -> bool | None:
        assert self._process.poll() is None, "the engine ended"
        try:
            return httpx.get(f"{self.url}/health", timeout=5, trust_env=False).is_success or None
        except httpx.TransportError:
            return None


@contextmanager
def serving(folder: Path, *commands: Sequence[str]) -> Iterator[list[Peer]]:
    """Run servers while the block runs; they start side by side.

    Args:
        folder: For their logs.
        commands: Starts one each.

    Yields:
        The servers, answering.
    """
    peers: list[Peer] = []
    try:
        for number, command in enumerate(commands):
            place = folder / f"peer-{number}"
            place.mkdir()
            peers.append(Peer(command, place))
        for peer in peers:
            peer.wait()
        yield peers
    finally:
        for peer in peers:
            peer.kill()


def transformers_serve(folder: Path, *, name: str) -> list[str]:
    """What starts `transformers serve`.

    Args:
        folder: For the model.
        name: What it is served as.

    Returns:
        The command.
    """
    model = folder / name
    model.symlink_to(MODEL_FOLDER)
    return [
        *(sys.executable, "-m", "transformers.cli.transformers", "serve", str(model)),
        *("--device", "cpu", "--dtype", "float32"),
    ]


def _environment(folder: Path) -> dict[str, str]:
    return {
        **{key: value for key, value in os.environ.items() if not key.startswith("EDGERAD_")},
        "HF_HOME": str(folder / "hub"),
        "HF_HUB_OFFLINE": "1",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        "OMP_NUM_THREADS": "1",  # the practice model is faster so
    }
