"""A gateway on a free port, phones that have joined it, its bot, and pictures to send."""

import io
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from telegram import Bot

from gateway.app import serving
from gateway.settings import GatewaySettings, resolve_token

Json = dict[str, Any]


class Phone:
    """A phone; it has joined unless it is made by hand."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def send(
        self, client_id: str, *files: tuple[str, bytes], **fields: str
    ) -> httpx.Response:
        """Send a message as the page does: a multipart form."""
        parts: list[tuple[str, Any]] = [(key, (None, value)) for key, value in fields.items()]
        parts += [("file", (name, data, "application/octet-stream")) for name, data in files]
        return await self.http.put(f"/chat/messages/{client_id}", files=parts)

    async def messages(self, **query: int) -> list[Json]:
        """The chat."""
        found: list[Json] = (await self.http.get("/chat/messages", params=query)).json()["messages"]
        return found


@dataclass(frozen=True, slots=True)
class World:
    """A running gateway."""

    url: str
    token: str
    stack: AsyncExitStack

    async def phone(self) -> Phone:
        """A phone that has not joined."""
        http = httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=20)
        return Phone(await self.stack.enter_async_context(http))

    async def joined(self, name: str = "Awa") -> Phone:
        """A phone that has joined."""
        phone = await self.phone()
        answer = await phone.http.post("/join", json={"code": "CODE", "name": name})
        assert answer.status_code == 200, answer.text
        return phone

    async def bot(self) -> Bot:
        """PTB's own bot."""
        base = f"{self.url}/bot", f"{self.url}/file/bot"
        bot = Bot(self.token, base_url=base[0], base_file_url=base[1])
        return await self.stack.enter_async_context(bot)

    async def call(self, method: str, **parameters: Any) -> Json:
        """Call a method with JSON, as plain HTTP clients do."""
        async with httpx.AsyncClient(trust_env=False, timeout=20) as http:
            answer = await http.post(f"{self.url}/bot{self.token}/{method}", json=parameters)
        body: Json = answer.json()
        assert body["ok"] or body["error_code"] == answer.status_code
        return body

    async def updates(self, **parameters: Any) -> list[Json]:
        """What waits for the bot."""
        found: list[Json] = (await self.call("getUpdates", **parameters))["result"]
        return found


@asynccontextmanager
async def gateway_world(home: Path, **settings: Any) -> AsyncIterator[World]:
    """Run a gateway while the block runs."""
    made = GatewaySettings.model_validate(
        {"home": home, "gateway_host": "127.0.0.1", "gateway_port": 0, **settings}
    )
    async with serving(made) as port, AsyncExitStack() as stack:
        yield World(f"http://127.0.0.1:{port}", resolve_token(made), stack)


def picture(width_px: int = 400, height_px: int = 300) -> bytes:
    """A JPEG file."""
    made = io.BytesIO()
    Image.new("RGB", (width_px, height_px), (90, 120, 150)).save(made, "JPEG")
    return made.getvalue()
