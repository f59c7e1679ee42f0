"""PINs: what may be one, and the digest that is kept of it.

Knows digits and scrypt. Must not know sessions.
"""

import asyncio
import hashlib
import re
import secrets
from itertools import pairwise

from gateway.errors import BadRequest

_PIN = re.compile(r"[0-9]{4,12}")
_SALT_BYTES = 16
_SCRYPT = {"n": 2**14, "r": 8, "p": 1}
"""16 MiB and some 50 ms a try."""


def new_pin(value: object) -> str:
    """Check a PIN that somebody chose.

    Raises:
        BadRequest: If it is no PIN, or the first that anybody would try.
    """
    if not isinstance(value, str) or not _PIN.fullmatch(value):
        raise BadRequest("A PIN has 4 to 12 digits.")
    if len({int(b) - int(a) for a, b in pairwise(value)}) == 1:  # 1111, 1234, 9876
        raise BadRequest("This PIN is guessed at once: choose another.")
    return value


def new_salt() -> bytes:
    """A salt for one PIN."""
    return secrets.token_bytes(_SALT_BYTES)


async def digest(pin: object, salt: bytes) -> bytes:
    """What is kept of a PIN.

    Args:
        pin: As typed; anything from JSON.
        salt: Of the PIN that is kept.

    Returns:
        The digest, of an empty PIN for what cannot be one.
    """
    typed = pin if isinstance(pin, str) and _PIN.fullmatch(pin) else ""
    return await asyncio.to_thread(hashlib.scrypt, typed.encode(), salt=salt, **_SCRYPT)
