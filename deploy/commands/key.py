"""`edgerad key`: where the key to the data is, a copy of it, a new one, a passphrase for it.

Knows the commands and their words; what they do is done in `storage`.
"""

from pathlib import Path
from typing import Annotated

import typer

from bot.domain.audit import Act
from bot.settings import BotSettings
from deploy.audit import record
from deploy.terminal import say, terminal
from gateway.certificates import Certificates
from storage.key_sources import KeyFile, KeySource, find_key_source, passphrase_file
from storage.keys import Keyring
from storage.opening import find_keyring, rotate

keys = typer.Typer(no_args_is_help=True, help="The key that the clinic's data are sealed with.")
console = terminal()


@keys.command()
def where() -> None:
    """Say where the key is and which one it is, but not the key."""
    place, keyring = _at_hand()
    say(
        console,
        f"{place.in_words()} (key {keyring.current.id.hex()}, earlier keys kept: "
        f"{len(keyring.keys) - 1})",
    )


@keys.command()
def save(
    target: Annotated[Path, typer.Argument(help="A new file, such as on a stick for the safe.")],
) -> None:
    """Copy the key to a file.

    Without the key, or a copy of it, nobody can read the data again.
    """
    _, keyring = _at_hand()
    if not target.parent.is_dir():
        _fail(f"There is no folder {target.parent}. Is the stick connected?")
    if target.is_dir():
        _fail(f"{target} is a folder: name a new file in it, such as {target / 'edgerad.key'}")
    if target.exists():
        _fail(f"{target} exists already.")
    KeyFile(target).write(keyring)
    record(BotSettings(), Act.COPIED_KEY)
    say(console, f"Saved: {target}. Whoever has this file and the data can read them.")


@keys.command(name="rotate")
def rotate_key() -> None:
    """Seal all data with a new key; EdgeRad must be stopped.

    Cut off, it goes on when run again.
    """
    settings = BotSettings()
    keyring = rotate(settings.home, settings.key_file)
    Certificates(settings.home, keyring).reseal()
    record(settings, Act.CHANGED_KEY, keyring.current.id.hex())
    say(
        console,
        f"All data are sealed with key {keyring.current.id.hex()} now. The keys before it stay"
        " beside it, for older backups. Make a new copy: edgerad key save FILE",
    )


@keys.command()
def passphrase() -> None:
    """Seal the key itself with a passphrase, or change that.

    It is asked for at each start.
    """
    settings = BotSettings()
    place, keyring = _at_hand()
    passphrase_file(settings.home).write(keyring)
    record(settings, Act.CHANGED_KEY, "passphrase")
    say(
        console,
        "The key is now sealed with this passphrase. If you forget it, you need a copy of the key.",
    )
    if isinstance(place, KeyFile):
        say(
            console,
            f"Keep a copy of {place.path} in a safe, then remove it from this machine:"
            f" shred -u {place.path}",
        )


def _at_hand() -> tuple[KeySource, Keyring]:
    settings = BotSettings()
    place = find_key_source(settings.home, settings.key_file)
    keyring = find_keyring(settings.home, place)
    if keyring is None:
        _fail("There is no key yet: it is made at the first start.")
        raise typer.Exit(1)
    return place, keyring


def _fail(words: str) -> None:
    say(console, words, "red")
    raise typer.Exit(1)
