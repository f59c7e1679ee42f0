"""Configuration of remote engines.

Knows addresses, the key and certificates. Must not send anything.
"""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from inference.contract import AnswerLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteConfig:
    """The engines and the limits of a reading.

    Args:
        urls: An address for each replica, as `engine_address` makes them.
        model: The name under which they serve the model; None for the only one that they serve.
        key: Sent to each as a bearer token.
        ca_file: Certificates (PEM) of authorities to trust; None for those of this machine.
        parallel: How many readings one replica makes at once.
        deadline_s: Longest a reading may take, the wait for a replica included.
        limits: Longest answers.
        score_urgency: Whether a first reading's urgency is scored before its text, by an engine
            that gives log-probabilities for an opening.
        answer_grammar: Whether a first reading is held to its four sections.
    """

    urls: tuple[str, ...]
    model: str | None = None
    key: SecretStr | None = None
    ca_file: Path | None = None
    parallel: int = 1
    deadline_s: float = 1800.0
    limits: AnswerLimits = field(default_factory=AnswerLimits)
    score_urgency: bool = True
    answer_grammar: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteTimeouts:
    """Time limits and waits, in seconds but for `misses`.

    Args:
        connect_s: Longest a connection may take.
        check_s: Time between two health checks of a replica.
        answer_s: Longest the answer to a check may take.
        misses: So many unanswered checks in a row, and the replica is lost with its readings.
        proof_s: Longest its reading of the sample film may take.
        again_s: Wait before a lost replica is tried again; doubles up to `again_max_s`.
        again_max_s: Longest such wait.
    """

    connect_s: float = 5.0
    check_s: float = 10.0
    answer_s: float = 10.0
    misses: int = 3
    proof_s: float = 600.0
    again_s: float = 1.0
    again_max_s: float = 30.0


def engine_address(text: str) -> str:
    """Parse an engine's address, such as `http://10.0.0.5:8000`, and drop `/v1` from its end.

    Raises:
        ValueError: It is not the address of an HTTP server.
    """
    url = urlsplit(text.strip())
    try:
        port_fits = url.port is None or url.port > 0
    except ValueError:
        port_fits = False
    if url.scheme not in {"http", "https"} or not url.hostname or not port_fits:
        raise ValueError(f"{text!r} is not an address such as http://10.0.0.5:8000")
    if url.username is not None or url.query or url.fragment:
        raise ValueError(
            "an engine's address holds no name, password, ? or #: use the key's setting"
        )
    path = url.path.rstrip("/").removesuffix("/v1")
    return f"{url.scheme}://{url.netloc}{path}"


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Make a TLS context that checks certificate and name.

    Args:
        ca_file: Certificates (PEM) of authorities to trust; None for those of this machine.

    Raises:
        ValueError: The file does not exist or holds no certificate.
    """
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:  # ssl.SSLError is one
        raise ValueError(f"{ca_file} is not a file of certificates (PEM)") from error
