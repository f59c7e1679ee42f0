"""A USB modem that is none: Gammu's own daemon, on folders of a test.

Behind the daemon is Gammu's dummy driver, or `tests.at_modem`.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.acceptance.running import eventually

IS_THERE = shutil.which("gammu-smsd") is not None and shutil.which("gammu-smsd-inject") is not None
WHY_NOT = "gammu-smsd is not installed: apt-get install gammu-smsd"


@dataclass
class Modem:
    """The daemon, and its folders."""

    folder: Path
    process: subprocess.Popen[bytes] | None = None
    received: int = 0

    @property
    def config(self) -> Path:
        return self.folder / "smsdrc"

    def make(self, device: Path | None = None) -> None:
        """Make its folders and its configuration.

        Args:
            device: Where a modem speaks AT; None for the dummy driver, which nothing can befall.
        """
        for name in ("in", "out", "sent", "failed", "dummy/sms/1"):
            (self.folder / name).mkdir(parents=True)
        dummy = f"[gammu]\ndevice = {self.folder}/dummy\nmodel = dummy\nconnection = none\n"
        real = f"[gammu]\ndevice = {device}\nconnection = at115200\n"
        unchecked = "checksecurity = 0\nchecknetwork = 0\nchecksignal = 0\ncheckbattery = 0\n"
        self.config.write_text(
            f"{real if device else dummy}[smsd]\nservice = files\nlogfile = {self.folder}/log\n"
            f"inboxpath = {self.folder}/in/\noutboxpath = {self.folder}/out/\n"
            f"sentsmspath = {self.folder}/sent/\nerrorsmspath = {self.folder}/failed/\n"
            "loopsleep = 1\nreceivefrequency = 1\ncommtimeout = 1\nsendtimeout = 5\n"
            f"{'' if device else unchecked}"
        )

    def start(self) -> None:
        """Plug it in."""
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        self.process = subprocess.Popen(
            [shutil.which("gammu-smsd") or "gammu-smsd", "-c", str(self.config)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        eventually(lambda: "Starting phone" in self._log() or None, "start of gammu-smsd")

    def stop(self) -> None:
        """Pull it out: the daemon ends, whatever it does."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(10)
            self.process = None

    def receives(self, sender: str, text: str, *, at: str = "20260302T010000Z") -> None:
        """Somebody sends it an SMS."""
        self.received += 1
        body = _backup(sender, text, at)
        draft = self.folder / "came"
        draft.write_text(body)
        draft.rename(self.folder / "dummy" / "sms" / "1" / str(self.received))

    @property
    def sent(self) -> list[tuple[str, str]]:
        """Number and text of each SMS that went out."""
        return [_read(path) for path in sorted((self.folder / "sent").iterdir())]

    def _log(self) -> str:
        log = self.folder / "log"
        return log.read_text(errors="replace") if log.exists() else ""


@contextmanager
def usb_modem(folder: Path, device: Path | None = None) -> Iterator[Modem]:
    """A daemon that runs while the block does; see `Modem.make`."""
    modem = Modem(folder)
    modem.make(device)
    modem.start()
    try:
        yield modem
    finally:
        modem.stop()


def _units(text: str) -> str:
    return text.encode("utf-16-be").hex().upper()


def _backup(sender: str, text: str, at: str) -> str:
    """A received SMS as Gammu keeps them (gammu-smsbackup)."""
    units = _units(text)
    chunks: Sequence[str] = [units[i : i + 200] for i in range(0, len(units), 200)] or [""]
    words = [f"Text{number:02d} = {chunk}" for number, chunk in enumerate(chunks)]
    return "\n".join(
        [
            "[SMSBackup000]",
            "PDU = Deliver",
            f"DateTime = {at}",
            "State = UnRead",
            f'Number = "{sender}"',
            f"NumberUnicode = {_units(sender)}",
            'SMSC = "+22600000"',
            *words,
            "Coding = Unicode_No_Compression",
            "Folder = 1",
            f"Length = {len(text)}",
            "Class = -1",
            "",
        ]
    )


def _read(path: Path) -> tuple[str, str]:
    """A sent SMS; once it is sent, the daemon writes each part a second time."""
    section, found = "", dict[tuple[str, str], str]()
    for line in path.read_text(errors="replace").splitlines():
        key, _, value = line.partition(" = ")
        section = line if line.startswith("[") else section
        found[section, key] = value
    number = next(value.strip('"') for (_, key), value in found.items() if key == "Number")
    words = "".join(value for (_, key), value in found.items() if key.startswith("Text"))
    return number, bytes.fromhex(words).decode("utf-16-be")
