"""grammY and telegraf run on the gateway unchanged, by polling and by webhook.

They come from npm: `npm ci --prefix tests/node` installs them, as continuous integration does.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.gateway_world import RunningGateway, bot_of
from tests.small_bot import LIMIT_S, try_small_bot

FOLDER = Path(__file__).parents[1] / "node"

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not (FOLDER / "node_modules").is_dir(),
    reason="needs Node and `npm ci --prefix tests/node`",
)


@asynccontextmanager
async def running(gateway: RunningGateway, script: str, delivery: str) -> AsyncIterator[None]:
    """A bot in a Node process."""
    told = {"GATEWAY_URL": gateway.bot_url, "BOT_TOKEN": gateway.token, "DELIVERY": delivery}
    bot = await asyncio.create_subprocess_exec(
        "node", script, cwd=FOLDER, env={**os.environ, **told}, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert bot.stdout is not None
        async with asyncio.timeout(LIMIT_S):
            assert await bot.stdout.readline() == b"ready\n"
        yield
    finally:
        bot.kill()
        await bot.wait()


@pytest.mark.parametrize("delivery", ["polling", "webhook"])
@pytest.mark.parametrize("library", ["grammy", "telegraf"])
async def test_a_small_bot_of_node_runs(
    gateway: RunningGateway, library: str, delivery: str
) -> None:
    async with bot_of(gateway):  # forgets what came before
        pass
    async with running(gateway, f"{library}_bot.js", delivery):
        await try_small_bot(gateway, f"{library}-{delivery}")
