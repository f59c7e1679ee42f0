"""Run the clients' own tests against the gateway, and say which do not pass.

    python -m tests.suites FOLDER

Needs PyPI the first time; FOLDER keeps what came from there. Knows how a suite is started and how
its report is read. What docs/bot-api.md says of others' tests is what this prints.
"""

import argparse
import asyncio
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree as ET

from telegram import MenuButtonCommands

from tests.gateway_world import RunningGateway, bot_of, chat_of, phone_of, running_gateway
from tests.suites import examples, sources
from tests.suites.sources import PTB, TELEBOT, Server

LIMIT_S = 3_600
OTHER_HOST = re.compile(r"Name or service|name resolution|gaierror|HTTP URL", re.IGNORECASE)
NOT_SERVED = re.compile(r"method not found|live_photo", re.IGNORECASE)
ONLY_REQUESTS = ("-m", "req", "--assert=plain", "-W", "ignore")
THIS_GATEWAY = ("-p", "this_gateway", "test_telebot.py")
PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts=")


async def main() -> None:
    """Run them."""
    parser = argparse.ArgumentParser(prog="python -m tests.suites")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bots", action="store_true", help="the bots that come as examples, too")
    asked = parser.parse_args()
    folder = asked.folder.resolve()
    shutil.rmtree(folder / "sources", ignore_errors=True)
    python = sources.python_of(folder)
    with TemporaryDirectory() as home, running_gateway(Path(home)) as gateway:
        async with served(gateway) as server:
            ptb, telebot = (sources.unpacked(each, folder) for each in (PTB, TELEBOT))
            sources.prepare_ptb(ptb, server)
            sources.prepare_telebot(telebot, server)
            of_ptb, of_telebot = str(ptb / "src"), f"{telebot}:{telebot / 'tests'}"
            _tell(PTB, await _tested(python, ptb, *ONLY_REQUESTS, told={"PYTHONPATH": of_ptb}))
            told = {"TOKEN": server.token, "CHAT_ID": str(server.chat_id)}
            told |= {"GROUP_ID": str(server.group_id), "PYTHONPATH": of_telebot}
            there = telebot / "tests"  # from which its tests open their files
            _tell(TELEBOT, await _tested(python, there, *THIS_GATEWAY, told=told))
            if asked.bots:
                await _try_bots(python, gateway, {ptb: of_ptb, telebot: of_telebot})


@asynccontextmanager
async def served(gateway: RunningGateway) -> AsyncIterator[Server]:
    """A gateway with two people and a group, as Telegram's test chats have them."""
    async with AsyncExitStack() as stack:
        people = [
            await chat_of(await stack.enter_async_context(phone_of(gateway, name=name)), gateway)
            for name in ("Ama", "Kofi")
        ]
        async with bot_of(gateway) as bot:
            made = {"title": "Ward 7", "user_ids": people}
            group = await bot.do_api_request("edgeradCreateGroup", made)
            await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
        yield Server(
            url=gateway.bot_url, token=gateway.token, chat_id=people[0], group_id=group["id"]
        )


async def _tested(python: Path, folder: Path, *asked: str, told: Mapping[str, str]) -> Path:
    """Run the tests of a package; the report."""
    report = folder / "report.xml"
    run = [str(python), *PYTEST, f"--junitxml={report}", "--timeout", "60", *asked]
    await asyncio.to_thread(
        subprocess.run,
        run,
        cwd=folder,
        env={**os.environ, **told},
        check=False,  # some fail
        timeout=LIMIT_S,
        stdout=subprocess.DEVNULL,
    )
    return report


async def _try_bots(python: Path, gateway: RunningGateway, packages: Mapping[Path, str]) -> None:
    found = []
    for package, imports in packages.items():
        for example in sorted(package.glob("examples/*.py")):
            if example.stem not in examples.LEFT_OUT:
                bot = await examples.tried(python, example, gateway, imports)
                found.append(bot)
                sys.stdout.write(f"  {bot.name}: {bot.answers} answers. {bot.refused[:200]}\n")
    good = sum(bot.answers > 0 and not bot.refused for bot in found)
    sys.stdout.write(f"{good} of {len(found)} bots answer, and are refused nothing\n")


def _tell(name: str, report: Path) -> None:
    found = dict(_outcomes(report))
    sys.stdout.write(f"{name}: {dict(Counter(outcome for outcome, _ in found.values()))}\n")
    for test, (outcome, words) in found.items():
        if outcome == "failed":
            sys.stdout.write(f"  {test}: {words}\n")


def _outcomes(report: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each test, what came of it, and the last words of one that failed."""
    for test in ET.parse(report).getroot().iter("testcase"):  # noqa: S314 - made here
        bad = next((each for kind in ("failure", "error") for each in test.iter(kind)), None)
        words = "" if bad is None else f"{bad.get('message')} {bad.text}"
        if test.find("skipped") is not None:
            outcome = "skipped"
        elif bad is None:
            outcome = "passed"
        elif NOT_SERVED.search(words):
            outcome = "of methods that are not served"
        else:
            outcome = "of other hosts" if OTHER_HOST.search(words) else "failed"
        last = words.strip().splitlines()[-1] if words else ""
        yield f"{test.get('classname')}::{test.get('name')}", (outcome, last.strip())


if __name__ == "__main__":
    asyncio.run(main())
