"""How phones test a network for internet access, and where EdgeRad sends them (captive portal).

A phone that connects to a Wi-Fi fetches one of these addresses over plain HTTP. Where the router's
DNS sends every name to EdgeRad, the answer opens the join page by itself, instead of a warning.
Knows paths and addresses. Must not know who has joined.
"""

from starlette.datastructures import URL
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

_PROBES = frozenset(
    {
        "/generate_204",  # Android, ChromeOS
        "/gen_204",
        "/hotspot-detect.html",  # Apple
        "/library/test/success.html",
        "/connecttest.txt",  # Windows
        "/ncsi.txt",
        "/redirect",
        "/canonical.html",  # Firefox
        "/success.txt",
        "/check_network_status.txt",  # NetworkManager
        "/kindle-wifi/wifistub.html",
    }
)


def is_probe(scope: Scope) -> bool:
    """Whether a request is a phone's test for internet access."""
    return scope["method"] in {"GET", "HEAD"} and scope["path"] in _PROBES


def to_join_page(scope: Scope, public_url: str | None) -> Response:
    """Send a phone to the join page under EdgeRad's own address, not the probe's.

    Args:
        scope: The request's, with the address at which it came in.
        public_url: The address that phones use, if one is set.
    """
    if public_url:
        return RedirectResponse(f"{public_url.rstrip('/')}/join?portal", 302)
    host, port = scope.get("server") or ("localhost", 80)
    address = f"[{host}]" if ":" in host else host
    return RedirectResponse(URL(f"http://{address}:{port}/join?portal"), 302)
