"""`edgerad tls`: HTTPS for the phones, by certificates of the clinic's own.

Knows the commands, their words, and under which names phones reach this machine.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from urllib.parse import urlsplit

import typer

from bot.domain.audit import Act
from bot.settings import BotSettings
from deploy.audit import record
from deploy.joining.local_name import HOST, reachable_at
from deploy.terminal import say, terminal
from gateway.certificates import Certificates
from gateway.settings import GatewaySettings
from machine.clock import SystemClock
from storage.keys import Keyring
from storage.opening import unlocked

tls = typer.Typer(no_args_is_help=True, help="HTTPS for the phones, without the internet.")
console = terminal()


@tls.command()
def init(
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Make a new authority: every phone must trust it anew.")
    ] = False,
) -> None:
    """Make the clinic's authority and this machine's certificate.

    Restart EdgeRad afterwards.
    """
    place, now = GatewaySettings(), SystemClock().now()
    with _certificates(place) as certificates:
        if not certificates.are_made or force:
            certificates.remove()
            certificates.make_authority(names_of(place), now)
        certificates.renew(names_of(place), now)
        _show(certificates, place)
    record(BotSettings(), Act.CHANGED, "HTTPS on")
    _say("Restart EdgeRad. Phones then find the steps to trust it at the address that they know.")


@tls.command()
def status() -> None:
    """Say what phones are to trust, and how long it lasts."""
    place = GatewaySettings()
    with _certificates(place) as certificates:
        if certificates.are_made:
            _show(certificates, place)
        else:
            _say("Phones are served by plain HTTP. For HTTPS: edgerad tls init")


@tls.command()
def off() -> None:
    """Serve phones by plain HTTP again; restart EdgeRad afterwards."""
    with _certificates(GatewaySettings()) as certificates:
        certificates.remove()
    record(BotSettings(), Act.CHANGED, "HTTPS off")
    _say("The certificates are removed. Restart EdgeRad. Remove EdgeRad from phones' trust, too.")


def names_of(place: GatewaySettings) -> list[str]:
    """The names and addresses under which phones, and this machine, reach the gateway.

    Returns:
        At least one; no name twice.
    """
    named = urlsplit(place.public_url or "").hostname
    machine = socket.gethostname().partition(".")[0].lower()
    names = [HOST, *([named] if named else []), *_as_names(machine)]
    return list(dict.fromkeys([*names, *reachable_at(place.gateway_host), "127.0.0.1"]))


def renew(place: GatewaySettings, keyring: Keyring) -> bool:
    """Make this machine's certificate anew if need be, where there is an authority.

    Args:
        keyring: The keys to the data folder.

    Returns:
        Whether it was made anew.
    """
    certificates = Certificates(place.home, keyring)
    return certificates.are_made and certificates.renew(names_of(place), SystemClock().now())


def _as_names(machine: str) -> list[str]:
    usable = machine.isascii() and machine.replace("-", "").isalnum()
    return [machine, f"{machine}.local"] if usable else []


@contextmanager
def _certificates(place: GatewaySettings) -> Iterator[Certificates]:
    with unlocked(place.home, place.key_file) as keyring:
        yield Certificates(place.home, keyring)


def _show(certificates: Certificates, place: GatewaySettings) -> None:
    until = certificates.certificate.not_valid_after_utc
    _say(f"HTTPS on port {place.tls_port}: {', '.join(names_of(place))}")
    _say(f"This machine's certificate lasts until {until:%Y-%m-%d}; it is renewed by itself.")
    _say(f"The authority's SHA-256, to compare with a phone's: {certificates.fingerprint}")


def _say(words: str) -> None:
    say(console, words)
