"""The `edgerad` command: what an operator types.

Knows the commands and their words. Each command's work lives in a module of its own.
"""

import asyncio
import os
import sys
from datetime import timedelta
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from bot.domain.audit import Act, head_code
from bot.domain.people import Role
from bot.locale import translator
from bot.replies.words import role as name_of
from bot.settings import BotSettings
from deploy.audit import record
from deploy.backups.archive import BackupSummary
from deploy.backups.backup import back_up
from deploy.backups.restore import finish as finish_restore
from deploy.backups.restore import restore as put_back
from deploy.backups.restore import verify as verify_backup
from deploy.commands.audit import audits
from deploy.commands.key import keys
from deploy.commands.model import models
from deploy.commands.retention import run_retention
from deploy.commands.stick import uninstall, update
from deploy.commands.tls import tls
from deploy.commands.up import STOP_SIGNALS, run_up
from deploy.doctor.checks import show_checks
from deploy.doctor.examination import examine
from deploy.doctor.mending import mend
from deploy.doctor.status import look
from deploy.doctor.support import support_parts, write_support
from deploy.joining.addresses import links
from deploy.joining.banner import show_address, show_invite
from deploy.joining.card import Card, Wifi, check_card, save_card
from deploy.joining.invites import create_invite
from deploy.older_data import revoke_after_restore
from deploy.running import background
from deploy.running.first_process import reap_orphans
from deploy.running.system import bot_api_url, is_own
from deploy.terminal import say, terminal
from gateway.settings import GatewaySettings
from inference.contract import Language
from machine.clock import SystemClock
from machine.faults import Fault, said_in_words
from machine.project import python_module
from storage.home import make_home

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # boxes break words, and say <bool> of a flag
)
app.add_typer(models, name="model")
app.add_typer(keys, name="key")
app.add_typer(audits, name="audit")
app.add_typer(tls, name="tls")
if find_spec("deploy.bench") is not None:
    from deploy.bench.commands import bench

    app.add_typer(bench, name="bench")
else:  # installed from a wheel

    @app.command(
        "bench", context_settings={"ignore_unknown_options": True, "allow_extra_args": True}
    )
    def no_bench() -> None:
        """Measure this machine: only in EdgeRad's repository."""
        raise Fault(
            "The benches are not in the installed package: run them in EdgeRad's repository."
        )


console = terminal()

_ROLES = ", ".join(Role)


def _role(text: str) -> Role:
    if text not in set(Role):
        raise typer.BadParameter(f"{text!r} is none of {_ROLES}.")
    return Role(text)


def _version(wanted: bool) -> None:
    if wanted:
        _say(f"EdgeRad {version('edgerad')}, Python {sys.version.split()[0]}")
        raise typer.Exit


@app.callback()
def edgerad(
    *,
    _: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Say which release it is."
        ),
    ] = False,
) -> None:
    """EdgeRad: an offline radiology assistant. Start it with `edgerad up`."""


@app.command()
def up(
    *,
    detach: Annotated[
        bool, typer.Option("--detach", help="Go on without this terminal; see `edgerad logs`.")
    ] = False,
) -> None:
    """Start gateway, bot and model; Ctrl-C stops them all."""
    settings = BotSettings()
    if not detach:
        reap_orphans(STOP_SIGNALS)
        asyncio.run(run_up(console, settings, GatewaySettings(), os.environ))
        return
    process = background.start(settings.home, _say)
    _say(f"It goes on without this terminal (process {process}). To stop it: edgerad stop")


@app.command()
def stop() -> None:
    """Stop EdgeRad; what was received is kept, and read later."""
    stopped = background.stop(BotSettings().home)
    _say("EdgeRad has stopped." if stopped else "EdgeRad does not run.")


@app.command()
def status() -> None:
    """Show what runs and waits, the last backup, where phones go."""
    settings, place = BotSettings(), GatewaySettings()
    found = show_checks(console, look(settings, place, SystemClock().now()))
    if is_own(bot_api_url(settings, place), place):
        show_address(console, links(place.gateway_host, place.gateway_port, place.public_url))
    raise typer.Exit(found)


@app.command()
def logs(
    *,
    lines: Annotated[int, typer.Option("--lines", "-n", min=1, help="How many.")] = 100,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C.")] = False,
) -> None:
    """Show what the parts said last: never a patient's data."""
    _replace_by(background.show_log(BotSettings().home, lines, follow=follow))


@app.command()
def bot() -> None:
    """Run the bot alone, as for Telegram's own Bot API server."""
    _become("bot")


@app.command()
def gateway() -> None:
    """Run the gateway alone."""
    _become("gateway")


@app.command()
def doctor(
    *,
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend first who may read the data and the key.")
    ] = False,
) -> None:
    """Look the whole system over; exit status 1 at a fault."""
    settings = BotSettings()
    for words in mend(settings) if fix else ():
        _say(words)
    raise typer.Exit(show_checks(console, examine(settings, GatewaySettings())))


@app.command()
def support(
    target: Annotated[Path, typer.Argument(help="A new file.")] = Path("edgerad-support.tar.gz"),
) -> None:
    """Write an archive for whoever helps; nothing of a patient."""
    settings = BotSettings()
    parts = support_parts(settings.home, examine(settings, GatewaySettings()), os.environ)
    write_support(target, parts)
    _say(f"Written: {target}, with {', '.join(parts)}. Look at it before you send it.")


app.command()(update)
app.command()(uninstall)


@app.command()
def invite(
    role: Annotated[
        Role, typer.Option(parser=_role, metavar="ROLE", help=f"What the person may do: {_ROLES}.")
    ] = Role.HEALTH_WORKER,
    card: Annotated[
        Path | None, typer.Option(help="Draw a card to print too: a .png or .pdf file.")
    ] = None,
    wifi: Annotated[str | None, typer.Option(help="The Wi-Fi's name, for the card.")] = None,
    *,
    wifi_code: Annotated[
        bool, typer.Option("--wifi-code", help="Ask for its password: phones join it by a code.")
    ] = False,
    language: Annotated[
        Language | None, typer.Option(help="Of the card; by default the clinic's.")
    ] = None,
) -> None:
    """Make an invite that works once: a link and its QR code."""
    settings, place = BotSettings(), GatewaySettings()
    make_home(settings.home)
    lasts, network = settings.invite_lasts(role), None
    if card is not None:
        network = _wifi(wifi, ask=wifi_code)
        check_card(card, network)
        lasts = timedelta(hours=settings.invite_hours)  # it is to be printed first
    until = SystemClock().now().astimezone() + lasts
    code = asyncio.run(create_invite(settings, role, lasts))
    addresses = links(place.gateway_host, place.gateway_port, place.public_url)
    show_invite(console, addresses, role, code, until)
    if card is not None:
        told = language or settings.language
        drawn = Card(
            link=f"{addresses[0]}/join#{code}",
            wifi=network,
            role=name_of(role, translator(told)),
            until=until,
            language=told,
        )
        save_card(drawn, card)
        _say(f"The card: {card}")


def _wifi(name: str | None, *, ask: bool) -> Wifi | None:
    if name is None:
        if ask:
            raise typer.BadParameter("--wifi-code needs the name: --wifi NAME")
        return None
    password = typer.prompt("Password of the Wi-Fi", hide_input=True) if ask else None
    return Wifi(name=name, password=password)


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="An archive to write, or a folder for it.")],
    *,
    keep: Annotated[
        int | None,
        typer.Option(min=1, help="How many archives to keep in the folder; by default all."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace an archive of that name.")
    ] = False,
) -> None:
    """Write all cases, chats and pictures to one archive.

    EdgeRad may go on serving meanwhile.
    """
    settings = BotSettings()
    keep_for = settings.retention().cases
    summary = back_up(
        settings.home, target, settings.key_file, force=force, keep=keep, keep_for=keep_for
    )
    _say(f"Backed up and checked: {summary.in_words()}")
    _warn(summary, "They are so on the disk too: edgerad doctor")
    head = record(settings, Act.BACKED_UP, summary.archive.name)
    _say(f"Head of the audit log, to be noted elsewhere: {head_code(head)}")


@app.command()
def restore(
    archive: Annotated[Path | None, typer.Argument(help="What edgerad backup wrote.")] = None,
    *,
    verify: Annotated[bool, typer.Option("--verify", help="Only check the archive.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Move aside what is there.")] = False,
    damaged: Annotated[
        bool, typer.Option("--damaged", help="Although files in it are missing or damaged.")
    ] = False,
    finish: Annotated[
        bool, typer.Option("--finish", help="Finish one that was interrupted.")
    ] = False,
) -> None:
    """Put a backup in place, or check it; EdgeRad must be stopped."""
    settings, now = BotSettings(), SystemClock().now()
    if finish:
        finish_restore(settings.home, now)
        _after_restore(settings, "")
        _say("The restore is finished. Next: edgerad doctor")
    elif archive is None:
        raise typer.BadParameter("Name the archive.")
    elif verify:
        summary = verify_backup(archive, settings.key_file)
        _say(f"Could be restored: {summary.in_words()}")
        _warn(summary)
    else:
        summary = put_back(
            archive, settings.home, settings.key_file, now, force=force, damaged=damaged
        )
        _after_restore(settings, archive.name)
        _warn(summary)
        _say(f"Restored: {summary.in_words()}. Next: edgerad doctor")


@app.command()
def retention(
    *,
    now: Annotated[bool, typer.Option("--now", help="Delete it; else it is only shown.")] = False,
) -> None:
    """Show, or delete, what is older than it is to be kept.

    EDGERAD_KEEP_CASES_DAYS and EDGERAD_KEEP_PICTURES_DAYS say how long that is.
    """
    run_retention(console, BotSettings(), now=now)


def _after_restore(settings: BotSettings, archive: str) -> None:
    """Note it, and delete again what has become too old since the backup was made."""
    record(settings, Act.RESTORED, archive)
    if again := revoke_after_restore(settings):
        _say(f"People whose access was taken away since the backup was made: {again}. It stays so.")
    if not settings.retention().is_off:
        run_retention(console, settings, now=True)
    _say("Patients whom /forget deleted since the backup was made are back: forget them again.")


def _warn(summary: BackupSummary, more: str = "") -> None:
    for words in summary.warnings():
        say(console, f"{words} {more}".rstrip(), "yellow")


def _say(words: str) -> None:
    say(console, words)


def _become(module: str) -> None:
    """Turn this process into a module of the project, so that signals reach it directly."""
    _replace_by(python_module(module))


def _replace_by(command: list[str]) -> None:
    """Turn this process into another program."""
    sys.stdout.flush()
    try:
        os.execvp(command[0], command)  # noqa: S606 - our own module, or the system's tail
    except OSError as error:
        raise Fault(f"{command[0]} is not on this machine.") from error


def main() -> None:
    """Run the command line; faults are said in words."""
    os.umask(0o077)  # patients' pictures and words are for this account alone
    with said_in_words():
        app()
