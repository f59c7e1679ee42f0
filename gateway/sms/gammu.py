"""A USB modem behind Gammu's SMS daemon, which runs beside the gateway.

Knows `gammu-smsd-inject`, `gammu-smsd-monitor` and the folders of the daemon's files backend;
nothing of Gammu is linked. Source: gammu-smsd-files(7). The daemon does not say that its modem was
pulled out, so the device itself is looked for. After a crash between `inject` and our note of it an
SMS goes out twice: the daemon takes no id of ours.
"""

import asyncio
import configparser
import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway.schemas.sms import IncomingSms, SmsState, is_gsm_7
from gateway.sms.driver import Condition, LineDown, Progress, SmsRefused
from storage.durable import sync_folder

INJECT_S = 20.0
_WRITTEN = re.compile(r"^Written message with ID (.+)$", re.MULTILINE)
_CAME = re.compile(
    r"IN(?P<at>\d{8}_\d{6}_\d\d)_(?P<sender>.*)_(?P<part>\d\d)\.(?P<kind>\w+)", re.DOTALL
)
_REPORTS = {
    "Delivered": SmsState.DELIVERED,
    "Pending": SmsState.SENT,
    "Unknown": SmsState.SENT,
    "Failed": SmsState.FAILED,
}
"""How the daemon words a delivery report, which lies among what came as if the number wrote it."""

_FOLDERS = ("inboxpath", "outboxpath", "sentsmspath", "errorsmspath")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """Where the daemon's files are."""

    inbox: Path
    outbox: Path
    sent: Path
    failed: Path


class GammuModem:
    """The modem.

    Args:
        config: The daemon's own configuration, such as /etc/gammu-smsdrc.
    """

    name = "modem"

    def __init__(self, config: Path) -> None:
        self._config = config

    async def condition(self) -> Condition:
        """Whether the modem is there, and the daemon runs."""
        self._look_for_device()
        said = await self._run("gammu-smsd-monitor", "-n", "1", "-d", "1", "-C")
        if "Failed to map shared memory" in said or not said.strip():
            raise LineDown("gammu-smsd does not run")
        return Condition()

    async def send(self, own_id: str, number: str, text: str, ttl_s: int) -> str:
        """Put an SMS into the daemon's outbox; its name there is the handle."""
        del own_id, ttl_s  # the daemon takes neither
        if text.startswith("-"):
            raise SmsRefused("the text looks like an option")
        self._look_for_device()
        encoding = [] if is_gsm_7(text) else ["-unicode"]
        said = await self._run(
            "gammu-smsd-inject", "TEXT", number, "-len", "480", *encoding, "-report", "-text", text
        )
        written = _WRITTEN.search(said)
        if written is None:
            raise LineDown("gammu-smsd-inject did not take it")
        return Path(written[1].strip()).name

    async def progress(self, handle: str) -> Progress:
        """Where the daemon has moved it."""
        return await asyncio.to_thread(self._progress, handle)

    def _progress(self, handle: str) -> Progress:
        folders, name = self._folders(), Path(handle).name
        for folder, progress in (
            (folders.outbox, Progress.PENDING),  # first: it is moved from here at once
            (folders.sent, Progress.SENT),
            (folders.failed, Progress.FAILED),
        ):
            if (folder / name).exists():
                return progress
        return Progress.UNKNOWN

    async def withdraw(self, handle: str) -> None:
        """Take it out of the outbox."""
        folders = self._folders()
        (folders.outbox / Path(handle).name).unlink(missing_ok=True)

    async def received(self) -> Sequence[IncomingSms]:
        """What lies in the inbox, oldest first."""
        return await asyncio.to_thread(lambda: tuple(self._received()))

    async def acknowledge(self, sms: IncomingSms) -> None:
        """Delete it: it is stored, and what lies there can be read by others."""
        await asyncio.to_thread(self._acknowledge, sms)

    def _received(self) -> Iterator[IncomingSms]:
        inbox = self._folders().inbox
        try:
            files = sorted(inbox.iterdir())
        except OSError as error:
            raise LineDown("the inbox of gammu-smsd cannot be read") from error
        for path in files:
            came = _CAME.fullmatch(path.name)
            if came is not None:
                text = _text(path, came["part"], came["kind"])
                yield IncomingSms(
                    sender=came["sender"],
                    text=text,
                    at=came["at"],
                    handle=path.name,
                    report=_REPORTS.get(text or ""),
                )

    def _acknowledge(self, sms: IncomingSms) -> None:
        inbox = self._folders().inbox
        try:
            (inbox / Path(sms.handle).name).unlink(missing_ok=True)
            sync_folder(inbox)
        except OSError as error:
            raise LineDown("the inbox of gammu-smsd cannot be emptied") from error

    def _look_for_device(self) -> None:
        """See that the modem is plugged in.

        Raises:
            LineDown: It is not.
        """
        gammu = self._configured("gammu")
        device = gammu.get("device") or gammu.get("port") or ""
        if device.startswith("/") and not Path(device).exists():
            raise LineDown("the modem is not plugged in")

    def _folders(self) -> Folders:
        smsd = self._configured("smsd")
        try:
            inbox, outbox, sent, failed = (Path(smsd[name]) for name in _FOLDERS)
        except KeyError as error:
            raise LineDown(f"{self._config} does not name the four folders") from error
        return Folders(inbox=inbox, outbox=outbox, sent=sent, failed=failed)

    def _configured(self, section: str) -> Mapping[str, str]:
        """A section of the daemon's configuration.

        Raises:
            LineDown: It is not there.
        """
        parser = configparser.ConfigParser(interpolation=None, strict=False)
        try:
            with self._config.open() as file:
                parser.read_file(file)
            return parser[section]
        except (OSError, configparser.Error, KeyError, UnicodeDecodeError) as error:
            raise LineDown(f"{self._config} cannot be read, or has no [{section}]") from error

    async def _run(self, program: str, *arguments: str) -> str:
        """Run one of Gammu's programs.

        Raises:
            LineDown: It is not there, or does not end.
        """
        asked = [program, "-c", str(self._config), *arguments]
        try:
            return await asyncio.to_thread(_output, asked)
        except (OSError, subprocess.SubprocessError) as error:
            raise LineDown(f"{program} cannot be run") from error


def _output(asked: Sequence[str]) -> str:
    done = subprocess.run(  # noqa: S603 - no shell, and the text is one argument
        asked,
        env={**os.environ, "LC_ALL": "C.UTF-8"},  # Gammu reads its arguments as the locale says
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=INJECT_S,
        check=False,
    )
    return (done.stdout + b"\n" + done.stderr).decode("utf-8", "replace")


def _text(path: Path, part: str, kind: str) -> str | None:
    """The words of a file; none in a binary one, nor in the later parts of a long one."""
    if kind != "txt" or part != "00":
        return None
    try:
        data = path.read_bytes()
    except OSError as error:
        raise LineDown("the inbox of gammu-smsd cannot be read") from error
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace")
    return data.decode("utf-8", "replace")
