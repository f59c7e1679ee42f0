"""`edgerad update` and `edgerad uninstall`: for what a stick installed.

Knows the commands and their words. What is checked and what is removed is `deploy.stick`'s.
"""

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from bot.settings import BotSettings
from deploy.running import background
from deploy.stick.installed import this_installation
from deploy.terminal import say, terminal
from machine.project import ENV_FILE
from storage.durable import wipe as wipe_file
from storage.home import hold_all
from storage.key_sources import KeyFile, find_key_source
from storage.layout import Layout

console = terminal()


def update(
    stick: Annotated[Path, typer.Argument(help="The stick, such as /media/usb.")],
) -> None:
    """Update from a stick; the data are backed up first.

    EdgeRad is stopped. If the new release does not run, the old one and its data are put back.
    """
    command = this_installation().update_command(stick)
    sys.stdout.flush()
    os.execvp(command[0], command)  # noqa: S606 - signed by whom the installed release is from


def uninstall(
    *,
    wipe: Annotated[
        bool, typer.Option("--wipe", help="Delete all cases, pictures, models and the key too.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take EdgeRad away from this machine; the data stay."""
    installation, settings = this_installation(), BotSettings()
    key = _key(settings)
    doomed = [*Layout(settings.home).own(), *installation.backups, *key]
    if not yes:
        typer.confirm(_question(doomed if wipe else []), abort=True)
    background.stop(settings.home)
    command = installation.removal_command()
    if wipe:
        _wipe(settings.home, installation.backups, key)
        _say_what_stays(settings.home, gone=command)
    else:
        _say(f"The data stay in {settings.home}. Without their key nobody can read them.")
    _say(f"EdgeRad is taken away from {installation.folder}.")
    sys.stdout.flush()
    os.execvp(command[0], command)  # noqa: S606 - rm, of what install.sh made


def _question(doomed: list[Path]) -> str:
    if not doomed:
        return "Take EdgeRad away?"
    words = ["Take EdgeRad away? For good, with all of:", *map(str, doomed)]
    return (
        "\n    ".join(words)
        + "\nBackups elsewhere cannot be read without a copy of the key. Go on?"
    )


def _wipe(home: Path, backups: list[Path], key: list[Path]) -> None:
    """The key first: without it the rest is noise, should this be cut off."""
    with hold_all(home):
        for path in [*key, Layout(home).sealed_key]:
            wipe_file(path)
        for path in Layout(home).own():
            _remove(path)
    for path in backups:
        path.unlink(missing_ok=True)
    with suppress(OSError):  # others' files are in it, or it is a link or a disk of its own
        home.rmdir()


def _remove(path: Path) -> None:
    """A link alone, never what it leads to; what cannot be removed is said with what stays."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _say_what_stays(home: Path, gone: list[str]) -> None:
    left = sorted(map(str, home.iterdir())) if home.exists() else []
    if staying := [path for path in left if path not in gone]:
        _say("\n    ".join(["These stay: not EdgeRad's, or they cannot be removed:", *staying]))
    if ENV_FILE.exists():
        _say(f"{ENV_FILE} may hold tokens: remove it if nobody needs it.")


def _key(settings: BotSettings) -> list[Path]:
    """The key's file, where it is one."""
    source = find_key_source(settings.home, settings.key_file)
    return [source.path] if isinstance(source, KeyFile) and source.exists() else []


def _say(words: str) -> None:
    say(console, words)
