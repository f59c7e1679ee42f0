"""`edgerad up`: runs the system in a terminal until it is asked to stop.

Knows what to show before, while and after the parts run. Must not know how they work.
"""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.text import Text

import inference.practice
from bot.settings import BotSettings, Engine
from deploy.commands.tls import renew
from deploy.joining.addresses import links, out_of_reach
from deploy.joining.banner import show_banner
from deploy.joining.invites import first_supervisor_invite
from deploy.joining.local_name import announced
from deploy.older_data import WHAT_TO_DO
from deploy.running.system import CannotStart, SystemPlan, make_plan, running
from deploy.settings import setting_names
from deploy.terminal import say
from gateway.server import listen
from gateway.settings import GatewaySettings
from inference.errors import ModelError
from inference.models import InstalledModel, find_model
from machine.faults import Fault, in_words
from machine.systemd import STOPPING, notify, stay_watched
from machine.unknown_settings import find_unknown_settings
from storage.bot_token import BOT_FD, resolve_token
from storage.epoch import EpochRecord
from storage.home import hold_system
from storage.inheritance import handed_on
from storage.key_sources import KEY_FD
from storage.keys import Keyring
from storage.opening import unlocked

RENEWING_S = 300.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, a service manager's stop, a terminal that was closed."""


async def run_up(
    console: Console, bot: BotSettings, gateway: GatewaySettings, environment: Mapping[str, str]
) -> None:
    """Run EdgeRad until Ctrl-C or SIGTERM.

    Args:
        console: Where to say what happens.
        environment: What the parts inherit.

    Raises:
        CannotStart: With what to do about it.
        AlreadyRunning: On the same data folder.
        HomeUnusable: With what is in the way.
        CannotListen: With what to do about it.
    """
    for setting in find_unknown_settings(setting_names(), environment):
        say(console, setting.in_words(), "yellow")
    model = _usable_model(bot) if bot.engine is Engine.LOCAL else None
    practice = bot.engine is Engine.SCRIPTED or (model is not None and model.practice)
    with (
        hold_system(bot.home),
        unlocked(bot.home, bot.key_file) as keyring,
        _handed_on(keyring, token := resolve_token(gateway, keyring)) as secrets,
    ):
        samples = _samples() if practice else None
        plan = make_plan(bot, gateway, environment, token=token, samples=samples, secrets=secrets)
        addresses: list[str] = []
        if plan.gateway is not None:
            # a port in use is said now
            listen(gateway.gateway_host, gateway.gateway_port).close()
            listen(gateway.bot_api_host, gateway.bots_port, "EDGERAD_BOT_API").close()
            addresses = links(gateway.gateway_host, gateway.gateway_port, gateway.public_url)
            if words := out_of_reach(gateway.public_url):
                say(console, words, "bold yellow")
        renew(gateway, keyring)
        code = await first_supervisor_invite(bot, keyring)
        console.print("Starting ...")
        with contextlib.suppress(asyncio.CancelledError), _stopped_by_signals():
            async with (
                running(plan, lambda name, line: _say(console, name, line)),
                _named(plan, gateway, console) as by_name,
            ):
                _say_older(bot, keyring, console)
                show_banner(
                    console,
                    links=[*addresses, *by_name],
                    invite_code=code,
                    model=model,
                    tier=bot.tier or "auto",
                    engines=bot.engine_urls if bot.engine is Engine.REMOTE else (),
                )
                async with asyncio.TaskGroup() as group:
                    group.create_task(stay_watched())
                    await _keep_certified(gateway, keyring, console)
    console.print("EdgeRad has stopped.")


@contextmanager
def _handed_on(keyring: Keyring, token: str) -> Iterator[Mapping[str, int]]:
    """Descriptors of what the parts must have and nobody else may see."""
    with (
        handed_on("edgerad-key", keyring.as_text()) as key_descriptor,
        handed_on("edgerad-token", token) as token_descriptor,
    ):
        yield {KEY_FD: key_descriptor, BOT_FD: token_descriptor}


def _say_older(bot: BotSettings, keyring: Keyring, console: Console) -> None:
    """Say what the parts noticed at their start, until somebody accepts it."""
    found = EpochRecord(bot.home, keyring).findings()
    words = [finding.in_words() for finding in found]
    for line in dict.fromkeys([*words, WHAT_TO_DO] if words else []):
        say(console, line, "bold red")


async def _keep_certified(gateway: GatewaySettings, keyring: Keyring, console: Console) -> None:
    """Give the certificate this machine's new addresses, and a new one in time, for ever.

    Where that fails, phones are served with the one that there is.
    """
    while True:
        await asyncio.sleep(RENEWING_S)
        try:
            await asyncio.to_thread(renew, gateway, keyring)
        except (OSError, Fault) as error:
            _say(console, "tls", f"The certificate was not made anew. {in_words(error) or error}")


@asynccontextmanager
async def _named(
    plan: SystemPlan, gateway: GatewaySettings, console: Console
) -> AsyncIterator[tuple[str, ...]]:
    """Have a name on the network while the block runs, where phones come to this machine.

    Yields:
        The link by name, if there is one.
    """
    if plan.gateway is None or not gateway.mdns:
        yield ()
        return
    warn = partial(_say, console, "network")
    async with announced(gateway.gateway_host, gateway.gateway_port, warn) as link:
        yield () if link is None else (link,)


def _usable_model(settings: BotSettings) -> InstalledModel:
    """The model that will read; the model process checks every byte of it before it loads it."""
    try:
        return find_model(settings.home, settings.model)
    except ModelError as error:
        raise CannotStart(f"{error} See the models at hand: edgerad model list") from error


def _samples() -> Path | None:
    """Drawn films to try, where what reads them is for practice alone."""
    folder = Path(inference.practice.__file__).parent / "samples"
    return folder if folder.is_dir() else None


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Have the first stop signal cancel the running task; more of them change nothing."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    asked: list[int] = []

    def stop(number: int) -> None:
        if task is not None and not asked:
            notify(STOPPING)
            task.cancel()
        asked.append(number)

    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, stop, number)
    try:
        yield
    finally:
        for number in STOP_SIGNALS:
            loop.remove_signal_handler(number)


def _say(console: Console, name: str, line: str) -> None:
    console.print(Text.assemble((f"{name:>7} ", "dim"), line), soft_wrap=True)
