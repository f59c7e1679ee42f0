"""EdgeRad's real processes on a data folder of their own, with faults put in and taken out.

Knows how the parts are started and killed; the product's own supervisor restarts them. Must not
know what a case is: that is the ledger's.
"""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from bot.domain.cases import Case, CaseStatus
from bot.domain.people import Role
from bot.settings import BotSettings
from bot.store.listing import CaseFilter
from deploy.joining.invites import create_invite
from deploy.phone_client import PhoneClient, PhoneRefused
from deploy.running.sandbox import free_port
from deploy.running.supervisor import Part, Supervisor
from deploy.running.system import SystemPlan, make_plan, wait_for_gateway
from gateway.settings import GatewaySettings
from machine.project import PROJECT_ROOT, python_module
from storage.bot_token import resolve_token
from storage.opening import unlocked
from tests.faults.ledger import Ledger
from tests.keys import bot_store_at

PARTS = ("gateway", "bot")
RESTART_S = 0.1
LIMIT_S = 120.0
LOOK_S = 0.02


class Rig:
    """A running EdgeRad, its phones and its ledger.

    Args:
        folder: Its data folder and the orders for faults lie here.
        settings: What differs from the defaults, as `EDGERAD_...` variables.
        group: Runs the parts.
        stack: Closes phones.
    """

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, str],
        group: asyncio.TaskGroup,
        stack: AsyncExitStack,
    ) -> None:
        self.folder = folder
        self.home = folder / "data"
        self.settings = BotSettings(_env_file=None, home=self.home)
        redelivered = folder / "redelivered"
        self.ledger = Ledger(self.home, redelivered)
        self.lines: list[str] = []
        self.environment: dict[str, str] = {}
        self.plan = self._plan(settings)
        self.supervisor = Supervisor(self._say, sleep=_soon)
        self._orders = folder / "orders"
        self._orders.mkdir(parents=True)
        self._always: dict[str, dict[str, Any]] = {
            "gateway": {},
            "bot": {"note_redeliveries": str(redelivered)},
        }
        self.always("bot")
        self._group = group
        self._stack = stack
        self._tasks: dict[str, asyncio.Task[None]] = {}

    # Faults

    def once(self, part: str, **faults: Any) -> None:
        """Put faults into the next start of a part."""
        (self._orders / f"{part}.once.json").write_text(json.dumps(faults))

    def always(self, part: str, **faults: Any) -> None:
        """Put faults into every start of a part from now on."""
        self._always[part] |= faults
        (self._orders / f"{part}.always.json").write_text(json.dumps(self._always[part]))

    def never(self, part: str, fault: str) -> None:
        """Put a fault into no start of a part any more."""
        del self._always[part][fault]
        self.always(part)

    def pid(self, part: str) -> int:
        """The process id of a part."""
        return self.supervisor.pids[part]

    async def kill(self, part: str) -> None:
        """End a part as a power cut would; the supervisor starts it again."""
        pid = self.pid(part)
        os.kill(pid, signal.SIGKILL)
        await self.restarted(part, pid)

    async def restarted(self, part: str, pid: int, limit_s: float = LIMIT_S) -> None:
        """Wait until a part runs in another process than this one."""
        async with asyncio.timeout(limit_s):
            while self.pid(part) == pid:
                await asyncio.sleep(LOOK_S)

    async def child(self, part: str, words: str) -> psutil.Process:
        """A process that a part started, found by its command line."""
        async with asyncio.timeout(LIMIT_S):
            while True:
                for process in psutil.Process(self.pid(part)).children(recursive=True):
                    with suppress(psutil.Error):  # it has just ended
                        if words in " ".join(process.cmdline()):
                            return process
                await asyncio.sleep(LOOK_S)

    async def says(self, words: str, limit_s: float = LIMIT_S) -> str:
        """Wait until a part has said something."""
        async with asyncio.timeout(limit_s):
            while True:
                found = next((line for line in self.lines if words in line), None)
                if found is not None:
                    return found
                await asyncio.sleep(LOOK_S)

    async def reading_begun(self) -> None:
        """Wait until a case is being read."""
        async with asyncio.timeout(LIMIT_S), bot_store_at(self.home) as store:
            while CaseStatus.READING not in {
                case.status for case in await store.cases.page(CaseFilter(), limit=100)
            }:
                await asyncio.sleep(LOOK_S)

    async def newest_case(self, number: int) -> Case:
        """The newest case, once there are so many."""
        async with asyncio.timeout(LIMIT_S), bot_store_at(self.home) as store:
            while True:
                cases = await store.cases.page(CaseFilter(), limit=number)
                if len(cases) == number:
                    return cases[0]
                await asyncio.sleep(LOOK_S)

    # People

    async def phone(self, role: Role = Role.HEALTH_WORKER) -> PhoneClient:
        """A phone whose owner was invited and accepted the terms."""
        phone = await self._stack.enter_async_context(PhoneClient(self.plan.phones_url))
        await self._join(phone, await create_invite(self.settings, role))
        await self._stack.enter_async_context(phone.listening())
        await phone.accept_terms()
        return phone

    async def _join(self, phone: PhoneClient, code: str) -> None:
        """Join as people do: once more where the bot is not there yet, which keeps their code."""
        async with asyncio.timeout(LIMIT_S):
            while True:
                try:
                    return await phone.join(code, "Amina")
                except PhoneRefused as refused:
                    if refused.status < 500:
                        raise

    # Processes

    async def start(self, *parts: str) -> None:
        """Start parts, all by default, and keep them running."""
        for part in parts or PARTS:
            self.supervisor.pids.pop(part, None)  # of its life before
            keeping = self.supervisor.keep_running(self.part(part))
            self._tasks[part] = self._group.create_task(keeping)
            async with asyncio.timeout(LIMIT_S):
                while part not in self.supervisor.pids:
                    await asyncio.sleep(LOOK_S)
            if part == "gateway":
                await wait_for_gateway(self.plan.api_url, self.plan.bot_token)

    async def stop(self, *parts: str) -> None:
        """Stop parts, all by default, as the supervisor does."""
        for part in parts or PARTS[::-1]:
            task = self._tasks.pop(part, None)
            if task is not None:
                task.cancel()
                await asyncio.wait([task])

    async def cut_power(self) -> None:
        """End everything at once, and start nothing again."""
        for part in PARTS:
            os.kill(self.pid(part), signal.SIGKILL)
        await self.stop()

    def part(self, name: str) -> Part:
        """A part as the product plans it, run through the launcher of faults."""
        planned = self.plan.gateway if name == "gateway" else self.plan.bot
        assert planned is not None
        command = python_module("tests.faults.launcher", name, str(self._orders))
        environment = {**planned.environment, **self.environment}
        return replace(planned, command=command, environment=environment)

    def _plan(self, settings: Mapping[str, str]) -> SystemPlan:
        gateway = GatewaySettings(
            _env_file=None,
            home=self.home,
            gateway_host="127.0.0.1",
            gateway_port=free_port(),
            bot_api_port=free_port(),
        )
        kept = {key: value for key, value in os.environ.items() if not key.startswith("EDGERAD_")}
        environment = {
            **kept,
            "PYTHONPATH": str(PROJECT_ROOT),
            "EDGERAD_ENGINE": "scripted",
            "EDGERAD_GATEWAY_HOST": "127.0.0.1",
            "EDGERAD_GATEWAY_PORT": str(gateway.gateway_port),
            "EDGERAD_BOT_API_PORT": str(gateway.bot_api_port),
            "EDGERAD_LANGUAGE": "en",
            **settings,
        }
        with unlocked(self.home, None) as keyring:
            token = resolve_token(gateway, keyring)
        return make_plan(self.settings, gateway, environment, token=token, samples=None)

    def _say(self, name: str, line: str) -> None:
        self.lines.append(f"{name}: {line}")


async def _soon(_delay_s: float) -> None:
    """The supervisor's back-off, cut short: its length has tests of its own."""
    await asyncio.sleep(RESTART_S)


@asynccontextmanager
async def rigged(folder: Path, **settings: str) -> AsyncIterator[Rig]:
    """Make a rig, and stop what it runs when the block ends.

    Args:
        folder: For its data; empty.
        settings: What differs from the defaults, as `EDGERAD_...` variables.

    Yields:
        The rig; nothing runs yet.
    """
    async with asyncio.TaskGroup() as group, AsyncExitStack() as stack:
        rig = Rig(folder, settings, group, stack)
        try:
            yield rig
        except BaseException:
            print(*rig.lines, sep="\n")  # noqa: T201 - pytest shows it under a failed test
            raise
        finally:
            await rig.stop()
