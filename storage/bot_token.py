"""The bot's token: given, or made once in the data folder, where bot and gateway both find it.

Knows the file of secrets, which is sealed with the data's key. Must not know what a token opens.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from machine.faults import Fault
from machine.settings import TOKEN, PartSettings
from storage.errors import Damaged
from storage.home import make_home
from storage.inheritance import take_over
from storage.keys import Keyring, Purpose
from storage.layout import Layout
from storage.sealed_folder import SealedFolder
from storage.sealing import MAGIC

BOT_FD = "EDGERAD_BOT_TOKEN_FD"
"""Tells a part which descriptor holds the token."""


class TokenDamaged(Fault):
    """The file of the bot's token holds none."""


def resolve_token(settings: PartSettings, keyring: Keyring) -> str:
    """The bot's token: handed on by `edgerad up`, else from the settings, else the data folder's.

    The data folder's is made once, in `HOME/secrets/bot_token`.

    Args:
        keyring: Seals it.

    Returns:
        A token of Telegram's shape, `<digits>:<35 characters>`.

    Raises:
        TokenDamaged: If the file holds something else.
        HomeUnusable: If it cannot be made.
    """
    if (descriptor := os.environ.pop(BOT_FD, "")).isdecimal():
        return take_over(int(descriptor))
    if settings.bot_token is not None:
        return settings.bot_token.get_secret_value()
    make_home(settings.home)
    path = Layout(settings.home).bot_token
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with _alone_in(path.parent):
        if not path.exists():
            _folder(path, keyring).put(path.name, BytesIO(_new_token().encode()))
        token = _opened(path, keyring)
        _folder(path, keyring).seal(path.name)
    return token


def known_token(settings: PartSettings, keyring: Keyring | None) -> str | None:
    """The token that `resolve_token` would give; changes nothing.

    Args:
        keyring: The keys, where they are at hand.

    Returns:
        It; None where it would have to be made, or cannot be opened.
    """
    if settings.bot_token is not None:
        return settings.bot_token.get_secret_value()
    path = Layout(settings.home).bot_token
    if not path.exists() or (keyring is None and is_sealed(settings.home)):
        return None
    return _opened(path, keyring or Keyring(()))


def is_sealed(home: Path) -> bool:
    """Whether the token in a data folder is sealed, or there is none."""
    path = Layout(home).bot_token
    return not path.exists() or path.read_bytes().startswith(MAGIC)


def seal_token(home: Path, keyring: Keyring) -> None:
    """Seal a token that an earlier release left in clear; one that is sealed stays as it is."""
    path = Layout(home).bot_token
    if path.exists():
        with _alone_in(path.parent):
            _folder(path, keyring).seal(path.name)


def _opened(path: Path, keyring: Keyring) -> str:
    data = path.read_bytes()
    try:
        held = _folder(path, keyring).read(path.name) if data.startswith(MAGIC) else data
    except Damaged:
        held = b""
    token = held.decode("ascii", errors="replace").strip()
    if not TOKEN.fullmatch(token):
        raise TokenDamaged(
            f"{path} holds no bot token: it is damaged. Take it from a backup. Or remove it, and a"
            " new one is made; phones go on."
        )
    return token


def _folder(path: Path, keyring: Keyring) -> SealedFolder:
    return SealedFolder(path.parent, keyring, Purpose.SECRETS)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep other processes from making or sealing the token at the same time."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _new_token() -> str:
    number = 1_000_000_000 + secrets.randbelow(9_000_000_000)
    return f"{number}:{secrets.token_urlsafe(27)[:35]}"
