"""The `edgerad` command: what an operator types.

Knows the commands and their words. Each command's work lives in a module of its own.
"""

import asyncio
import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.clock import SystemClock
from bot.domain import Role
from bot.settings import BotSettings
from deploy.addresses import links
from deploy.backup import back_up
from deploy.banner import show_invite
from deploy.bench.fidelity import as_json, compare_tiers, show_rows
from deploy.bench.gateway import measure_gateway
from deploy.bench.gateway_table import show_gateway_report
from deploy.bench.overhead import measure
from deploy.bench.table import show_report
from deploy.card import Card, check_card, save_card
from deploy.doctor import examine, show
from deploy.invites import create_invite
from deploy.key_commands import keys
from deploy.model_commands import models
from deploy.restore import finish as finish_restore
from deploy.restore import restore as put_back
from deploy.restore import verify as verify_backup
from deploy.up import run_up
from gateway.settings import GatewaySettings
from machine.faults import said_in_words
from machine.folder import make_home

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="EdgeRad: an offline radiology assistant. Start it with `edgerad up`.",
)
app.add_typer(models, name="model")
app.add_typer(keys, name="key")
console = Console()


@app.command()
def up() -> None:
    """Start the gateway, the bot and the model; Ctrl-C stops them all."""
    asyncio.run(run_up(console, BotSettings(), GatewaySettings(), os.environ))


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
    raise typer.Exit(show(console, examine(BotSettings(), GatewaySettings())))


@app.command()
def invite(
    role: Annotated[Role, typer.Option(help="What the person may do.")] = Role.HEALTH_WORKER,
    card: Annotated[
        Path | None, typer.Option(help="Draw a card to print too: a .png or .pdf file.")
    ] = None,
    wifi: Annotated[str | None, typer.Option(help="The Wi-Fi's name, for the card.")] = None,
) -> None:
    """Make an invite that works once: prints its link and QR code."""
    settings, place = BotSettings(), GatewaySettings()
    make_home(settings.home)
    lasts = settings.invite_lasts(role)
    if card is not None:
        check_card(card, wifi)
        lasts = timedelta(hours=settings.invite_hours)  # it is to be printed first
    until = SystemClock().now().astimezone() + lasts
    code = asyncio.run(create_invite(settings, role, lasts))
    addresses = links(place.gateway_host, place.gateway_port, place.public_url)
    show_invite(console, addresses, role, code)
    if card is not None:
        link = f"{addresses[0]}/join#{code}"
        save_card(Card(link=link, wifi=wifi, role=role.replace("_", " "), until=until), card)
        _say(f"The card: {card}")


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="An archive to write, or a folder for it.")],
    *,
    keep: Annotated[
        int | None, typer.Option(min=1, help="How many archives stay in the folder; all if unsaid.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace one of that name.")] = False,
) -> None:
    """Write all cases, chats and pictures to one archive; EdgeRad may go on serving meanwhile."""
    settings = BotSettings()
    summary = back_up(settings.home, target, settings.key_file, force=force, keep=keep)
    _say(f"Backed up and checked: {summary.in_words()}")


@app.command()
def restore(
    archive: Annotated[Path | None, typer.Argument(help="What edgerad backup wrote.")] = None,
    *,
    verify: Annotated[bool, typer.Option("--verify", help="Only check the archive.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Move aside what is there.")] = False,
    finish: Annotated[bool, typer.Option("--finish", help="Go on where it was cut off.")] = False,
) -> None:
    """Put a backup in place, EdgeRad being stopped; or check that it could be."""
    settings, now = BotSettings(), SystemClock().now()
    os.umask(0o077)
    if finish:
        finish_restore(settings.home, now)
        _say("The restore is finished. Next: edgerad doctor")
    elif archive is None:
        raise typer.BadParameter("Name the archive.")
    elif verify:
        _say(f"Could be restored: {verify_backup(archive, settings.key_file).in_words()}")
    else:
        summary = put_back(archive, settings.home, settings.key_file, now, force=force)
        _say(f"Restored: {summary.in_words()}. Next: edgerad doctor")


bench = typer.Typer(no_args_is_help=True, help="Measure this machine.")
app.add_typer(bench, name="bench")


@bench.command()
def overhead(
    seconds: Annotated[float, typer.Option(min=6, help="How long to measure.")] = 60,
    phones: Annotated[int, typer.Option(min=1, help="How many phones.")] = 20,
    pace: Annotated[float, typer.Option(min=0.1, help="Seconds between a phone's photos.")] = 10,
    json_to: Annotated[
        Path | None, typer.Option(help="Write the figures to this file too.")
    ] = None,
) -> None:
    """Measure everything but the model: from a phone's PUT to the answer on the phone."""
    console.print(f"Measuring for about {seconds + 15:.0f} s, in a folder of its own ...")
    report = asyncio.run(measure(seconds=seconds, phones=phones, pace_s=pace))
    show_report(console, report)
    if json_to is not None:
        json_to.write_text(json.dumps(report.as_json(), indent=1) + "\n")


@bench.command(name="gateway")
def bench_gateway(
    seconds: Annotated[float, typer.Option(min=1, help="For each figure.")] = 10,
    messages: Annotated[int, typer.Option(min=1, help="In the store.")] = 1_000_000,
    json_to: Annotated[
        Path | None, typer.Option(help="Write the figures to this file too.")
    ] = None,
) -> None:
    """Measure the Bot API server alone: round trips, phone to bot, memory, a full store."""
    console.print("Measuring for some minutes, in a folder of its own ...")
    report = asyncio.run(measure_gateway(seconds=seconds, messages=messages))
    show_gateway_report(console, report)
    if json_to is not None:
        json_to.write_text(json.dumps(report.as_json(), indent=1) + "\n")


@bench.command()
def fidelity(
    films: Annotated[int, typer.Option(min=1, help="How many drawn films.")] = 500,
    seed: Annotated[int, typer.Option(help="Of the films.")] = 1,
    json_to: Annotated[
        Path | None, typer.Option(help="Write the figures to this file too.")
    ] = None,
) -> None:
    """Compare the practice model's answers at every tier with those in float32."""
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Starting")
        rows = compare_tiers(
            films,
            seed,
            lambda step, done, total: progress.update(
                task, description=step, completed=done, total=total
            ),
        )
    if json_to is not None:
        json_to.write_text(as_json(rows) + "\n")
    raise typer.Exit(show_rows(console, rows))


def _say(words: str) -> None:
    console.print(words, highlight=False, soft_wrap=True)


def _become(module: str) -> None:
    """Turn this process into a module of the project, so that signals reach it directly."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", module])  # noqa: S606 - our own module


def main() -> None:
    """Run the command line; faults are said in words."""
    with said_in_words():
        app()
