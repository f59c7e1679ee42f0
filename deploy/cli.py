"""The `edgerad` command: what an operator types.

Knows the commands and their words. Each command's work lives in a module of its own, imported
when the command runs, so that `edgerad --help` is quick.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from bot.domain import Role
from bot.settings import BotSettings
from gateway.settings import GatewaySettings

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="EdgeRad: an offline radiology assistant. Start it with `edgerad up`.",
)
console = Console()


@app.command()
def up() -> None:
    """Start the gateway, the bot and the model; Ctrl-C stops them all."""
    from deploy.system import CannotStart
    from deploy.up import up as run

    try:
        asyncio.run(run(console, BotSettings(), GatewaySettings(), os.environ))
    except CannotStart as error:
        _fail(str(error))


@app.command()
def bot() -> None:
    """Run the bot alone, such as against Telegram's own Bot API server."""
    _become("bot")


@app.command()
def gateway() -> None:
    """Run the gateway alone."""
    _become("gateway")


@app.command()
def doctor() -> None:
    """Look the whole system over; exit status 1 if something is at fault."""
    from deploy.doctor import examine, show

    raise typer.Exit(show(console, examine(BotSettings(), GatewaySettings())))


@app.command()
def invite(
    role: Annotated[Role, typer.Option(help="What the person may do.")] = Role.HEALTH_WORKER,
) -> None:
    """Make an invite that works once: prints its link and QR code."""
    from deploy.addresses import links
    from deploy.banner import show_invite
    from deploy.invites import create_invite

    code = asyncio.run(create_invite(BotSettings(), role))
    place = GatewaySettings()
    show_invite(
        console, links(place.gateway_host, place.gateway_port, place.public_url), role, code
    )


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="The archive to write, such as clinic.tar.")],
) -> None:
    """Write all cases, chats and pictures to one archive; EdgeRad may go on serving meanwhile."""
    from deploy.backup import BackupFailed, back_up

    try:
        summary = back_up(BotSettings().home, target)
    except BackupFailed as error:
        _fail(str(error))
    else:
        console.print(f"{summary}", highlight=False)


def _become(module: str) -> None:
    """Turn this process into a module of the project, so that signals reach it directly."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", module])  # noqa: S606 - our own module


def _fail(words: str) -> None:
    console.print(Text(words, style="red"))
    raise typer.Exit(1)


def main() -> None:
    """Run the command line."""
    app()
