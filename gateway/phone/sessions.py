"""Which person a phone speaks for: a random token in a cookie, known to the store as its hash.

Knows cookies. Must not know what a session may do.
"""

import hashlib
import secrets

from starlette.requests import Request
from starlette.responses import Response

from gateway.errors import Locked, Unauthorized
from gateway.schemas.records import Person
from gateway.store.people import SESSION_S
from gateway.store.sessions import Session
from gateway.store.store import ChatStore

COOKIE = "edgerad_session"
_TOKEN_BYTES = 32


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def hash_of(token: str) -> bytes:
    """What the store keeps of a token: enough to know it again, not to use it."""
    return hashlib.sha256(token.encode(errors="replace")).digest()


def token_of(request: Request) -> str | None:
    """The token that a request brings."""
    return request.cookies.get(COOKIE)


async def session_or_none(request: Request, store: ChatStore) -> Session | None:
    """The session of the phone that sends a request, None without one."""
    token = token_of(request)
    return None if not token else await store.sessions.find(hash_of(token))


async def session_of(request: Request, store: ChatStore) -> Session:
    """The session of the phone that sends a request, locked or not.

    Args:
        request: With the session's cookie.

    Raises:
        Unauthorized: If there is none.
    """
    session = await session_or_none(request, store)
    if session is None:
        raise Unauthorized
    return session


async def open_session_of(request: Request, store: ChatStore) -> Session:
    """The session of the phone that sends a request.

    Args:
        request: With the session's cookie.

    Raises:
        Unauthorized: If there is none.
        Locked: If its PIN has to be given first.
    """
    session = await session_of(request, store)
    if not session.is_open:
        raise Locked
    return session


async def person_of(request: Request, store: ChatStore) -> Person:
    """The person whose phone sends a request; raises what `open_session_of` does."""
    return (await open_session_of(request, store)).person


def set_cookie(response: Response, token: str, *, secure: bool) -> None:
    """Give a phone its token; scripts cannot read it and other sites cannot use it."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=SESSION_S,
        path="/",
        httponly=True,
        samesite="strict",
        secure=secure,
    )


def clear_cookie(response: Response) -> None:
    """Take a phone's token back."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
