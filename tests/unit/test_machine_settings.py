from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import BotSettings
from machine.settings import PartSettings, web_address
from storage.bot_token import TokenDamaged, known_token, resolve_token
from tests.keys import KEYRING

TOKEN = "1234567890:abcdefghijklmnopqrstuvwxyz-_ABCDEFG"


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8081",
        "https://api.telegram.org",
        "http://edgerad.local:8081",
        "http://[fd00::1]:8081",
        "https://clinic.example/telegram",
        "http://röntgen.lan",
    ],
)
def test_web_addresses_are_taken_without_their_last_slash(address: str) -> None:
    assert web_address(f"{address}/") == address


@pytest.mark.parametrize(
    "value",
    [
        "",
        "clinic",
        "http://",
        "http:///x",
        "http://a b",
        "http://a:b",
        "http://u:p@h",
        "http://h?q",
    ],
)
def test_what_is_no_web_address_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="is not a web address"):
        web_address(value)


def test_the_token_is_made_once_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    settings = PartSettings(_env_file=None, home=tmp_path / "data")
    assert known_token(settings, KEYRING) is None
    token = resolve_token(settings, KEYRING)
    number, _, secret = token.partition(":")
    assert number.isdecimal()
    assert len(secret) == 35
    assert resolve_token(settings, KEYRING) == known_token(settings, KEYRING) == token
    assert known_token(settings, None) is None, "it is sealed"
    path = tmp_path / "data" / "secrets" / "bot_token"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in path.parent.iterdir()] == ["bot_token"]


@pytest.mark.parametrize("content", [b"", b"123:abc", b"\xff\xfe\x00"])
def test_a_damaged_token_file_is_said_to_be_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "bot_token").write_bytes(content)
    with pytest.raises(TokenDamaged, match="bot_token holds no bot token"):
        resolve_token(PartSettings(_env_file=None, home=tmp_path), KEYRING)


def test_a_token_of_the_environment_counts_before_the_file(tmp_path: Path) -> None:
    settings = BotSettings(_env_file=None, home=tmp_path, bot_token=SecretStr(f" {TOKEN}\n"))
    assert settings.with_token(KEYRING).bot_token == SecretStr(TOKEN)
    assert not (tmp_path / "secrets").exists()


def test_a_home_below_the_users_own_folder_may_be_written_with_a_tilde(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("EDGERAD_HOME", "~/edgerad")
    assert PartSettings(_env_file=None).home == tmp_path / "edgerad"
