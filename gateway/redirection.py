"""Answers HTTPS at the port without it: a browser that was told to ask by HTTPS alone (HSTS).

It asks so at every port of a name, also at the one that its owner has as a bookmark. Knows TLS, and
the head of one request; sends the browser to the port where HTTPS is.
"""

import re
import ssl
from dataclasses import dataclass

HELLO = b"\x16"
"""The first byte of TLS; no method of HTTP begins with it (RFC 8446, 5.1)."""

_HEAD_MAX_BYTES = 65_536
_REQUEST = re.compile(rb"(?:GET|HEAD) (/[!-~]*) HTTP/1\.1\r\n")
_HOST = re.compile(rb"\r\nhost: *([a-z0-9.-]+)(?::\d+)? *\r\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where HTTPS is, with what it is served."""

    context: ssl.SSLContext
    port: int


class Redirection:
    """One connection.

    Args:
        to: Where it is sent.
    """

    def __init__(self, to: Elsewhere) -> None:
        self._port = to.port
        self._came, self._goes = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = to.context.wrap_bio(self._came, self._goes, server_side=True)
        self._head = b""
        self.is_over = False

    def take(self, data: bytes) -> bytes:
        """Take what came; gives what goes back. Once `is_over`, the connection is to be closed."""
        self._came.write(data)
        try:
            self._head += self._tls.read(_HEAD_MAX_BYTES)
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError:
            self.is_over = True
        if b"\r\n\r\n" in self._head or len(self._head) >= _HEAD_MAX_BYTES:
            self._tls.write(self._answer())
            self.is_over = True
        return self._goes.read()

    def _answer(self) -> bytes:
        asked, host = _REQUEST.match(self._head), _HOST.search(self._head)
        if asked is None or host is None:
            status, where = b"400 Bad Request", b""
        else:
            status = b"307 Temporary Redirect"
            where = b"Location: https://%s:%d%s\r\n" % (host[1], self._port, asked[1])
        return b"HTTP/1.1 %s\r\n%sContent-Length: 0\r\nConnection: close\r\n\r\n" % (status, where)
