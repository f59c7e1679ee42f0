"""A temporary EdgeRad: the real parts on loopback, in a folder that is deleted afterwards.

For benches and demonstrations. Knows what keeps it apart from a clinic's system.
"""

import os
import socket
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.domain.people import Role
from bot.settings import BotSettings
from deploy.joining.invites import create_invite
from deploy.running.supervisor import Say, Supervisor
from deploy.running.system import make_plan, running
from gateway.settings import GatewaySettings
from machine.project import PROJECT_ROOT
from storage.bot_token import BOT_FD, resolve_token
from storage.inheritance import handed_on
from storage.opening import unlocked


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """A running system.

    Args:
        base_url: Where its gateway listens for phones.
        api_url: Where it listens for the bot.
        bot_token: The bot's.
        supervisor: Knows its parts' process ids.
        settings: The bot's settings.
    """

    base_url: str
    api_url: str
    bot_token: str
    supervisor: Supervisor
    settings: BotSettings

    async def invite(self, role: Role) -> str:
        """Make an invite.

        Args:
            role: What the person who uses it may do.
        """
        return await create_invite(self.settings, role)


@asynccontextmanager
async def sandbox(
    say: Say, samples: Path | None = None, settings: Mapping[str, str] | None = None
) -> AsyncIterator[Sandbox]:
    """Run a system while the block runs, in a folder that is deleted afterwards.

    Args:
        say: Shows the parts' lines.
        samples: Sample films that the phone page shall offer.
        settings: What differs from the defaults, as `EDGERAD_...` variables.
    """
    with tempfile.TemporaryDirectory(prefix="edgerad-sandbox-") as folder:
        async with sandbox_in(Path(folder), say, samples, settings) as system:
            yield system


@asynccontextmanager
async def sandbox_in(
    folder: Path,
    say: Say,
    samples: Path | None = None,
    settings: Mapping[str, str] | None = None,
) -> AsyncIterator[Sandbox]:
    """Run a system on a folder that stays, as `sandbox` does.

    Args:
        folder: Its data are in `data`, its key is in `key`.
        say: Shows the parts' lines.
        samples: Sample films that the phone page shall offer.
        settings: What differs from the defaults, as `EDGERAD_...` variables.
    """
    home, key_file, port, bots_port = folder / "data", folder / "key", free_port(), free_port()
    bot = BotSettings(_env_file=None, home=home, key_file=key_file)
    gateway = GatewaySettings(
        _env_file=None,
        home=home,
        gateway_host="127.0.0.1",
        gateway_port=port,
        bot_api_port=bots_port,
    )
    with unlocked(home, key_file) as keyring:
        token = resolve_token(gateway, keyring)
    told = {"EDGERAD_BOT_API_PORT": str(bots_port), **(settings or {})}
    environment = environment_of(port, key_file, told)
    with handed_on("edgerad-token", token) as descriptor:  # whatever a .env nearby says
        secrets = {BOT_FD: descriptor}
        plan = make_plan(bot, gateway, environment, token=token, samples=samples, secrets=secrets)
        async with running(plan, say) as supervisor:
            yield Sandbox(
                base_url=plan.phones_url,
                api_url=plan.api_url,
                bot_token=plan.bot_token,
                supervisor=supervisor,
                settings=bot,
            )


def free_port() -> int:
    """Find a port that nothing on loopback listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def environment_of(port: int, key_file: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """The environment of a part that knows nothing of this process's own EdgeRad settings.

    Args:
        port: Where the gateway listens for phones.
        key_file: Of a key of its own.
        settings: What differs from the defaults, as `EDGERAD_...` variables.
    """
    kept = {key: value for key, value in os.environ.items() if not key.startswith("EDGERAD_")}
    return {
        **kept,
        "PYTHONPATH": str(PROJECT_ROOT),
        "EDGERAD_KEY_FILE": str(key_file),
        "EDGERAD_LANGUAGE": "en",
        "EDGERAD_GATEWAY_HOST": "127.0.0.1",
        "EDGERAD_GATEWAY_PORT": str(port),
        **settings,
    }
