import errno
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlcipher3 import dbapi2

from bot.settings import BotSettings
from bot.store import database_file
from gateway.settings import GatewaySettings
from inference.contract import Tier
from machine.faults import EXIT_STATUS, Fault, in_words, said_in_words
from storage.database import open_writer
from tests.keys import KEYRING

SECRET = "123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"  # a character short


@pytest.fixture(autouse=True)
def _own_dotenv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("machine.faults.ENV_FILE", tmp_path / ".env")
    for settings in (BotSettings, GatewaySettings):
        monkeypatch.setitem(settings.model_config, "env_file", tmp_path / ".env")


def words_of(make: Callable[[], object]) -> str:
    with pytest.raises(ValidationError) as caught:
        make()
    return in_words(caught.value) or ""


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("GATEWAY_PORT", "abc", "'abc' is not a whole number"),
        ("GATEWAY_PORT", "70000", "'70000' is more than 65535"),
        ("MAX_UPLOAD_BYTES", "0", "'0' is not more than 0"),
        ("LOG_LEVEL", "loud", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("PUBLIC_URL", "clinic", "'clinic' is not a web address: write http://"),
        ("PUBLIC_URL", "http://clinic:port", "is not a web address"),
        ("SAMPLES_DIR", "/nowhere", "is no folder of sample films"),
    ],
)
def test_a_gateways_setting_that_cannot_be_used_is_named_with_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, key: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"EDGERAD_{key}", value)
    words = words_of(GatewaySettings)
    assert words.startswith(f"EDGERAD_{key} in the environment: ")
    assert said in words
    assert "Correct it" in words


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("BOT_API_URL", "api.telegram.org", "'api.telegram.org' is not a web address"),
        ("BOT_API_URL", "ftp://api.telegram.org", "is not a web address"),
        ("LANGUAGE", "xx", "'en', 'fr'"),
        ("INVITE_HOURS", "-1", "'-1' is not more than 0"),
        ("READ_DEADLINE_S", "soon", "'soon' is not a number"),
    ],
)
def test_a_bots_setting_that_cannot_be_used_is_named_with_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, key: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"EDGERAD_{key}", value)
    words = words_of(BotSettings)
    assert words.startswith(f"EDGERAD_{key} in the environment: ")
    assert said in words


def test_every_tier_that_may_be_asked_for_is_said_auto_included(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EDGERAD_TIER", "3-bit")
    words = words_of(BotSettings)
    assert all(repr(name) in words for name in ["auto", *map(str, Tier)])


def test_the_dotenv_file_that_a_bad_value_stands_in_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("EDGERAD_GATEWAY_PORT=abc\n")
    assert f"EDGERAD_GATEWAY_PORT in {tmp_path / '.env'}: " in words_of(GatewaySettings)


@pytest.mark.parametrize("settings", [BotSettings, GatewaySettings])
def test_a_token_of_a_wrong_shape_is_refused_without_being_told(
    monkeypatch: pytest.MonkeyPatch, settings: Callable[[], object]
) -> None:
    monkeypatch.setenv("EDGERAD_BOT_TOKEN", SECRET)
    words = words_of(settings)
    assert "EDGERAD_BOT_TOKEN" in words
    assert "@BotFather" in words
    assert SECRET not in words


def test_a_token_that_got_into_an_address_is_not_told_either(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EDGERAD_BOT_API_URL", f"api.telegram.org/bot{SECRET}")
    assert SECRET not in words_of(BotSettings)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EACCES, "may not use it"),
        (errno.EROFS, "only be read"),
        (errno.ENOENT, "disk connected"),
        (errno.EIO, "may be failing"),
    ],
)
def test_what_the_system_refuses_is_a_sentence_with_the_files_name(number: int, said: str) -> None:
    words = in_words(OSError(number, "as the system says it", "/media/usb/clinic.tar"))
    assert words is not None
    assert words.startswith("/media/usb/clinic.tar: ")
    assert said in words
    assert "Errno" not in words


def test_a_refusal_that_nobody_foresaw_is_said_in_the_systems_words() -> None:
    assert in_words(OSError(errno.EXDEV, "Invalid cross-device link")) == (
        f"Invalid cross-device link (error {errno.EXDEV})."
    )


def test_a_damaged_database_is_said_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    path.write_bytes(b"this is no database" * 1000)
    with pytest.raises(dbapi2.DatabaseError) as caught:
        dbapi2.connect(str(path)).execute("SELECT * FROM sqlite_schema")
    assert "edgerad doctor" in (in_words(caught.value) or "")


def test_an_entry_point_ends_with_the_sentence_and_no_trace(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended, said_in_words():
        raise Fault("The disk is not connected. Connect it.")
    assert ended.value.code == EXIT_STATUS
    assert capsys.readouterr().err == "The disk is not connected. Connect it.\n"


@pytest.mark.parametrize("error", [KeyError("x"), dbapi2.ProgrammingError("no such column")])
def test_what_nobody_can_mend_from_outside_keeps_its_trace(error: Exception) -> None:
    with pytest.raises(type(error)), said_in_words():
        raise error


def test_a_setting_that_another_one_needs_and_that_is_said_nowhere_is_called_not_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EDGERAD_ENGINE", "remote")
    monkeypatch.delenv("EDGERAD_ENGINE_URLS", raising=False)
    assert words_of(BotSettings).startswith("EDGERAD_ENGINE_URLS is not set: ")


def test_a_database_that_is_damaged_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    path.write_bytes(b"no database" * 500)
    with pytest.raises(dbapi2.DatabaseError) as caught:
        open_writer(replace(database_file(tmp_path, KEYRING), path=path))
    words = in_words(caught.value) or ""
    assert words.startswith(f"{path} cannot be used: it is damaged. Run edgerad doctor")


def test_a_fault_is_broken_between_words_where_somebody_reads_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sentence = "This EdgeRad was not installed from a stick. From source: docs/update.md says how."
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit), said_in_words():
        raise Fault(sentence)
    assert capsys.readouterr().err.splitlines() == [sentence.removesuffix(" how."), "how."]
