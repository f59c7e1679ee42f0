import pytest

from deploy.joining import addresses
from deploy.joining.addresses import links, rank_addresses


def test_real_interfaces_come_before_virtual_ones_and_private_addresses_before_public() -> None:
    found = rank_addresses(
        {
            "docker0": ["172.17.0.1"],
            "eth1": ["41.204.10.7"],
            "lo": ["127.0.0.1"],
            "wlan0": ["192.168.43.1"],
            "eth0": ["10.0.0.5", "169.254.10.1"],
        }
    )
    assert found == ["192.168.43.1", "10.0.0.5", "41.204.10.7", "172.17.0.1"]


def test_every_address_is_listed_where_the_gateway_binds_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(addresses, "lan_addresses", lambda: ["192.168.1.20", "10.0.0.5"])
    assert links("0.0.0.0", 8081, None) == ["http://192.168.1.20:8081", "http://10.0.0.5:8081"]


def test_a_machine_on_no_network_still_says_where_it_can_be_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(addresses, "lan_addresses", list)
    assert links("0.0.0.0", 8081, None) == ["http://127.0.0.1:8081"]


def test_a_bound_address_is_the_only_link() -> None:
    assert links("127.0.0.1", 9000, None) == ["http://127.0.0.1:9000"]


def test_the_public_url_overrides_what_was_detected() -> None:
    assert links("0.0.0.0", 8081, "http://clinic.lan/") == ["http://clinic.lan"]


def test_detection_opens_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        pytest.fail("a socket was opened")

    monkeypatch.setattr("socket.socket", refuse)
    assert all(not address.startswith("127.") for address in addresses.lan_addresses())


def test_addresses_of_a_container_alone_are_said_to_be_out_of_reach(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = {"lo": ["127.0.0.1"], "eth0": ["172.17.0.2"]}
    monkeypatch.setattr(addresses, "_interfaces", lambda: known)
    monkeypatch.setattr(addresses, "has_own_addresses", lambda names: names == ["eth0"])
    assert "EDGERAD_PUBLIC_URL" in addresses.out_of_reach(None)
    assert not addresses.out_of_reach("http://192.168.1.20:8081")
