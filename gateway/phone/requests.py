"""What phones may put into requests: small JSON bodies, numbers, names.

Knows how to refuse. Must not know what the values are for.
"""

import json
import re

from starlette.requests import Request

from gateway.errors import BadRequest, TooLarge
from gateway.schemas.entities import cleaned

_JSON_MAX_BYTES = 16_384
_LOOK_MAX_BYTES = 1_000_000
_ID_DIGITS_MAX = 16
_CLIENT_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_CODE = re.compile(r"[A-Za-z0-9_-]{1,58}")
_NAME_MAX_CHARS = 64
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?")


async def read_json(request: Request) -> dict[str, object]:
    """Read a small JSON object from a request's body.

    Raises:
        BadRequest: If it is no JSON object.
        TooLarge: If it is not small.
    """
    body = await _read(request, _JSON_MAX_BYTES)
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest from error
    if not isinstance(value, dict):
        raise BadRequest
    return value


async def read_small_picture(request: Request) -> bytes:
    """Read a picture that was made small for a look at it.

    Raises:
        TooLarge: If it is not small.
    """
    return await _read(request, _LOOK_MAX_BYTES)


async def _read(request: Request, max_bytes: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_bytes:
            raise TooLarge
    return bytes(body)


def announced_bytes(request: Request) -> int | None:
    """How long a request says that its body is; None if it does not."""
    length = request.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdecimal() else None


def number(text: str | None) -> int | None:
    """Read a number that may be left out.

    Raises:
        BadRequest: If it is no number.
    """
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= _ID_DIGITS_MAX):
        raise BadRequest
    return int(text)


def client_id(text: str) -> str:
    """Check the id that a phone gives a message.

    Raises:
        BadRequest: If it is too long, or has characters that ids do not have.
    """
    if not _CLIENT_ID.fullmatch(text):
        raise BadRequest
    return text


def invite_code(value: object) -> str:
    """Check an invite's code.

    Returns:
        The code, without white space around it.

    Raises:
        BadRequest: If it cannot be one.
    """
    code = value.strip() if isinstance(value, str) else ""
    if not _CODE.fullmatch(code):
        raise BadRequest("This code is not complete: scan the join link again.")
    return code


def person_name(value: object) -> str:
    """Check the name that a person gives.

    Returns:
        The name on one line, without white space around it.

    Raises:
        BadRequest: If there is none, or it is too long.
    """
    name = " ".join(cleaned(value).split()) if isinstance(value, str) else ""
    if not 1 <= len(name) <= _NAME_MAX_CHARS:
        raise BadRequest(f"Tell your name, in at most {_NAME_MAX_CHARS} letters.")
    return name


def language_code(accepted: str | None) -> str | None:
    """The language that a browser asks for first, None if it does not say."""
    found = _LANGUAGE.match(accepted or "")
    return found and found[0]
