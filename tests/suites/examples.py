"""The bots that clients bring as examples, each in a process of its own beside a gateway.

Knows what to say to each, and what its log has where the gateway refuses something. A bot works if
it answers, and nothing that it asks for is refused.
"""

import asyncio
import os
import re
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.gateway_world import MessageJson, Phone, RunningGateway, phone_of

STARTS_S = 30.0
ANSWERS_S = 8.0
SAID = ("/start", "/help", "hello")
ALSO_SAID: Mapping[str, tuple[str, ...]] = {
    "chat_member_example": ("/start",),
    "conversationbot": ("/start", "Boy", "/skip", "/skip", "x"),
    "conversationbot2": ("/start", "Age", "30", "Done"),
    "custom_states": ("/start", "Ama", "Owusu", "33"),
    "errorhandlerbot": ("/start", "/bad_command"),
    "persistentconversationbot": ("/start", "Age", "30"),
    "step_example": ("/start", "Ama", "33", "Male"),
    "timer_bot": ("/start", "/set 1"),
    "timerbot": ("/start", "/set 1"),
}
"""Where it is something else."""

LEFT_OUT = frozenset({"mini_app", "webhook"})
"""Which need an address on the web."""

_TOKEN = re.compile(
    r"""(['"])(?:<?(?:api_|your_|your bot )?token>?|\d+:AAAA\w+)\1""", re.IGNORECASE
)
_REFUSED = re.compile(r"Bad Request|Not Found|Error code|\w*(?:Error|Exception|Conflict)\b.*: ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How a bot fared.

    Args:
        answers: How many messages it sent.
        refused: The last line of its log that names something that was refused; empty for none.
    """

    name: str
    answers: int
    refused: str


async def tried(python: Path, example: Path, gateway: RunningGateway, imports: str) -> Tried:
    """Start a bot, talk to it, press what it offers.

    Args:
        imports: Where its client is, which means this gateway by Telegram.
    """
    with TemporaryDirectory() as folder:
        program, log = Path(folder) / example.name, Path(folder) / "log"
        await asyncio.to_thread(_copy, example, program, gateway.token)
        async with phone_of(gateway) as phone, _running(python, program, log, imports):
            answers = await _talk(phone, ALSO_SAID.get(example.stem, SAID))
        said = log.read_text(encoding="utf-8", errors="replace").splitlines()
    refused = [line for line in said if _REFUSED.search(line)]
    return Tried(name=example.stem, answers=answers, refused=refused[-1] if refused else "")


def _copy(example: Path, program: Path, token: str) -> None:
    source = example.read_text(encoding="utf-8")
    program.write_text(_TOKEN.sub(repr(token), source), encoding="utf-8")


@asynccontextmanager
async def _running(python: Path, program: Path, log: Path, imports: str) -> AsyncIterator[None]:
    """A bot's process while the block runs."""
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            str(python),
            str(program),
            cwd=program.parent,
            env={**os.environ, "PYTHONPATH": imports},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            yield
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def _talk(phone: Phone, words: tuple[str, ...]) -> int:
    answers = 0
    for number, text in enumerate(words):
        before = len(await phone.messages())
        await phone.put(str(number), text=text)
        came = await _answers(phone, before + 1, STARTS_S if number == 0 else ANSWERS_S)
        answers += len(came)
        for message in came:
            for button in [row[0] for row in message["buttons"] or [] if row[0].get("data")]:
                press = {"message_id": message["message_id"], "data": button["data"]}
                await phone.http.post("/chat/callbacks", json=press)
    return answers


async def _answers(phone: Phone, after: int, within_s: float) -> list[MessageJson]:
    for _ in range(int(within_s / 0.3)):
        new = [each for each in (await phone.messages())[after:] if not each["outgoing"]]
        if new:
            return new
        await asyncio.sleep(0.3)
    return []
