"""What `edgerad up` shows once the system stands: where to go, how to join, what answers.

Knows links and words. Must not know processes or databases.
"""

import io
from collections.abc import Sequence
from datetime import datetime

import segno
from rich.console import Console
from rich.text import Text

from bot.domain.people import Role
from deploy.terminal import say
from inference.models import InstalledModel

READY = "EdgeRad is ready"


def qr_code(link: str) -> str:
    """Draw a link as a QR code for a terminal.

    Args:
        link: What the phone shall open.

    Returns:
        Lines of half-block characters, two modules a character.
    """
    lines = io.StringIO()
    segno.make_qr(link, error="L").terminal(out=lines, border=2, compact=True)
    return lines.getvalue()


def show_banner(
    console: Console,
    *,
    links: list[str],
    invite_code: str | None,
    model: InstalledModel | None,
    tier: str,
    engines: Sequence[str] = (),
) -> None:
    """Say where EdgeRad is, how to join, which model answers and how to stop.

    Args:
        links: Where phones find the gateway, the likeliest first; none where the bot is on
            Telegram's own server.
        invite_code: The first supervisor's invite; None once there is a supervisor.
        model: The model that will read; None where engines elsewhere do, or none does.
        tier: The tier asked for, or `auto`.
        engines: Where those are; without them and without a model, answers are scripted.
    """
    console.rule(READY)
    if links:
        _say_how_to_join(console, links, invite_code)
    elif invite_code:
        console.print("First start: whoever sends the bot this in Telegram becomes the supervisor:")
        console.print(f"  /start {invite_code}", style="bold", highlight=False)
    if invite_code:
        console.print("All data are sealed with a key: without it nobody can read them again.")
        console.print("Keep a copy of it elsewhere: edgerad key save FILE", highlight=False)
    _say_what_reads(console, model, tier, engines)
    console.print("To stop: Ctrl-C", highlight=False)
    console.rule()


def _say_what_reads(
    console: Console, model: InstalledModel | None, tier: str, engines: Sequence[str]
) -> None:
    if model is None and not engines:
        words = "SCRIPTED ANSWERS: the same text for every picture, not for patients."
        console.print(words, style="yellow")
        console.print("For a model, leave out: EDGERAD_ENGINE=scripted", highlight=False)
        return
    if model is None:
        console.print(f"Engines: {', '.join(engines)} (see: edgerad doctor)", highlight=False)
        return
    known = "" if model.practice or model.release else ", not a known release"
    console.print(f"Model: {model.name} (tier: {tier}{known})", highlight=False)
    if model.practice:
        console.print("PRACTICE MODEL: trained on drawn films, not for patients.", style="yellow")
        console.print("To install MedGemma: edgerad model fetch, or edgerad model add FOLDER")


def show_address(console: Console, links: list[str]) -> None:
    """Show where phones find EdgeRad, so that it can be scanned, clicked or typed.

    Args:
        links: The likeliest first.
    """
    _print_qr(console, f"{links[0]}/")
    _print_links(console, links, "/")


def _say_how_to_join(console: Console, links: list[str], invite_code: str | None) -> None:
    suffix = f"/join#{invite_code}" if invite_code else "/"
    _print_qr(console, links[0] + suffix)
    if invite_code:
        console.print("First start: this link makes you the supervisor. Open it on")
        console.print("a phone in the same network, or scan the code. It works once.")
    else:
        console.print("Open this on a phone in the same network. To invite somebody:")
        console.print("edgerad invite", highlight=False)
    _print_links(console, links, suffix)


def show_invite(console: Console, links: list[str], role: Role, code: str, until: datetime) -> None:
    """Show an invite so that it can be scanned, clicked or typed.

    Args:
        links: Where phones find the gateway, the likeliest first.
        role: What the person who uses it may do.
        until: When it expires, in the machine's own time.
    """
    suffix = f"/join#{code}"
    _print_qr(console, links[0] + suffix)
    say(
        console,
        f"Invite for one {role.replace('_', ' ')}; it works once, until {until:%A %d %B, %H:%M}.",
    )
    _print_links(console, links, suffix)
    console.print(f"In Telegram, send the bot: /start {code}", highlight=False)


def _print_links(console: Console, links: list[str], suffix: str) -> None:
    for link in links:
        console.print(f"  {link}{suffix}", style="bold", soft_wrap=True, highlight=False)


def _print_qr(console: Console, link: str) -> None:
    # dark modules must be the dark ones on a light terminal too
    console.print(Text(qr_code(link), style="bright_white on black"), soft_wrap=True)
