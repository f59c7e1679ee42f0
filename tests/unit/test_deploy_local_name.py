from typing import Any, cast

import pytest
from zeroconf import NonUniqueNameException
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from deploy.joining import local_name
from deploy.joining.local_name import announced, reachable_at


class Network:
    """Stands for zeroconf: takes announcements, or fails as told."""

    def __init__(self, fails: Exception | None = None) -> None:
        self.fails = fails
        self.interfaces: list[str] = []
        self.announced: list[AsyncServiceInfo] = []
        self.closed = False

    def open(self, *, interfaces: list[str], **_: Any) -> AsyncZeroconf:
        if isinstance(self.fails, OSError):
            raise self.fails
        self.interfaces = interfaces
        return cast("AsyncZeroconf", self)

    async def async_register_service(self, info: AsyncServiceInfo) -> None:
        if self.fails is not None:
            raise self.fails
        self.announced.append(info)

    async def async_close(self) -> None:
        self.closed = True


@pytest.fixture(autouse=True)
def _addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_name, "lan_addresses", lambda: ["192.168.1.20", "10.0.0.5"])


async def test_the_name_leads_to_every_address_of_the_machine_until_it_stops() -> None:
    network = Network()
    async with announced("0.0.0.0", 8081, pytest.fail, network.open) as link:
        assert link == "http://edgerad.local:8081"
        (info,) = network.announced
        assert info.server == "edgerad.local."
        assert info.parsed_addresses() == ["192.168.1.20", "10.0.0.5"]
        assert info.port == 8081
        assert network.interfaces == ["192.168.1.20", "10.0.0.5"]
        assert not network.closed
    assert network.closed


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (OSError(19, "No such device"), "phones use the address"),
        (TimeoutError(), "phones use the address"),
        (NonUniqueNameException(), "Another machine"),
    ],
)
async def test_a_name_that_cannot_be_had_is_only_a_warning(fault: Exception, said: str) -> None:
    warnings: list[str] = []
    async with announced("0.0.0.0", 8081, warnings.append, Network(fault).open) as link:
        assert link is None
    (warning,) = warnings
    assert said in warning


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "clinic.lan"])
async def test_where_nobody_else_comes_nothing_is_announced(host: str) -> None:
    async with announced(host, 8081, pytest.fail, pytest.fail) as link:
        assert link is None


def test_a_gateway_on_one_interface_is_named_there_alone() -> None:
    assert reachable_at("192.168.1.20") == ["192.168.1.20"]
