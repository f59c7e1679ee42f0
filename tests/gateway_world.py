"""A gateway in a thread of its own, phones that have joined it, and pictures to send."""

import asyncio
import io
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from telegram import Bot

from gateway.app import Ports, serving
from gateway.settings import GatewaySettings
from storage.bot_token import resolve_token
from storage.layout import GATEWAY_FILES
from storage.opening import unlocked

MessageJson = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RunningGateway:
    """Where a gateway listens for phones, for bots, and the token of its bot."""

    url: str
    bot_url: str
    token: str

    def api(self, method: str) -> str:
        """The address of a method."""
        return f"{self.bot_url}/bot{self.token}/{method}"


@contextmanager
def running_gateway(home: Path, **settings: Any) -> Iterator[RunningGateway]:
    """A gateway on a free port, in a loop of its own."""
    made = GatewaySettings.model_validate(
        {
            "home": home,
            "gateway_host": "127.0.0.1",
            "gateway_port": 0,
            "gateway_open": True,
            **settings,
        }
    )
    started = threading.Event()
    ports = Ports(0, 0)
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        nonlocal ports
        async with serving(made) as ports:
            started.set()
            await stop.wait()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            try:
                runner.run(serve())
            finally:
                started.set()

    thread = threading.Thread(target=run)
    thread.start()
    started.wait(120)
    assert ports.bots, "the gateway did not start"
    try:
        with unlocked(home, made.key_file) as keyring:
            token = resolve_token(made, keyring)
        yield RunningGateway(
            f"http://127.0.0.1:{ports.phones}", f"http://127.0.0.1:{ports.bots}", token
        )
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(120)
        assert not thread.is_alive(), "the gateway did not stop"


@asynccontextmanager
async def bot_of(gateway: RunningGateway, *, forget: bool = True) -> AsyncIterator[Bot]:
    """PTB's own `Bot`, to which nothing has been said yet unless it shall not forget."""
    bot = Bot(
        gateway.token,
        base_url=f"{gateway.bot_url}/bot",
        base_file_url=f"{gateway.bot_url}/file/bot",
    )
    async with bot:
        if forget:
            await bot.delete_webhook(drop_pending_updates=True)
        yield bot


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone that has joined."""

    http: httpx.AsyncClient

    async def put(self, client_id: str, **form: Any) -> httpx.Response:
        """Send a message as a multipart form."""
        files = form.pop("files", [])
        parts = [*((key, (None, value)) for key, value in form.items()), *files]
        return await self.http.put(f"/chat/messages/{client_id}", files=parts)

    async def messages(self, **query: int) -> list[MessageJson]:
        """The chat."""
        answer = await self.http.get("/chat/messages", params=query)
        found: list[MessageJson] = answer.json()["messages"]
        return found


@asynccontextmanager
async def phone_of(
    gateway: RunningGateway, code: str = "code", name: str = "Ama"
) -> AsyncIterator[Phone]:
    """A phone that joins now."""
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False, timeout=120) as http:
        answer = await http.post("/join", json={"code": code, "name": name})
        assert answer.status_code == 200, answer.text
        yield Phone(http)


async def chat_of(phone: Phone, gateway: RunningGateway) -> int:
    """The id of a phone's chat, which only the bot is told."""
    async with bot_of(gateway) as bot:
        await phone.put("who", text="who am I")
        (update,) = await bot.get_updates()
        assert update.effective_chat is not None
        return update.effective_chat.id


def picture(width: int = 400, height: int = 300, form: str = "JPEG") -> bytes:
    """A picture file."""
    made = io.BytesIO()
    Image.new("RGB", (width, height), (90, 120, 150)).save(made, form)
    return made.getvalue()


def file_part(data: bytes, name: str = "film.jpg") -> tuple[str, tuple[str, bytes, str]]:
    """A `file` part of a form."""
    return ("file", (name, data, "application/octet-stream"))


def kept(home: Path) -> set[Path]:
    """The files of chats that a gateway has."""
    return {path for path in (home / GATEWAY_FILES).rglob("*") if path.is_file()}
