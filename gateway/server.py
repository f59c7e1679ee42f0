"""uvicorn, set up for a LAN of phones: one process, no log of paths, limits on slow clients.

Knows sockets and connections. Must not know what is served.
"""

import asyncio
import contextlib
import errno
import ipaddress
import json
import resource
import socket
import ssl
from collections.abc import Iterator
from typing import ClassVar

import h11
import uvicorn
from starlette.types import ASGIApp
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol

from gateway.redirection import HELLO, Elsewhere, Redirection
from machine.faults import Fault

HEAD_S = 30.0
STALL_S = 30.0
"""How long an answer may wait for a client that reads nothing of it."""

KEEP_ALIVE_S = 75
CONNECTIONS_WAITING_MAX = 1_024
CONNECTIONS_PER_ADDRESS_MAX = 1_024
"""More than 300 phones behind one router need, fewer than a process may hold."""
HEAD_MAX_BYTES = 131_072
"""A client that puts all parameters into the query needs 12 bytes for each of 4,096 characters."""


class CannotListen(Fault):
    """The gateway cannot bind its address and port."""


def listen(host: str, port: int, setting: str = "EDGERAD_GATEWAY") -> socket.socket:
    """Bind and listen.

    Args:
        host: Address of an interface, or of all.
        port: 0 for a free one.
        setting: How the names of the settings for both begin.

    Raises:
        CannotListen: If the port is taken or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server(
            (host, port), family=family, backlog=CONNECTIONS_WAITING_MAX
        )
    except OSError as error:
        raise CannotListen(_port_words(error, host, port, setting)) from error
    # Inherited by each connection; asyncio sets it only where the socket names its protocol, and
    # without it an answer's body waits some 40 ms for the other side to acknowledge its head.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # Inherited too: who leaves the Wi-Fi without a word counts as here for no quarter of an hour.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(STALL_S * 1000))
    return listening


def _port_words(error: OSError, host: str, port: int, setting: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is in use. If EdgeRad already runs here, open it in a browser or stop it"
            f" first. Otherwise choose another port: {setting}_PORT={port + 1} edgerad up"
        )
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights. Set {setting}_PORT to 1024 or higher."
    return (
        f"{setting}_HOST={host} is not an address of this machine. Leave it out for the default,"
        " which always is."
    )


def is_trusted(host: str) -> bool:
    """Whether an address is this machine's own: the bot's, and a proxy's for all phones."""
    return ipaddress.ip_address(host.partition("%")[0]).is_loopback


def allow_many_connections() -> None:
    """Let this process hold as many connections and files open as the system lets it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def make_server(
    app: ASGIApp,
    graceful_s: int,
    tls: ssl.SSLContext | None = None,
    elsewhere: Elsewhere | None = None,
) -> uvicorn.Server:
    """A server for an app; whoever runs it sets `should_exit` to end it.

    Args:
        graceful_s: How long requests may take to end once it stops.
        tls: For HTTPS; plain HTTP without.
        elsewhere: Where plain HTTP sends who asks by HTTPS all the same.
    """
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # a path may hold the bot's token
        lifespan="off",
        ws="none",
        http=_Connection if elsewhere is None else _leading_to(elsewhere),
        proxy_headers=False,
        server_header=False,
        h11_max_incomplete_event_size=HEAD_MAX_BYTES,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=graceful_s,
        ssl_context_factory=None if tls is None else lambda _config, _default: tls,
    )
    return _Server(config)


def _leading_to(elsewhere: Elsewhere) -> type[H11Protocol]:
    return type("_Leading", (_Connection,), {"elsewhere": elsewhere})


class _Server(uvicorn.Server):
    """Leaves signals to whoever runs it."""

    @contextlib.contextmanager
    @override
    def capture_signals(self) -> Iterator[None]:
        yield


class _Connection(H11Protocol):
    """Hangs up on whoever sends no head, reads no answer, or holds too many connections.

    uvicorn gives a connection as much time as it likes for its first head, for every later one
    of which it has sent a single byte, and for reading what it asked for.
    """

    elsewhere: ClassVar[Elsewhere | None] = None
    _has_begun = False
    _redirection: Redirection | None = None
    _head_due: asyncio.TimerHandle | None = None
    _reading_due: asyncio.TimerHandle | None = None

    @override
    def connection_made(  # type: ignore[override]  # uvicorn narrows the transport likewise
        self, transport: asyncio.Transport
    ) -> None:
        super().connection_made(transport)
        if self._is_one_too_many():
            transport.abort()
        else:
            self._await_head()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._head_came()
        self._is_read()
        super().connection_lost(exc)

    @override
    def pause_writing(self) -> None:
        super().pause_writing()
        self._await_reading()

    @override
    def resume_writing(self) -> None:
        super().resume_writing()
        self._is_read()

    @override
    def handle_events(self) -> None:
        super().handle_events()
        if self.conn.their_state is not h11.IDLE:
            self._head_came()
        elif self._head_due is None and self.conn.trailing_data[0]:
            self._await_head()

    @override
    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP as the Bot API words it; the phone's page reads `error`."""
        words = {"ok": False, "error_code": 400, "description": f"Bad Request: {msg}", "error": msg}
        headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
        for event in (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.Data(data=json.dumps(words).encode()),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    @override
    def data_received(self, data: bytes) -> None:
        if self._redirection is None and self.elsewhere is not None and not self._has_begun:
            if data.startswith(HELLO):
                self._redirection = Redirection(self.elsewhere)
            self._has_begun = True
        if self._redirection is None:
            super().data_received(data)
            return
        self.transport.write(self._redirection.take(data))
        if self._redirection.is_over:
            self.transport.close()

    def _await_reading(self) -> None:
        unread = self.transport.get_write_buffer_size()

        def look() -> None:
            if self.transport.get_write_buffer_size() < unread:
                self._await_reading()
            else:
                self.transport.abort()

        self._reading_due = self.loop.call_later(STALL_S, look)

    def _is_read(self) -> None:
        if self._reading_due is not None:
            self._reading_due.cancel()
            self._reading_due = None

    def _await_head(self) -> None:
        self._head_due = self.loop.call_later(HEAD_S, self.transport.close)

    def _head_came(self) -> None:
        if self._head_due is not None:
            self._head_due.cancel()
            self._head_due = None

    def _is_one_too_many(self) -> bool:
        if self.client is None or is_trusted(self.client[0]):
            return False
        peers = (getattr(each, "client", None) for each in self.connections)
        same = sum(1 for peer in peers if peer and peer[0] == self.client[0])
        return same > CONNECTIONS_PER_ADDRESS_MAX
