"""The faults of a remote engine, in words and with advice.

Knows httpx's errors and HTTP's statuses. Must not quote a request: it holds texts and pictures.
"""

import ssl
from http import HTTPStatus

import httpx

from inference.errors import EngineAway, EngineError, EngineStopped, RequestRefused

_BUSY = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
"""The request was not begun. 502 and 504 may mean that a case has crashed the engine."""

_REFUSED = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}


def transport_fault(error: httpx.HTTPError, where: str) -> EngineError:
    """Translate httpx's error: `EngineStopped` if the request may have reached the engine.

    Args:
        where: Host and port of the engine.
    """
    if isinstance(error, httpx.ConnectTimeout):
        return EngineAway(
            f"{where} does not answer.", advice="Is that machine on, and in this network?"
        )
    if isinstance(error, httpx.ConnectError):
        return _connection_fault(error, where)
    return EngineStopped(f"The engine at {where} broke off ({type(error).__name__}).")


def check_status(status: int, where: str) -> None:
    """Check that an HTTP status is success.

    Args:
        where: Host and port of the engine.

    Raises:
        RequestRefused: The request is at fault.
        EngineAway: Another engine may take it.
        EngineError: The engine failed.
    """
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    if status in _REFUSED:
        raise RequestRefused(f"The engine at {where} refuses this request (HTTP {status}).")
    if status in _BUSY:
        raise EngineAway(
            f"{where} is loading its model or overloaded (HTTP {status}).",
            advice="Wait: it is asked again by itself.",
        )
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise EngineAway(
            f"{where} refuses the key (HTTP {status}).",
            advice="Set EDGERAD_ENGINE_KEY to the key that the engine was started with.",
        )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise EngineError(f"The engine at {where} failed (HTTP {status}).")
    raise EngineAway(
        f"{where} has no such engine or model (HTTP {status}).",
        advice="Correct EDGERAD_ENGINE_URLS or EDGERAD_ENGINE_MODEL.",
    )


def _connection_fault(error: httpx.ConnectError, where: str) -> EngineAway:
    broken = _tls_error(error)
    if isinstance(broken, ssl.SSLCertVerificationError):
        return EngineAway(
            f"The certificate of {where} is not trusted: {broken.verify_message}.",
            advice="Set EDGERAD_ENGINE_CA_FILE to the certificate that signed it, and write the"
            " engine's name as its certificate does.",
        )
    if broken is not None:
        return EngineAway(
            f"{where} does not speak TLS.",
            advice="Write http:// in EDGERAD_ENGINE_URLS, or give the engine a certificate.",
        )
    return EngineAway(
        f"Nothing listens at {where}.",
        advice="Start the engine there, or correct EDGERAD_ENGINE_URLS.",
    )


def _tls_error(error: BaseException | None) -> ssl.SSLError | None:
    """The TLS library's error behind httpx's, if there is one."""
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    return error
