"""Whatever comes from outside is taken or refused in words: nothing else ever happens."""

import asyncio
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from bot.handlers.guard import MAX_NUMBER_DIGITS, Press
from bot.replies.buttons import Action, arguments, pressed
from gateway.bot_api.formatting import format_text
from gateway.errors import BadRequest
from gateway.forms import read_form
from tests.keys import KEYRING
from vault.errors import Damaged
from vault.keys import Purpose
from vault.sealing import MAGIC, Sealer

BOUNDARY = b"b0"
PART = (
    b'--b0\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'
    b"Content-Type: image/jpeg\r\n\r\nfilm\r\n"
)
PIECES = st.sampled_from(
    [PART, b"--b0", b"--b0--\r\n", b"\r\n", b'name="', b"filename*=utf-8''%ff", b"\0", b";", b":"]
)


def request_of(body: bytes, size: int) -> Request:
    """A multipart request that comes in pieces."""
    pieces = iter([body[at : at + size] for at in range(0, len(body), size)])

    async def receive() -> Message:
        piece = next(pieces, None)
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    headers = [(b"content-type", b"multipart/form-data; boundary=" + BOUNDARY)]
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


@settings(max_examples=150)
@given(st.lists(st.one_of(PIECES, st.binary(max_size=40)), max_size=12), st.integers(1, 64))
def test_a_multipart_form_is_read_or_refused(parts: list[bytes], size: int) -> None:
    async def read() -> None:
        with suppress(HTTPException):
            form = await read_form(request_of(b"".join(parts), size), max_files=3, max_fields=3)
            assert len(form.multi_items()) <= 6
            await form.close()

    asyncio.run(read())


@settings(max_examples=200)
@given(
    st.text(alphabet=st.sampled_from("<>/abi*_[]()`~|!.\\&;#\"='\n 𝄞é"), max_size=60),
    st.sampled_from(["HTML", "MarkdownV2", "Markdown", ""]),
)
def test_marked_up_text_is_parsed_or_refused(text: str, parse_mode: str) -> None:
    try:
        plain, entities = format_text(text, parse_mode, [])
    except BadRequest:
        return
    units = len(plain.encode("utf-16-le")) // 2
    assert all(0 <= entity.offset <= entity.offset + entity.length <= units for entity in entities)


@settings(max_examples=200)
@given(st.text(max_size=64))
def test_a_buttons_data_from_outside_is_text_or_a_number_that_a_database_holds(data: str) -> None:
    press = Press(arguments=tuple(arguments(data)), message_id=None)
    for place in range(3):
        assert 0 <= press.number(place) < 10**MAX_NUMBER_DIGITS
        assert isinstance(press.text(place), str)
    assert sum(pressed(action).fullmatch(data) is not None for action in Action) <= 1


@settings(max_examples=200)
@given(st.binary(max_size=200), st.booleans())
def test_what_is_no_sealed_file_opens_as_nothing(data: bytes, begins_well: bool) -> None:
    sealed = (MAGIC + KEYRING.current.id if begins_well else b"") + data
    with pytest.raises(Damaged):
        b"".join(Sealer(KEYRING, Purpose.FILES).open(BytesIO(sealed), "film"))
