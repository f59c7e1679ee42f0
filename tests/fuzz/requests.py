"""What phones and bots send to the gateway: forms, JSON, marked-up text, keyboards, buttons."""

import asyncio
import json
from contextlib import suppress

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from bot.handlers.permissions import MAX_NUMBER_DIGITS, Press
from bot.replies.buttons import Action, arguments, pressed
from gateway.bot_api.formatting import format_text
from gateway.bot_api.keyboards import inline_buttons, keyboard
from gateway.bot_api.parameters import read_parameters
from gateway.errors import BadRequest, GatewayError
from gateway.forms import read_form
from gateway.phone.requests import invite_code, number, person_name, read_json
from gateway.schemas.entities import Entity, nested, utf16_length
from tests.fuzz.target import Drawn, Target

_PART = (
    b'--b0\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'
    b"Content-Type: image/jpeg\r\n\r\nfilm\r\n"
)
_FIELD = b'--b0\r\nContent-Disposition: form-data; name="text"\r\n\r\ncough\r\n'
_DEEP = b"[" * 3000


def _request(kind: str, pieces: list[bytes]) -> Request:
    waiting = iter(pieces)

    async def receive() -> Message:
        piece = next(waiting, None)
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    headers = [(b"content-type", kind.encode())]
    return Request(
        {"type": "http", "method": "POST", "headers": headers, "query_string": b""}, receive
    )


def _multipart(data: bytes) -> None:
    request = _request("multipart/form-data; boundary=b0", Drawn(data, 1).pieces(0))

    async def read() -> None:
        with suppress(HTTPException):
            form = await read_form(request, max_files=3, max_fields=3)
            assert len(form.multi_items()) <= 6
            await form.close()

    asyncio.run(read())


def _call(data: bytes) -> None:
    """A Bot API method's parameters, from a JSON body or a form."""
    drawn = Drawn(data, 2)
    kind = "application/json" if drawn.number(0) % 2 else "application/x-www-form-urlencoded"
    request = _request(kind, drawn.pieces(1))
    names = ("chat_id", "text", "parse_mode", "entities", "reply_markup", "show_alert")

    async def read() -> None:
        with suppress(BadRequest):
            async with read_parameters(request, names) as parameters:
                parameters.flag("show_alert")
                text = parameters.text("text")
                for ask in (
                    lambda: parameters.integer("chat_id"),
                    lambda: inline_buttons(parameters.record("reply_markup")),
                    lambda: keyboard(parameters.record("reply_markup")),
                    lambda: format_text(
                        text, parameters.text("parse_mode"), parameters.records("entities")
                    ),
                ):
                    with suppress(BadRequest):
                        ask()

    asyncio.run(read())


def _phone_json(data: bytes) -> None:
    request = _request("application/json", Drawn(data, 1).pieces(0))

    async def read() -> None:
        with suppress(GatewayError):
            values = await read_json(request)
            person_name(values.get("name")).encode()
            for value in values.values():
                with suppress(BadRequest):
                    invite_code(value)
                with suppress(BadRequest):
                    number(value if isinstance(value, str) else None)

    asyncio.run(read())


def _check_formatted(plain: str, entities: tuple[Entity, ...]) -> None:
    """The page shows each entity as one element: they lie in the text and none cuts another."""
    plain.encode()
    assert nested(entities) == entities
    assert all(0 <= each.offset < each.end <= utf16_length(plain) for each in entities)


def _markup(data: bytes) -> None:
    drawn = Drawn(data, 1)
    text = drawn.rest.decode(errors="surrogateescape")
    mode = ("HTML", "MarkdownV2", "Markdown", "")[drawn.number(0) % 4]
    try:
        plain, entities = format_text(text, mode, [])
    except BadRequest:
        return
    _check_formatted(plain, entities)


def _entities(data: bytes) -> None:
    text, _, spans = data.decode(errors="replace").partition("\n")
    try:
        given = json.loads(spans)
    except (ValueError, RecursionError):
        return
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        return
    try:
        plain, entities = format_text(text, "", given)
    except BadRequest:
        return
    _check_formatted(plain, entities)


def _button(data: bytes) -> None:
    text = data.decode(errors="surrogateescape")
    press = Press(arguments=tuple(arguments(text)), message_id=None)
    for place in range(3):
        assert 0 <= press.number(place) < 10**MAX_NUMBER_DIGITS
        assert isinstance(press.text(place), str)
    assert sum(pressed(action).fullmatch(text) is not None for action in Action) <= 1


def _spans() -> list[bytes]:
    kinds = ("bold", "text_link", "pre", "blockquote", "custom_emoji", "mention")
    spans = [
        {"type": kind, "offset": at, "length": 5, "url": "http://a.b/c", "language": "x"}
        for at, kind in enumerate(kinds)
    ]
    return ["𝄞 fever, cough @nurse\n".encode() + json.dumps(spans).encode()]


_BODY = {
    "chat_id": 7,
    "text": "<b>fever</b>",
    "parse_mode": "HTML",
    "entities": [{"type": "bold", "offset": 0, "length": 3}],
    "reply_markup": {"inline_keyboard": [[{"text": "Yes", "callback_data": "agree:1"}]]},
}

TARGETS = (
    Target(
        name="multipart",
        what="multipart forms, in pieces",
        feed=_multipart,
        seeds=lambda: [b"\x10" + _FIELD + _PART + b"--b0--\r\n", b"\xff" + _PART + b"--b0--\r\n"],
        tokens=(_PART, _FIELD, b"--b0", b"--b0--\r\n", b"\r\n", b'name="', b"filename*=utf-8''%ff"),
    ),
    Target(
        name="bot-api-call",
        what="parameters of Bot API calls: JSON, forms, keyboards, entities",
        feed=_call,
        seeds=lambda: [
            b"\1\x20" + json.dumps(_BODY).encode(),
            b'\0\xffchat_id=7&text=a&reply_markup={"keyboard":[["Yes","No"]]}',
            b'\1\xff{"reply_markup":"{\\"force_reply\\":true}"}',
        ],
        tokens=(
            _DEEP,
            b'{"',
            b'":',
            b"\\ud800",
            b"1e999",
            b"NaN",
            b"%00",
            b"entities",
            b"keyboard",
        ),
        max_bytes=8192,
    ),
    Target(
        name="phone-json",
        what="JSON that phones send",
        feed=_phone_json,
        seeds=lambda: [b'\x40{"code":"abc_-1","name":"Amina Bello","message_id":"12"}'],
        tokens=(_DEEP, b'{"', b'":', b"\\ud800", b"1e999", b"NaN"),
        max_bytes=8192,
    ),
    Target(
        name="markup",
        what="HTML, MarkdownV2 and Markdown, to the entities that the page is given",
        feed=_markup,
        seeds=lambda: [
            b'\0<b>bold <i>both</i></b> <a href="http://a.b/?c=d&amp;e">link</a> <pre>x</pre>',
            b"\1*bold _both_* ||spoiler|| [link](http://a.b/c) ```py\nx``` >quote",
            b"\2*bold* _italic_ [link](http://a.b) `code`",
            "\3mail a@b.org, see https://b.org/ü, #tag @nurse /case +227 20 72 25 21".encode(),
        ],
        tokens=(
            *(b"<b>", b"</b>", b"<a href=", b"javascript:", b"<blockquote expandable>", b"&#x27;"),
            *(b"<tg-spoiler>", b"&lt;", b"```", b"||", b"](", b"__", b"**>", "𝄞".encode(), b"://"),
        ),
        max_bytes=1024,
    ),
    Target(
        name="entities",
        what="entities that a bot gives for a text",
        feed=_entities,
        seeds=_spans,
        tokens=(b'{"type":"bold","offset":1,"length":2}', b"-1", b"1e9", b"\\ud800", b"9" * 20),
        max_bytes=2048,
    ),
    Target(
        name="button",
        what="data of pressed buttons",
        feed=_button,
        seeds=lambda: [f"{action}:17:3".encode() for action in Action],
        tokens=(b":", "١٢".encode(), b"\n", b"9" * 19, b"-1", b"\0"),
        max_bytes=128,
    ),
)
