"""Under which addresses phones can reach this machine.

Knows the network interfaces. Sends no packet: on a clinic's network there may be nobody to answer.
"""

import ipaddress
import socket
from collections.abc import Mapping, Sequence

import psutil

from machine.containers import has_own_addresses

VIRTUAL_PREFIXES = ("docker", "br-", "veth", "virbr", "vmnet", "tun", "tap", "zt", "cni", "podman")
"""Interfaces that a phone in the room is not on: listed last."""


CONTAINERS_OWN = (
    "These addresses are the container's own, and no phone reaches them. Set EDGERAD_PUBLIC_URL to"
    " the machine's, such as http://192.168.1.20:8081, or start the container with the host's"
    " network: docs/install.md, In a container."
)


def lan_addresses() -> list[str]:
    """List this machine's IPv4 addresses that a phone may use, likeliest first.

    Returns:
        Addresses such as `192.168.1.20`; empty if the machine is on no network.
    """
    return rank_addresses(_interfaces())


def out_of_reach(public_url: str | None) -> str:
    """Say why phones do not reach the addresses that were found.

    Args:
        public_url: The setting that overrides them.

    Returns:
        A sentence and what to do; empty where nothing speaks against them.
    """
    addressed = [
        name
        for name, addresses in _interfaces().items()
        if any(_reachable(ipaddress.IPv4Address(address)) for address in addresses)
    ]
    return CONTAINERS_OWN if public_url is None and has_own_addresses(addressed) else ""


def _interfaces() -> dict[str, list[str]]:
    """IPv4 addresses by interface, of those that are up."""
    stats = psutil.net_if_stats()
    return {
        name: [address.address for address in addresses if address.family == socket.AF_INET]
        for name, addresses in psutil.net_if_addrs().items()
        if name in stats and stats[name].isup
    }


def rank_addresses(interfaces: Mapping[str, Sequence[str]]) -> list[str]:
    """Sort the addresses of the interfaces that are up by how likely a phone can reach them.

    Args:
        interfaces: IPv4 addresses by the interface's name.

    Returns:
        Real interfaces before virtual ones, private addresses before public ones; loopback and
        link-local addresses (no DHCP answer) left out.
    """
    usable = [
        (name.startswith(VIRTUAL_PREFIXES), not ipaddress.IPv4Address(address).is_private, address)
        for name, addresses in interfaces.items()
        for address in addresses
        if _reachable(ipaddress.IPv4Address(address))
    ]
    # sorted is stable: interfaces of equal rank stay in the system's order
    return [address for *_, address in sorted(usable, key=lambda entry: entry[:2])]


def _reachable(address: ipaddress.IPv4Address) -> bool:
    return not (address.is_loopback or address.is_link_local or address.is_unspecified)


def links(host: str, port: int, public_url: str | None) -> list[str]:
    """Say which links lead to the gateway.

    Args:
        host: Address that the gateway binds.
        port: Port that it binds.
        public_url: The setting that overrides what was detected.

    Returns:
        At least one link, the likeliest first, without a slash at the end.
    """
    if public_url is not None:
        return [public_url.rstrip("/")]
    everywhere = host in {"0.0.0.0", "::", ""}  # noqa: S104 - compared with, not bound
    addresses = lan_addresses() if everywhere else [host]
    return [f"http://{address}:{port}" for address in addresses or ["127.0.0.1"]]
