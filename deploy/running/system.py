"""The parts as one system on one machine: the gateway, and the bot with its model process.

Knows which parts there are, in which order they start and what each is told. Must not know how
they work.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

import httpx

from bot.settings import BotSettings
from deploy.joining.addresses import links
from deploy.running.supervisor import Part, Say, Supervisor, python_part
from gateway.settings import GatewaySettings
from machine.faults import Fault

GATEWAY_START_S = 60.0
PROBE_PERIOD_S = 0.1
CANNOT_RUN = "The {part} cannot run; its own message is above. edgerad doctor may say more."
GIVEN = "EDGERAD_BOT_TOKEN"
NOTHING: Mapping[str, int] = MappingProxyType({})
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
EVERYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - compared with, not bound


class CannotStart(Fault):
    """EdgeRad cannot start; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemPlan:
    """What `up` is about to run.

    Args:
        gateway: The gateway's part; None where the bot talks to another Bot API server.
        bot: The bot's part; the bot owns the model process.
        api_url: The Bot API server that the bot talks to.
        bot_token: Proves to the gateway that this is its bot.
        phones_url: Where this machine itself finds the phones' page.
    """

    gateway: Part | None
    bot: Part
    api_url: str
    bot_token: str
    phones_url: str = ""


def make_plan(
    bot: BotSettings,
    gateway: GatewaySettings,
    environment: Mapping[str, str],
    *,
    token: str,
    samples: Path | None,
    secrets: Mapping[str, int] = NOTHING,
) -> SystemPlan:
    """Work out the parts and their environments.

    Args:
        environment: What the parts inherit.
        token: The bot's.
        samples: Sample films that the phone page shall offer, if any.
        secrets: Descriptors from which the parts read the key and the token, by the variable that
            tells them; what is missing here they find by themselves.

    Returns:
        The plan; nothing runs yet.
    """
    home = bot.home.resolve()
    api_url = bot_api_url(bot, gateway)
    elsewhere = not is_own(api_url, gateway)
    shared = {
        **{name: value for name, value in environment.items() if name != GIVEN},
        "EDGERAD_HOME": str(home),
        "EDGERAD_BOT_API_URL": api_url,
        "PYTHONUNBUFFERED": "1",
        **{name: str(descriptor) for name, descriptor in secrets.items()},
    }
    descriptors = tuple(secrets.values())
    if samples is not None and gateway.samples_dir is None:
        shared["EDGERAD_SAMPLES_DIR"] = str(samples)
    address = links(gateway.gateway_host, gateway.gateway_port, gateway.public_url)[0]
    for_bot = shared if elsewhere else shared | {"EDGERAD_PUBLIC_URL": address}
    return SystemPlan(
        gateway=None if elsewhere else python_part("gateway", "gateway", shared, descriptors),
        bot=python_part("bot", "bot", for_bot, descriptors),
        api_url=api_url,
        bot_token=token,
        phones_url=f"http://127.0.0.1:{gateway.gateway_port}",
    )


def bot_api_url(bot: BotSettings, gateway: GatewaySettings) -> str:
    """Say which Bot API server the bot talks to.

    Returns:
        The one that was named, else this machine's own gateway at whatever port it has.
    """
    named = "bot_api_url" in bot.model_fields_set
    if named and not is_own(bot.bot_api_url, gateway):
        return bot.bot_api_url
    return f"http://{near(gateway.bot_api_host)}:{gateway.bots_port}"


def is_own(api_url: str, gateway: GatewaySettings) -> bool:
    """Whether an address is that of this machine's own gateway.

    Release 0.1 had the Bot API at the phones' port, and settings of its time name that.
    """
    url = urlsplit(api_url)
    ports = {gateway.gateway_port, gateway.bots_port}
    return url.hostname in {*LOOPBACK, gateway.bot_api_host} and url.port in ports


def near(host: str) -> str:
    """Where this machine itself reaches what listens at an address of its own."""
    if host in {*EVERYWHERE, *LOOPBACK - {"::1"}}:
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


@asynccontextmanager
async def running(plan: SystemPlan, say: Say) -> AsyncIterator[Supervisor]:
    """Run the parts while the block runs: the gateway first, the bot once it answers.

    Args:
        say: Shows the parts' lines.

    Yields:
        The supervisor, once the bot is ready.

    Raises:
        CannotStart: If the gateway or the bot does not come up.
    """
    supervisor = Supervisor(say)
    try:
        async with asyncio.TaskGroup() as group:
            tasks: list[asyncio.Task[None]] = []
            try:
                if plan.gateway is not None:
                    tasks.append(group.create_task(supervisor.keep_running(plan.gateway)))
                    failed = partial(supervisor.has_failed, plan.gateway)
                    await wait_for_gateway(plan.api_url, plan.bot_token, failed)
                tasks.append(group.create_task(supervisor.keep_running(plan.bot)))
                if not await supervisor.comes_up(plan.bot):
                    raise CannotStart(CANNOT_RUN.format(part="bot"))
                yield supervisor
            finally:
                for task in tasks:
                    task.cancel()
    except BaseExceptionGroup as group_of_errors:
        # what is raised within `except*` stays in a group on Python 3.11.2, Debian 12's
        said, others = group_of_errors.split(CannotStart)
        if said is None or others is not None:
            raise
        raise said.exceptions[0] from None


async def wait_for_gateway(
    api_url: str,
    token: str,
    failed: Callable[[], bool] = lambda: False,
    limit_s: float = GATEWAY_START_S,
) -> None:
    """Wait until the gateway answers to this token.

    Args:
        failed: Whether it has said why it cannot run.
        limit_s: When to give up.

    Raises:
        CannotStart: It cannot run, or does not answer in time.
    """
    url = f"{api_url}/bot{token}/getMe"
    try:
        async with asyncio.timeout(limit_s), httpx.AsyncClient(trust_env=False) as client:
            while not await _answers(client, url):
                if failed():
                    raise CannotStart(CANNOT_RUN.format(part="gateway"))
                await asyncio.sleep(PROBE_PERIOD_S)
    except TimeoutError as error:
        raise CannotStart(
            f"The gateway did not answer within {limit_s:g} s; its own message is above."
        ) from error


async def _answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).is_success
    except httpx.TransportError:
        return False
