"""Whoever has the bot's token gets a nurse's pictures: so it is hard to have, and of little use.

What the attacker has is a place on the clinic's network and, at worst, the token of a stolen stick.
"""

import tarfile
from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import httpx
import pytest

from deploy.backups.backup import back_up
from deploy.backups.restore import restore
from gateway.app import serving
from gateway.settings import GatewaySettings
from storage.bot_token import resolve_token
from storage.layout import Layout
from storage.opening import unlocked
from tests.acceptance.running import EdgeRad
from tests.attacks.capabilities import drop_capabilities, python_without_capabilities
from tests.attacks.conftest import Note
from tests.gateway_world import Phone, bot_of, file_part, phone_of, picture, running_gateway
from tests.integration.test_bot_on_the_gateway import WITHIN_S, bot_running, film, nurse, says
from tests.unpacking import unpack

ATTACKER = "without the key"

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
TOKEN = "1234567890:abcdefghijklmnopqrstuvwxyz-_ABCDEFG"
LEFT = Path(__file__).parents[1] / "data" / "release-0.1"
"""What release 0.1 left: its token lies in clear in the data folder and in the backup."""


async def test_the_phones_port_serves_no_bot_whoever_has_the_token(
    tmp_path: Path, outcome: Note
) -> None:
    with running_gateway(tmp_path) as gateway:
        stolen = f"{gateway.url}/bot{gateway.token}"
        async with httpx.AsyncClient(trust_env=False) as thief:
            hook = {"url": "http://127.0.0.1:9/"}
            for method, asked in (("setWebhook", hook), ("getUpdates", {}), ("getMe", {})):
                assert (await thief.post(f"{stolen}/{method}", json=asked)).status_code == 404
            async with phone_of(gateway) as phone, bot_of(gateway) as bot:
                await phone.put("1", files=[file_part(picture())], text="F 30, cough")
                (update,) = await bot.get_updates()
                assert update.message is not None
                path = update.message.photo[-1].file_id
            file = await thief.get(f"{gateway.url}/file/bot{gateway.token}/{path}")
            assert file.status_code == 404
    outcome(
        "The token of a stolen stick, and a place on the Wi-Fi: `setWebhook`, `getUpdates`, files",
        "404: the phones' port serves no bot",
    )


def test_no_file_of_the_data_folder_holds_the_token(tmp_path: Path, outcome: Note) -> None:
    with running_gateway(tmp_path) as gateway:
        token = gateway.token.encode()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert Layout(tmp_path).bot_token in files
    assert [path for path in files if token in path.read_bytes()] == []
    outcome("The token looked for in the data folder", "in no file")


def test_a_token_that_lay_in_clear_is_sealed_at_the_next_start_and_stays_the_bots(
    tmp_path: Path,
    outcome: Note,
) -> None:
    path = Layout(tmp_path).bot_token
    path.parent.mkdir(parents=True)
    path.write_text(TOKEN)
    with path.open("rb") as clear:  # what a laboratory finds where the file lay
        with running_gateway(tmp_path) as gateway:
            assert gateway.token == TOKEN
        assert clear.read().strip(b"\0") == b""
    assert TOKEN.encode() not in path.read_bytes()
    outcome("The same, where 0.1 left it in clear", "sealed at the next start, and overwritten")


def test_a_backup_holds_no_token_in_clear_also_where_it_lay_so(
    tmp_path: Path, outcome: Note
) -> None:
    home, key_file = tmp_path / "data", LEFT / "key"
    unpack(LEFT / "data.tar.gz", tmp_path)
    token = Layout(home).bot_token.read_bytes().strip()
    archive = back_up(home, tmp_path / "clinic.tar", key_file).archive
    assert token not in archive.read_bytes()
    restore(archive, tmp_path / "new", key_file, NOW)
    with unlocked(tmp_path / "new", key_file) as keyring:
        settings = GatewaySettings(_env_file=None, home=tmp_path / "new")
        assert resolve_token(settings, keyring) == token.decode()
    outcome("The token looked for in a backup", "not found")


def test_the_token_of_an_archive_that_anybody_may_have_read_is_not_used_again(
    tmp_path: Path,
    outcome: Note,
) -> None:
    with tarfile.open(LEFT / "backup.tar") as tar:
        known = (tar.extractfile("secrets/bot_token") or BytesIO()).read().decode().strip()
    restore(LEFT / "backup.tar", tmp_path, LEFT / "key", NOW)
    with unlocked(tmp_path, LEFT / "key") as keyring:
        assert resolve_token(GatewaySettings(_env_file=None, home=tmp_path), keyring) != known
    outcome("The token of an archive of 0.1 used after it was restored", "a new one was drawn")


async def test_phones_that_joined_stay_joined_when_the_token_is_drawn_anew(tmp_path: Path) -> None:
    with running_gateway(tmp_path) as gateway:
        async with phone_of(gateway) as phone:
            cookies = phone.http.cookies
            await phone.put("1", text="before")
    Layout(tmp_path).bot_token.unlink()
    with running_gateway(tmp_path) as again:
        assert again.token != gateway.token
        async with (
            httpx.AsyncClient(base_url=again.url, cookies=cookies, trust_env=False) as http,
            bot_of(again) as bot,
        ):
            phone = Phone(http)
            await phone.put("2", text="after")
            (update,) = await bot.get_updates()
            assert update.effective_chat is not None
            await bot.send_message(update.effective_chat.id, "still here")
            texts = [message["text"] for message in await phone.messages()]
    assert texts[-3:] == ["before", "after", "still here"]


async def test_other_machines_do_not_reach_the_bot_api_unless_a_setting_says_so(
    tmp_path: Path,
    outcome: Note,
) -> None:
    """127.0.0.2 stands for another address of this machine, as its Wi-Fi has one."""
    elsewhere = "127.0.0.2"
    for host, reached in (("127.0.0.1", False), ("0.0.0.0", True)):
        told = {"gateway_host": "0.0.0.0", "bot_api_host": host}
        with running_gateway(tmp_path, **told) as gateway:
            async with httpx.AsyncClient(trust_env=False) as http:
                page = gateway.url.replace("127.0.0.1", elsewhere)
                assert (await http.get(f"{page}/health")).is_success
                api = gateway.api("getMe").replace("127.0.0.1", elsewhere)
                try:
                    found = (await http.get(api)).is_success
                except httpx.ConnectError:
                    found = False
                assert found is reached
    assert GatewaySettings(_env_file=None).bot_api_host == "127.0.0.1"
    outcome("The same at the bots' port", "not reached from elsewhere")


async def test_a_webhook_set_on_this_machine_is_taken_away_and_the_case_is_answered(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, outcome: Note
) -> None:
    """Whoever is on the machine itself can use the token; the nurse is answered all the same."""
    settings = GatewaySettings(
        _env_file=None, home=tmp_path, gateway_host="127.0.0.1", gateway_port=0
    )
    async with (
        serving(settings) as ports,
        bot_running(tmp_path, ports),
        nurse(tmp_path, ports) as phone,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{ports.bots}", trust_env=False) as thief,
    ):
        with unlocked(tmp_path, None) as keyring:
            token = resolve_token(settings, keyring)
        hook = {"url": "http://127.0.0.1:9/"}
        assert (await thief.post(f"/bot{token}/setWebhook", json=hook)).is_success
        await phone.send(film(), text="F 30 cough")
        await phone.wait_for(says("FINDINGS", "C-0001"), limit_s=WITHIN_S)
        left = await thief.get(f"/bot{token}/getWebhookInfo")
        assert left.json()["result"]["url"] == ""
    assert "A webhook at 127.0.0.1 took what phones sent" in caplog.text
    outcome(
        "A webhook set by a program on this machine that has the token",
        "taken away and said; the case is answered",
    )


READ_ENVIRONMENT = """
try:
    print({token!r} in open("/proc/{pid}/environ").read())
except OSError as error:
    print(error.strerror)
"""


def test_a_token_that_was_given_is_in_no_environment_that_others_can_read(
    tmp_path: Path, outcome: Note
) -> None:
    """The parts have it nowhere; where `edgerad up` was given it, none but root can look."""
    edgerad = EdgeRad(tmp_path, {"EDGERAD_ENGINE": "scripted", "EDGERAD_BOT_TOKEN": TOKEN})
    edgerad.start(preexec_fn=drop_capabilities)
    try:
        parts = [edgerad.process("gateway"), edgerad.process("bot"), edgerad.process("pictures")]
        for part in parts:
            with suppress(PermissionError):  # only root reads it, and the tests need not be root
                assert TOKEN not in Path(f"/proc/{part.pid}/environ").read_text()
            assert TOKEN not in " ".join(part.cmdline())
        program = READ_ENVIRONMENT.format(token=TOKEN, pid=edgerad.pid)
        with python_without_capabilities("-c", program) as other:
            said, _ = other.communicate(timeout=60)
        assert said.strip() == "Permission denied"
        answer = httpx.get(
            f"http://127.0.0.1:{edgerad.bots_port}/bot{TOKEN}/getMe", trust_env=False
        )
        assert answer.json()["ok"] is True
    finally:
        edgerad.stop()
    outcome(
        "The token looked for in the environments of EdgeRad's processes",
        "the parts have it nowhere; that of `edgerad up` is refused by the kernel",
    )
