"""Requests that are none: asking must not act, and every refusal says what is wrong."""

import asyncio
import json
from urllib.parse import urlsplit

import httpx
import pytest

from tests.attacks.conftest import Note
from tests.gateway_world import Phone, RunningGateway

ATTACKER = "in words, and by bots"

NOT_UTF8 = "Bad Request: strings must be encoded in UTF-8"
HALF_A_PAIR = b"\\ud83d"
PART = (
    b'--b\r\nContent-Disposition: form-data; name="chat_id"\r\n\r\n%%d\r\n'
    b'--b\r\nContent-Disposition: form-data; name="text"%b\r\n\r\n'
)


async def sent_raw(gateway: RunningGateway, request: bytes) -> tuple[int, dict[str, object]]:
    """Send bytes as they are; the status, and the JSON of the answer."""
    address = urlsplit(gateway.bot_url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(request)
    async with asyncio.timeout(90):
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    return int(head.split()[1]), json.loads(body)


async def test_asking_for_a_head_sends_nothing(
    gateway: RunningGateway, phone: Phone, chat_id: int, outcome: Note
) -> None:
    query: dict[str, str | int] = {"chat_id": chat_id, "text": "sent by HEAD"}
    for http_method in ("HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"):
        answer = await phone.http.request(http_method, gateway.api("sendMessage"), params=query)
        assert answer.status_code == 405, http_method
    assert "sent by HEAD" not in json.dumps(await phone.messages())
    assert (await phone.http.get(gateway.api("sendMessage"), params=query)).status_code == 200
    outcome("`HEAD`, `PUT` and other HTTP methods on a method that sends", "405; nothing is sent")


@pytest.mark.parametrize(
    "path",
    [
        "/bot{token}/nothing",
        "/bot{token}/",
        "/bot{token}",
        "/bot",
        "/bot/getMe",
        "/botwrong/getMe",
        "/bot{token}/sendMessage",
        "/file/bot{token}",
        "/file/bot",
        "/file/bot{token}/nothing",
        "/file/botwrong/nothing",
    ],
)
async def test_every_refusal_of_the_bot_api_has_its_description(
    gateway: RunningGateway, phone: Phone, path: str, outcome: Note
) -> None:
    for http_method in ("GET", "POST", "PUT"):
        address = gateway.bot_url + path.format(token=gateway.token)
        answer = await phone.http.request(http_method, address)
        body = answer.json()
        assert (body["ok"], body["error_code"]) == (False, answer.status_code), http_method
        assert body["description"]
    outcome(
        "Wrong paths, tokens, methods and files",
        "refused, each with `error_code` and `description`",
    )


async def test_what_is_no_http_is_refused_in_the_same_words(
    gateway: RunningGateway, outcome: Note
) -> None:
    status, body = await sent_raw(gateway, b"NONSENSE\r\n\r\n")
    assert (status, body["ok"], body["error_code"]) == (400, False, 400)
    assert body["description"] == "Bad Request: Invalid HTTP request received."
    outcome("What is no HTTP", f"{status}, in the same words")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"chat_id=%d&text=bad+%%ff%%fe"),
        ("application/x-www-form-urlencoded", b"chat_id=%d&text=bad+\xff"),
        ("application/json", b'{"chat_id": %d, "text": "bad \xff"}'),
        ("application/json", b'{"chat_id": %d, "text": "bad ' + HALF_A_PAIR + b'"}'),
        (
            "application/x-www-form-urlencoded",
            b'chat_id=%d&text=bad&reply_markup={"keyboard":[["' + HALF_A_PAIR + b'"]]}',
        ),
        ("multipart/form-data; boundary=b", PART % b"" + b"bad \xff\r\n--b--\r\n"),
        ("multipart/form-data; boundary=b", PART % b'; filename="\xff"' + b"bad\r\n--b--\r\n"),
    ],
)
async def test_what_is_not_utf8_is_refused_and_not_mended(
    gateway: RunningGateway, phone: Phone, chat_id: int, kind: str, body: bytes, *, outcome: Note
) -> None:
    answer = await phone.http.post(
        gateway.api("sendMessage"), content=body % chat_id, headers={"Content-Type": kind}
    )
    assert (answer.status_code, answer.json()["description"]) == (400, NOT_UTF8)
    assert "bad" not in json.dumps(await phone.messages())
    outcome(
        "Text that is not UTF-8, in a form, JSON or file name", "400; nothing is mended or sent"
    )


async def test_a_query_that_is_not_utf8_is_refused(
    gateway: RunningGateway, phone: Phone, chat_id: int, outcome: Note
) -> None:
    address = httpx.URL(f"{gateway.api('sendMessage')}?chat_id={chat_id}&text=bad%ff")
    answer = await phone.http.get(address)
    assert (answer.status_code, answer.json()["description"]) == (400, NOT_UTF8)
    outcome("The same in a query", f"{answer.status_code}")


async def test_whole_pairs_and_the_replacement_character_itself_are_text(
    gateway: RunningGateway, phone: Phone, chat_id: int
) -> None:
    body = b'{"chat_id": %d, "text": "\\ud83d\\ude00 \\ufffd \xef\xbf\xbd"}' % chat_id
    answer = await phone.http.post(
        gateway.api("sendMessage"), content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.json()["result"]["text"] == "\U0001f600 \ufffd \ufffd"


async def test_a_body_that_says_twice_where_it_ends_is_refused(
    gateway: RunningGateway, phone: Phone, chat_id: int, outcome: Note
) -> None:
    hidden = f"GET /bot{gateway.token}/sendMessage?chat_id={chat_id}&text=smuggled HTTP/1.1\r\n\r\n"
    request = (
        f"POST /bot{gateway.token}/getMe HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
        f"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n{hidden}"
    )
    status, body = await sent_raw(gateway, request.encode())
    assert status == 400
    assert body["description"] == (
        "Bad Request: Content-Length and Transfer-Encoding exclude each other"
    )
    assert "smuggled" not in json.dumps(await phone.messages())
    outcome(
        "A request in a request: `Transfer-Encoding` beside `Content-Length`",
        f"{status}; the connection is closed",
    )
