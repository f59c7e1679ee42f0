"""uvicorn, set up for a LAN of phones: one process, no log of paths, patience with an end.

Knows sockets and connections. Must not know what is served.
"""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol

from machine.faults import Fault

HEAD_S = 30.0
KEEP_ALIVE_S = 75
CONNECTIONS_WAITING_MAX = 1_024


class CannotListen(Fault):
    """The gateway cannot bind its address and port."""


def listen(host: str, port: int) -> socket.socket:
    """Bind and listen.

    Args:
        host: Address of an interface, or of all.
        port: 0 for a free one.

    Returns:
        The listening socket.

    Raises:
        CannotListen: If the port is taken or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server(
            (host, port), family=family, backlog=CONNECTIONS_WAITING_MAX
        )
    except OSError as error:
        raise CannotListen(_port_words(error, host, port)) from error
    # Inherited by each connection; asyncio sets it only where the socket names its protocol, and
    # without it an answer's body waits some 40 ms for the other side to acknowledge its head.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def _port_words(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is in use. If EdgeRad already runs here, open it in a browser or stop it"
            f" first. Otherwise choose another port: EDGERAD_GATEWAY_PORT={port + 1} edgerad up"
        )
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights. Set EDGERAD_GATEWAY_PORT to 1024 or higher."
    return (
        f"EDGERAD_GATEWAY_HOST={host} is not an address of this machine. Set it to 0.0.0.0, which"
        " is every network that the machine is on."
    )


def make_server(app: ASGIApp, graceful_s: int) -> uvicorn.Server:
    """A server for an app; whoever runs it sets `should_exit` to end it.

    Args:
        app: What is served.
        graceful_s: How long requests may take to end once it stops.

    Returns:
        The server, not started.
    """
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # a path may hold the bot's token
        lifespan="off",
        ws="none",
        http=_Connection,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=graceful_s,
    )
    return _Server(config)


class _Server(uvicorn.Server):
    """Leaves signals to whoever runs it."""

    @contextlib.contextmanager
    @override
    def capture_signals(self) -> Iterator[None]:
        yield


class _Connection(H11Protocol):
    """Hangs up on whoever connects and then asks for nothing."""

    @override
    def connection_made(  # type: ignore[override]  # uvicorn narrows the transport likewise
        self, transport: asyncio.Transport
    ) -> None:
        super().connection_made(transport)
        self.loop.call_later(HEAD_S, self._hang_up_if_silent)

    def _hang_up_if_silent(self) -> None:
        if not self.headers:  # the head of no request was ever complete
            self.transport.close()
