import asyncio
import os
import socket
import sys
from pathlib import Path

import pytest

from bot.settings import BotSettings
from deploy.running.sandbox import free_port
from deploy.running.supervisor import Part
from deploy.running.system import (
    CannotStart,
    SystemPlan,
    bot_api_url,
    make_plan,
    running,
    wait_for_gateway,
)
from gateway.server import CannotListen, listen
from gateway.settings import GatewaySettings
from machine.project import PROJECT_ROOT

TOKEN = "1234567890:abcdefghijklmnopqrstuvwxyz-_ABCDEFG"


def plan_for(home: Path, samples: Path | None = None, **bot: str) -> SystemPlan:
    return make_plan(
        BotSettings(_env_file=None, home=home, **bot),  # type: ignore[arg-type] # test's keywords
        GatewaySettings(_env_file=None, home=home, gateway_port=9001),
        {"KEPT": "yes"},
        token=TOKEN,
        samples=samples,
    )


def test_both_parts_are_told_the_same_home_and_no_token(tmp_path: Path) -> None:
    """They find it sealed in the data folder: an environment can be read by others."""
    plan = plan_for(tmp_path)
    assert plan.gateway is not None
    for part in (plan.gateway, plan.bot):
        assert part.environment["EDGERAD_HOME"] == str(tmp_path)
        assert TOKEN not in part.environment.values()
        assert part.environment["EDGERAD_BOT_API_URL"] == "http://127.0.0.1:9002"
        assert part.environment["KEPT"] == "yes"


def test_the_bot_is_told_the_address_that_its_join_links_start_with(tmp_path: Path) -> None:
    gateway = GatewaySettings(_env_file=None, home=tmp_path, public_url="http://clinic.lan/")
    bot = BotSettings(_env_file=None, home=tmp_path)
    plan = make_plan(bot, gateway, {}, token=TOKEN, samples=None)
    assert plan.bot.environment["EDGERAD_PUBLIC_URL"] == "http://clinic.lan"


def test_the_bot_is_told_the_address_that_its_invites_lead_to(tmp_path: Path) -> None:
    plan = plan_for(tmp_path)
    assert plan.bot.environment["EDGERAD_PUBLIC_URL"].endswith(":9001")
    assert plan.gateway is not None
    assert "EDGERAD_PUBLIC_URL" not in plan.gateway.environment


def test_no_gateway_is_started_where_the_bot_talks_to_another_server(tmp_path: Path) -> None:
    plan = plan_for(tmp_path, bot_api_url="https://api.telegram.org", bot_token=TOKEN)
    assert plan.gateway is None
    assert plan.bot.environment["EDGERAD_BOT_API_URL"] == "https://api.telegram.org"


@pytest.mark.parametrize("port", [9001, 9002])
def test_naming_the_own_gateway_changes_nothing_nor_the_port_of_release_0_1(
    tmp_path: Path, port: int
) -> None:
    plan = plan_for(tmp_path, bot_api_url=f"http://localhost:{port}")
    assert plan.gateway is not None
    assert plan.api_url == "http://127.0.0.1:9002"


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("0.0.0.0", "http://127.0.0.1:9002"),
        ("192.168.1.20", "http://192.168.1.20:9002"),
        ("fd00::1", "http://[fd00::1]:9002"),
    ],
)
def test_the_bot_finds_the_bot_api_where_it_was_told_to_listen(
    tmp_path: Path, host: str, url: str
) -> None:
    gateway = GatewaySettings(_env_file=None, gateway_port=9001, bot_api_host=host)
    assert bot_api_url(BotSettings(_env_file=None, home=tmp_path), gateway) == url


def test_the_bot_api_has_the_port_after_the_phones_unless_another_is_named() -> None:
    """Whoever moved the phones to 8082 before there was one need not move them again."""
    at = [GatewaySettings(_env_file=None, gateway_port=port).bots_port for port in (8081, 8082, 0)]
    assert at == [8082, 8083, 0]
    named = GatewaySettings(_env_file=None, gateway_port=8081, bot_api_port=9000)
    assert named.bots_port == 9000


def test_sample_films_are_offered_where_there_are_some(tmp_path: Path) -> None:
    films = tmp_path / "films"
    assert plan_for(tmp_path, films).bot.environment["EDGERAD_SAMPLES_DIR"] == str(films)
    assert "EDGERAD_SAMPLES_DIR" not in plan_for(tmp_path).bot.environment


def test_a_port_in_use_is_said_with_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=f"EDGERAD_GATEWAY_PORT={port + 1}"):
            listen("127.0.0.1", port)
    listen("127.0.0.1", port).close()


def test_an_address_of_another_machine_is_said_with_what_to_do() -> None:
    with pytest.raises(CannotListen, match="Leave it out"):
        listen("192.0.2.1", 8081)


async def test_a_gateway_that_does_not_answer_is_given_up() -> None:
    with pytest.raises(CannotStart, match="did not answer"):
        await wait_for_gateway(f"http://127.0.0.1:{free_port()}", TOKEN, limit_s=0.3)


async def test_a_gateway_that_says_why_it_cannot_run_is_given_up_at_once() -> None:
    failing = "import sys; print('it is the disk'); sys.exit(2)"
    part = Part(name="gateway", command=[sys.executable, "-Sc", failing], environment=os.environ)
    said: list[str] = []
    plan = SystemPlan(
        gateway=part, bot=part, api_url=f"http://127.0.0.1:{free_port()}", bot_token=TOKEN
    )
    with pytest.raises(CannotStart, match="The gateway cannot run"):
        async with asyncio.timeout(90), running(plan, lambda _, line: said.append(line)):
            pytest.fail("called itself ready")
    assert said[0] == "it is the disk"


async def test_a_bot_that_cannot_run_keeps_edgerad_from_calling_itself_ready() -> None:
    """The banner with the link is shown inside of the block, so never."""
    failing = "import sys; sys.exit(2)"
    plan = SystemPlan(
        gateway=None,
        bot=Part(name="bot", command=[sys.executable, "-Sc", failing], environment=os.environ),
        api_url="https://api.telegram.org",
        bot_token=TOKEN,
    )
    with pytest.raises(CannotStart, match="The bot cannot run"):
        async with asyncio.timeout(90), running(plan, lambda *_: None):
            pytest.fail("called itself ready")


async def test_the_bot_starts_once_the_gateway_answers_and_both_end_with_the_block() -> None:
    port = free_port()
    server = (
        "import http.server as h\n"
        "class A(h.BaseHTTPRequestHandler):\n"
        "    def do_GET(self): self.send_response(200); self.end_headers()\n"
        f"h.HTTPServer(('127.0.0.1', {port}), A).serve_forever()\n"
    )
    sleeper = (
        "import time; from machine.systemd import READY, notify\n"
        "print('bot is up', flush=True); notify(READY); time.sleep(600)"
    )
    environment = os.environ | {"PYTHONPATH": str(PROJECT_ROOT)}
    plan = SystemPlan(
        gateway=Part(
            name="gateway", command=[sys.executable, "-c", server], environment=environment
        ),
        bot=Part(name="bot", command=[sys.executable, "-c", sleeper], environment=environment),
        api_url=f"http://127.0.0.1:{port}",
        bot_token=TOKEN,
    )
    up = asyncio.Event()

    def say(name: str, _line: str) -> None:
        if name == "bot":
            up.set()

    async with asyncio.timeout(90), running(plan, say) as supervisor:
        await up.wait()
        pids = dict(supervisor.pids)
    assert set(pids) == {"gateway", "bot"}
    for pid in pids.values():
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
