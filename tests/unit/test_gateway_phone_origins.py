"""Which pages may send, where a proxy asks by a name of its own."""

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from gateway.phone.origins import OriginCheck

PUBLIC = "https://8081-clinic.example"


async def chat(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("sent")(scope, receive, send)


async def posted(public_url: str | None, origin: str) -> int:
    """Send from a page, through a proxy that asks for `localhost`."""
    transport = httpx.ASGITransport(OriginCheck(chat, public_url))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8081") as http:
        return (await http.post("/leave", headers={"origin": origin})).status_code


async def test_the_page_under_the_public_address_may_send() -> None:
    assert await posted(PUBLIC, PUBLIC) == 200
    assert await posted(f"{PUBLIC}/", PUBLIC.upper()) == 200
    assert await posted(PUBLIC, "http://localhost:8081") == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", f"{PUBLIC}.evil.example", "null", "http://[", "", "https://"]
)
@pytest.mark.parametrize("public_url", [PUBLIC, None])
async def test_no_other_page_may(public_url: str | None, origin: str) -> None:
    assert await posted(public_url, origin) == 403


@pytest.mark.parametrize(
    ("path", "is_document"),
    [
        ("/", True),
        ("/static/chat.js", False),
        ("/static/base.css", False),
        ("/static/logo.svg", True),
        ("/chat/files/chat.js", True),
    ],
)
async def test_whatever_a_browser_may_show_alone_says_what_it_may_do(
    path: str, is_document: bool
) -> None:
    """A part of a page does what its page may; fifty of them come with the first load."""
    transport = httpx.ASGITransport(OriginCheck(chat, None))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8081") as http:
        headers = (await http.get(path)).headers
    assert ("content-security-policy" in headers) is is_document
    assert ("x-frame-options" in headers) is is_document
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"


async def test_without_a_public_address_it_is_another_page() -> None:
    assert await posted(None, PUBLIC) == 403
