"""A gateway that serves phones by HTTPS, and what trusts its certificates."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gateway.certificates import Certificates, Tls
from gateway.server import listen
from machine.clock import SystemClock
from storage.keys import Keyring
from storage.opening import unlocked
from tests.gateway_world import RunningGateway, running_gateway
from tests.keys import KEYRING

NAMES = ["edgerad.local", "127.0.0.1"]
NOW = SystemClock().now()


@dataclass(frozen=True)
class Served:
    """A gateway with certificates, and what trusts them."""

    gateway: RunningGateway
    certificates: Certificates
    safe: str
    trust: ssl.SSLContext


def made(home: Path, keyring: Keyring = KEYRING) -> Certificates:
    certificates = Certificates(home, keyring)
    certificates.make_authority(NAMES, NOW)
    certificates.renew(NAMES, NOW)
    return certificates


@contextmanager
def served(home: Path) -> Iterator[Served]:
    with unlocked(home, None) as keyring:
        certificates = made(home, keyring)
    with listen("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    with running_gateway(home, tls_port=port) as gateway:
        trust = ssl.create_default_context(cafile=str(certificates.authority_path))
        yield Served(gateway, certificates, f"https://127.0.0.1:{port}", trust)


def handshake(certificates: Certificates, name: str) -> bool:
    """Whether a client that trusts the authority takes a server for the one of this name."""
    trust = ssl.create_default_context(cafile=str(certificates.authority_path))
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = Tls(certificates).context.wrap_bio(there, back, server_side=True)
    client = trust.wrap_bio(back, there, server_hostname=name)
    for _ in range(4):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError:
                return False
    return True
