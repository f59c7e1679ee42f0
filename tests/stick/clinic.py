"""A machine without a network for the tests of the stick: this one's files, or a Debian's."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from machine.project import PROJECT_ROOT

_HOLD = """
import fcntl, signal, socket, struct, subprocess, sys
def do(*command):
    subprocess.run(command, check=True)
with socket.socket() as any_socket:
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14s", b"lo", 0x41, b""))  # up
for root in sys.argv[1:]:
    do("mount", "--rbind", root, root)
    for name in ("dev", "proc", "sys"):
        do("mount", "--rbind", f"/{name}", f"{root}/{name}")
    do("pivot_root", root, f"{root}/mnt")
    do("umount", "--lazy", "/mnt")
print("up", flush=True)
signal.pause()
"""
_FOLDER = Path("/root/clinic")
"""Of the test's files, on a machine with a root folder of its own."""

_DEBIANS_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


class Clinic:
    """A machine of its own, as far as networks go.

    Args:
        holder: The process whose namespaces it has.
        folder: Of its files, as this machine sees it.
        inside: The same folder, as it sees it.
    """

    def __init__(self, holder: int, folder: Path, inside: Path) -> None:
        self._holder = holder
        self._enter = ["nsenter", "-t", str(holder), "-U", "-n", "--preserve-credentials"]
        self.folder = folder
        self.inside = inside
        self.installed = folder / "edgerad"
        self._environment = {
            "PATH": os.environ["PATH"] if inside == folder else _DEBIANS_PATH,
            "HOME": str(inside),
            "LANG": "C.UTF-8",
            "EDGERAD_HOME": str(inside / "data"),
            "EDGERAD_KEY_FILE": str(inside / "key"),
            "EDGERAD_GATEWAY_HOST": "127.0.0.1",
            "EDGERAD_MDNS": "false",
        }

    def start(self, *command: str, **variables: str) -> subprocess.Popen[str]:
        """Start a command there."""
        return self._started(
            [*self._enter, "-m", "env", "-C", str(self.inside), *command], variables
        )

    def _started(self, command: list[str], variables: dict[str, str]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            command,
            env=self._environment | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *command: str, **variables: str) -> tuple[int, str]:
        """Run a command there to its end: exit status, and what it said."""
        return _ended(self.start(*command, **variables))

    def edgerad(self, *words: str, **variables: str) -> tuple[int, str]:
        """Type an `edgerad` command."""
        return self.run(str(self.inside / "bin" / "edgerad"), *words, **variables)

    def seen(self, place: Path) -> str:
        """Where it sees one of its files."""
        return str(self.inside / place.relative_to(self.folder))

    def install(self, stick: Path) -> tuple[int, str]:
        """Install from a stick."""
        return self.run("sh", *self._installer(stick))

    def _installer(self, stick: Path) -> tuple[str, str, str]:
        """What `sh` is told to run."""
        places = (stick / "install.sh", self.installed, self.folder / "bin")
        return self.seen(places[0]), self.seen(places[1]), self.seen(places[2])

    def is_cut_off(self, stick: Path, point: str, after_s: float, **variables: str) -> bool:
        """Install from a stick; the power fails so long after a command with these words begins.

        Returns:
            Whether it came to that point.
        """
        process = self.start("sh", "-x", *self._installer(stick), **variables)
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("+") and point in line:
                time.sleep(after_s)
                self.cut_power()
                process.communicate()
                return True
        process.communicate()
        return False

    def cut_power(self) -> None:
        """End every process of this machine at once, those in the background among them."""
        while found := list(self._processes()):
            for process in found:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)

    def _processes(self) -> Iterator[int]:
        mine = Path(f"/proc/{self._holder}/ns/net").readlink()
        for path in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it has ended
                here = (path / "ns" / "net").readlink() == mine
                if here and path.name != str(self._holder):
                    yield int(path.name)

    def has_a_film_read(self) -> str:
        """Start EdgeRad, join as a nurse, send a film; the answer."""
        status, said = self.edgerad("up", "--detach")
        assert status == 0, said
        invite = re.search(r"join#(\w+)", self.edgerad("invite")[1])
        assert invite is not None
        words = ["-m", "tests.stick.nurse", "http://127.0.0.1:8081", invite[1]]
        variables = {"PYTHONPATH": str(PROJECT_ROOT), "PATH": os.environ["PATH"]}
        status, answer = _ended(self._started([*self._enter, sys.executable, *words], variables))
        assert status == 0, answer
        assert self.edgerad("stop")[0] == 0
        return answer


@contextmanager
def without_network(folder: Path, root: Path | None = None) -> Iterator[Clinic]:
    """A machine that has loopback and no other interface.

    Args:
        folder: For its files; not used where it has a root folder of its own.
        root: That root folder, a Debian's.

    Yields:
        The machine; all its processes end with it.
    """
    inside = folder
    if root is not None:
        folder, inside = root / _FOLDER.relative_to("/"), _FOLDER
        folder.mkdir(parents=True, exist_ok=True)
    own = ["unshare", "--map-root-user", "--net", "--mount", sys.executable, "-c", _HOLD]
    command = own if root is None else [*own, str(root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "up\n"
            clinic = Clinic(holder.pid, folder, inside)
            yield clinic
            clinic.cut_power()
        finally:
            holder.kill()


def _ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    said, _ = process.communicate()
    return process.returncode, said
