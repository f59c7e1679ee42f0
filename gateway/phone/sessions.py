"""Which person a phone speaks for: a random token in a cookie, known to the store as its hash.

Knows cookies, and that whatever a session changes is counted. Must not know what it may do.
"""

import hashlib
import hmac
import secrets

from starlette.requests import Request
from starlette.responses import Response

from gateway.errors import Locked, Unauthorized
from gateway.phone.rates import Rates
from gateway.store.people import SESSION_S
from gateway.store.sessions import Session
from gateway.store.store import ChatStore
from gateway.store.unconfirmed import KEPT_S

COOKIE = "edgerad_session"
JOINING_COOKIE = "edgerad_joining"
_TOKEN_BYTES = 32
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def hash_of(token: str, *, safe: bool = False) -> bytes:
    """What the store keeps of a token: enough to know it again, not to use it.

    Args:
        safe: Whether its phone has it by HTTPS: what crossed the network in clear opens nothing
            there.
    """
    said = f"https:{token}" if safe else token
    return hashlib.sha256(said.encode(errors="replace")).digest()


def known_by(request: Request, token: str) -> bytes:
    """The hash of a token as it comes with a request."""
    return hash_of(token, safe=_is_safe(request))


def cookie_name(name: str, *, safe: bool) -> str:
    """What a cookie is called; by HTTPS so that no page by plain HTTP can set it (RFC 6265bis)."""
    return f"__Host-{name}" if safe else name


class Sessions:
    """The sessions of the phones that send requests.

    Args:
        store: Knows them.
        rates: Counts what they change.
    """

    def __init__(self, store: ChatStore, rates: Rates) -> None:
        self._store = store
        self._rates = rates

    async def find(self, request: Request) -> Session | None:
        """The session of the phone that sends a request, None without one."""
        token = _cookie(request, COOKIE)
        return None if not token else await self._store.sessions.find(known_by(request, token))

    async def of(self, request: Request) -> Session:
        """The session of the phone that sends a request, locked or not.

        Raises:
            Unauthorized: If there is none.
            TooManyRequests: If it changes too much.
        """
        session = await self.find(request)
        if session is None:
            raise Unauthorized
        if request.method not in _SAFE_METHODS:
            self._rates.write(session)
        return session

    async def open_of(self, request: Request) -> Session:
        """The session of the phone that sends a request; raises what `of` does.

        Raises:
            Locked: If its PIN has to be given first.
        """
        session = await self.of(request)
        if not session.is_open:
            raise Locked
        return session


def joining_secret(request: Request) -> str:
    """What a phone holds from its join page on, so that it may ask again and is one person."""
    return _cookie(request, JOINING_COOKIE) or new_token()


def joining_token(secret: str, code: str, name: str) -> str:
    """The token of the session that a phone gets if it is let in by this code, under this name."""
    said = f"{code}\n{name}".encode()
    return hmac.new(secret.encode(errors="replace"), said, hashlib.sha256).hexdigest()


def set_joining(response: Response, request: Request, secret: str) -> None:
    """Give a phone what it joins with; it opens nothing."""
    _set(response, request, JOINING_COOKIE, secret, KEPT_S)


def set_session(response: Response, request: Request, token: str) -> None:
    """Give a phone its session."""
    _set(response, request, COOKIE, token, SESSION_S)
    _set(response, request, JOINING_COOKIE, "", 0)


def clear_session(response: Response, request: Request) -> None:
    """Take a phone's token back."""
    _set(response, request, COOKIE, "", 0)


def _is_safe(request: Request) -> bool:
    return request.url.scheme == "https"


def _cookie(request: Request, name: str) -> str | None:
    return request.cookies.get(cookie_name(name, safe=_is_safe(request)))


def _set(response: Response, request: Request, name: str, value: str, max_age_s: int) -> None:
    """Scripts cannot read it and other sites cannot use it; with no time to live it is removed."""
    safe = _is_safe(request)
    response.set_cookie(
        cookie_name(name, safe=safe),
        value,
        max_age=max_age_s,
        path="/",
        httponly=True,
        samesite="strict",
        secure=safe,
    )
