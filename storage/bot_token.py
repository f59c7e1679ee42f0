"""The bot's token: given, or made once in the data folder, where bot and gateway both find it.

Knows the file of secrets. Must not know what a token opens.
"""

import secrets
from contextlib import suppress
from pathlib import Path

from machine.faults import Fault
from machine.settings import TOKEN, PartSettings
from storage.home import make_home
from storage.layout import Layout


class TokenDamaged(Fault):
    """The file of the bot's token holds none."""


def resolve_token(settings: PartSettings) -> str:
    """The bot's token: from the settings, else from `HOME/secrets/bot_token`, made there once.

    Returns:
        A token of Telegram's shape, `<digits>:<35 characters>`.

    Raises:
        TokenDamaged: If the file holds something else.
        HomeUnusable: If it cannot be made.
    """
    if settings.bot_token is not None:
        return settings.bot_token.get_secret_value()
    make_home(settings.home)
    path = Layout(settings.home).bot_token
    if not path.exists():
        _make_token(path)
    token = path.read_bytes().decode("ascii", errors="replace").strip()
    if not TOKEN.fullmatch(token):
        raise TokenDamaged(
            f"{path} holds no bot token: it is damaged. Take it from a backup. Or remove it, and a"
            " new one is made; phones must then join again."
        )
    return token


def known_token(settings: PartSettings) -> str | None:
    """The token that `resolve_token` would give, or None where it would have to make one."""
    on_disk = Layout(settings.home).bot_token
    return resolve_token(settings) if settings.bot_token or on_disk.exists() else None


def _make_token(path: Path) -> None:
    """Write a token whole or not at all; where another process was faster, its token stays."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    draft.touch(mode=0o600)
    try:
        draft.write_text(_new_token(), encoding="ascii")
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()


def _new_token() -> str:
    number = 1_000_000_000 + secrets.randbelow(9_000_000_000)
    return f"{number}:{secrets.token_urlsafe(27)[:35]}"
