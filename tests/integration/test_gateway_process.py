"""`python -m gateway`: killed, it loses nothing that it acknowledged; asked to stop, it does."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from gateway.settings import GatewaySettings
from machine.faults import EXIT_STATUS
from storage.bot_token import resolve_token
from storage.layout import GATEWAY_DATABASE
from storage.opening import unlocked
from tests.gateway_store import write_as_newer_release
from tests.gateway_world import RunningGateway, bot_of, file_part, phone_of, picture

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def environment_of(home: Path, port: int) -> dict[str, str]:
    return os.environ | {
        "EDGERAD_HOME": str(home),
        "EDGERAD_GATEWAY_HOST": "127.0.0.1",
        "EDGERAD_GATEWAY_PORT": str(port),
        "EDGERAD_GATEWAY_OPEN": "true",
        "EDGERAD_BOT_API_PORT": str(free_port()),
    }


@contextmanager
def process(home: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], RunningGateway]]:
    """A gateway process that answers."""
    environment = environment_of(home, port)
    with subprocess.Popen(
        [sys.executable, "-m", "gateway"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    ) as started:
        try:
            url = f"http://127.0.0.1:{port}"
            bot_url = f"http://127.0.0.1:{environment['EDGERAD_BOT_API_PORT']}"
            _wait_for(f"{url}/health")
            with unlocked(home, None) as keyring:
                token = resolve_token(GatewaySettings(_env_file=None, home=home), keyring)
            yield started, RunningGateway(url, bot_url, token)
        finally:
            started.kill()


def _wait_for(url: str) -> None:
    ends_at = time.monotonic() + 30
    with httpx.Client(trust_env=False) as http:
        while time.monotonic() < ends_at:
            try:
                http.get(url).raise_for_status()
            except httpx.TransportError:
                time.sleep(0.02)
            else:
                return
    raise AssertionError("the gateway did not answer")


async def test_killed_it_has_kept_all_that_it_acknowledged(tmp_path: Path) -> None:
    port = free_port()
    with process(tmp_path, port) as (first, gateway):
        async with phone_of(gateway) as phone:
            sent = (await phone.put("1", files=[file_part(picture())], text="Age 40")).json()
            first.send_signal(signal.SIGKILL)
    with process(tmp_path, port) as (_, gateway):
        async with bot_of(gateway, forget=False) as bot:
            joined, photo = await bot.get_updates()
            assert joined.message is not None
            assert joined.message.text == "/start code"
            assert photo.message is not None
            assert photo.message.message_id == sent["message_id"]
            file = await photo.message.photo[-1].get_file()
            assert len(await file.download_as_bytearray()) == file.file_size


async def test_asked_to_stop_it_stops_at_once_and_logs_no_secret(tmp_path: Path) -> None:
    with process(tmp_path, free_port()) as (running, gateway):
        async with phone_of(gateway, name="Ama Mensah") as phone:
            await phone.put("1", files=[file_part(picture())], text="private words")
            async with phone.http.stream("GET", "/chat/events"):
                running.send_signal(signal.SIGTERM)
                _, log = running.communicate(timeout=5)
    assert running.returncode == 0
    kept = [path for path in (tmp_path / "gateway").rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o077 for path in kept} == {0}
    assert "Serving phones on port" in log
    assert not [secret for secret in ("Ama", "private", gateway.token) if secret in log]


def test_on_data_of_a_newer_release_it_says_so_and_does_not_start(tmp_path: Path) -> None:
    with unlocked(tmp_path, None) as keyring:
        write_as_newer_release(tmp_path / GATEWAY_DATABASE, keyring)
    done = subprocess.run(
        [sys.executable, "-m", "gateway"],
        cwd=ROOT,
        env=environment_of(tmp_path, free_port()),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == EXIT_STATUS
    *_, said = done.stderr.splitlines()
    assert said == "A newer release wrote this data folder: update this one, or restore a backup."
    assert "Traceback" not in done.stderr


async def test_stopped_during_uploads_it_logs_no_error_of_its_own(tmp_path: Path) -> None:
    with process(tmp_path, free_port()) as (running, gateway):
        async with phone_of(gateway) as phone:
            session = "; ".join(f"{key}={value}" for key, value in phone.http.cookies.items())
            with (
                begun_upload(gateway.url, "PUT /chat/messages/1", f"Cookie: {session}"),
                begun_upload(
                    gateway.bot_url, f"POST /bot{gateway.token}/sendDocument", "X-None: 0"
                ),
            ):
                await phone.put("2", text="both have begun once this is answered")
                running.send_signal(signal.SIGTERM)
                _, log = running.communicate(timeout=10)
    assert running.returncode == 0
    assert log.count("Cancel 1 running task(s)") == 2
    assert "CancelledError" not in log
    assert "Exception" not in log


@contextmanager
def begun_upload(url: str, line: str, header: str) -> Iterator[None]:
    """A form of which the first piece has been sent, and no more."""
    address = httpx.URL(url)
    head = (
        f"{line} HTTP/1.1\r\nHost: {address.host}\r\n{header}\r\nContent-Length: 500000\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    )
    piece = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\nabc'
    with socket.create_connection((address.host, address.port or 80)) as connection:
        connection.sendall((head + piece).encode())
        yield
