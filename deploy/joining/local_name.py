"""`edgerad.local`: a name for this machine on its own network, by multicast DNS (RFC 6762).

Knows zeroconf. Nothing leaves the network, and nothing rests on it: where it fails, phones use the
address.
"""

import asyncio
import ipaddress
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from zeroconf import Error, IPVersion, NonUniqueNameException
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from deploy.joining.addresses import lan_addresses

HOST = "edgerad.local"
SERVICE = "_http._tcp.local."
LIMIT_S = 5.0
GOODBYE_S = 1.0


@asynccontextmanager
async def announced(
    host: str,
    port: int,
    warn: Callable[[str], None],
    opened: Callable[..., AsyncZeroconf] = AsyncZeroconf,
) -> AsyncIterator[str | None]:
    """Answer to `edgerad.local` while the block runs.

    Args:
        host: Address that the gateway binds.
        warn: Takes a sentence if the name cannot be had.
        opened: Opens multicast sockets on interfaces.

    Yields:
        The link by name; None where there is no name.
    """
    addresses = reachable_at(host)
    if not addresses:
        yield None
        return
    logging.getLogger("zeroconf").setLevel(logging.CRITICAL)
    zeroconf: AsyncZeroconf | None = None
    try:
        zeroconf = opened(interfaces=addresses, ip_version=IPVersion.V4Only)
        async with asyncio.timeout(LIMIT_S):
            _ = await zeroconf.async_register_service(_described(addresses, port))
        link: str | None = f"http://{HOST}:{port}"
    except NonUniqueNameException:
        link = None
        warn(f"Another machine on this network is {HOST}: phones reach this one by its address.")
    except (OSError, Error, TimeoutError) as error:
        link = None
        warn(f"No name {HOST} on this network ({type(error).__name__}): phones use the address.")
    try:
        yield link
    finally:
        if zeroconf is not None:
            with suppress(TimeoutError, OSError):
                async with asyncio.timeout(GOODBYE_S):
                    await zeroconf.async_close()


def reachable_at(host: str) -> list[str]:
    """The IPv4 addresses at which others reach a gateway that binds `host`; none on loopback."""
    try:
        bound = ipaddress.ip_address(host or "0.0.0.0")  # noqa: S104 - compared with, not bound
    except ValueError:
        return []
    if bound.is_unspecified:
        return lan_addresses()
    return [] if bound.is_loopback or bound.version == 6 else [str(bound)]


def _described(addresses: list[str], port: int) -> AsyncServiceInfo:
    return AsyncServiceInfo(
        SERVICE,
        f"EdgeRad.{SERVICE}",
        port=port,
        server=f"{HOST}.",
        parsed_addresses=addresses,
        properties={"path": "/"},
    )
