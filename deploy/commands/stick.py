"""`edgerad update` and `edgerad uninstall`: for what a stick installed.

Knows the commands and their words. What is checked and what is removed is `deploy.stick`'s.
"""

import os
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.settings import BotSettings
from deploy.running import background
from deploy.stick.installed import this_installation
from deploy.terminal import terminal
from storage.durable import wipe as wipe_file
from storage.home import hold_all
from storage.key_sources import KeyFile, find_key_source

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
    doomed = [settings.home, *installation.backups, *key] if wipe else []
    if not yes:
        words = ["Take EdgeRad away?", *(["For good, with all of:"] if doomed else [])]
        typer.confirm("\n    ".join([*words, *map(str, doomed)]), abort=True)
    background.stop(settings.home)
    if wipe:
        _wipe(settings.home, installation.backups, key)
    else:
        _say(f"The data stay in {settings.home}. Without their key nobody can read them.")
    command = installation.removal_command()
    _say(f"EdgeRad is taken away from {installation.folder}.")
    sys.stdout.flush()
    os.execvp(command[0], command)  # noqa: S606 - rm, of what install.sh made


def _wipe(home: Path, backups: list[Path], key: list[Path]) -> None:
    """The key first: without it the rest is noise, should this be cut off."""
    with hold_all(home):
        for path in key:
            wipe_file(path)
        shutil.rmtree(home.resolve())
    for path in backups:
        path.unlink()


def _key(settings: BotSettings) -> list[Path]:
    """The key's file, where it is one."""
    source = find_key_source(settings.home, settings.key_file)
    return [source.path] if isinstance(source, KeyFile) and source.exists() else []


def _say(words: str) -> None:
    console.print(words, highlight=False, soft_wrap=True)
