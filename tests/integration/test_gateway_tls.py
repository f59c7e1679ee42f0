"""HTTPS by the clinic's own authority: real handshakes, and the plain port that leads to it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from gateway.certificates import AUTHORITY_LASTS, Certificates, CertificatesUnusable, Tls
from gateway.phone.plain_http import CERTIFICATE_PATH, PlainHttp
from storage.keys import Keyring
from tests.keys import KEYRING
from tests.tls_world import NAMES, NOW, Served, handshake, made, served


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as found:
        yield found


def test_a_phone_that_trusts_the_clinic_joins_by_https_with_a_cookie_that_stays_there(
    clinic: Served,
) -> None:
    with httpx.Client(verify=clinic.trust, base_url=clinic.safe, trust_env=False) as phone:
        joined = phone.post("/join", json={"code": "code", "name": "Ama"})
        assert joined.status_code == 200
        assert "Secure" in joined.headers["set-cookie"]
        assert phone.get("/chat/messages").json()["messages"]


def test_a_phone_that_does_not_trust_it_is_not_served(clinic: Served) -> None:
    with httpx.Client(trust_env=False) as phone, pytest.raises(httpx.ConnectError):
        phone.get(f"{clinic.safe}/health")


def test_the_bot_on_this_machine_goes_on_by_plain_http(clinic: Served) -> None:
    assert httpx.get(clinic.gateway.api("getMe"), trust_env=False).json()["ok"]


async def test_others_get_nothing_by_plain_http_but_the_page_about_trust(tmp_path: Path) -> None:
    certificates, reached = made(tmp_path), []

    async def inner(scope: object, receive: object, send: object) -> None:
        reached.append(scope)

    plain = PlainHttp(inner, certificates, 8443)
    outside = httpx.ASGITransport(plain, client=("192.168.1.77", 4000))
    async with httpx.AsyncClient(transport=outside, base_url="http://192.168.1.20:8081") as phone:
        for path in ("/", "/join", "/chat/messages", f"/bot{'1:x'}/getUpdates", "/trust"):
            page = await phone.get(path)
            assert 'data-safe="https://192.168.1.20:8443"' in page.text
            assert certificates.fingerprint in page.text
        for path in ("/join", "/bot1:x/getUpdates"):
            assert (await phone.post(path)).status_code == 403
        offered = await phone.get(CERTIFICATE_PATH)
        assert offered.headers["content-type"] == "application/x-x509-ca-cert"
        assert x509.load_der_x509_certificate(offered.content) == certificates.authority
        assert reached == []


def test_the_authority_signs_for_nothing_outside_the_clinics_network(tmp_path: Path) -> None:
    """Whoever steals it cannot pose as a bank: a client refuses what it was not made for."""
    certificates = made(tmp_path)
    assert handshake(certificates, "edgerad.local")
    assert not handshake(certificates, "bank.example")
    certificates.renew([*NAMES, "bank.example"], NOW)
    assert not handshake(certificates, "bank.example")
    assert not handshake(certificates, "edgerad.local"), "nor for itself beside it"


def test_a_certificate_is_made_anew_for_a_new_address_and_before_it_ends_and_not_else(
    tmp_path: Path,
) -> None:
    certificates = made(tmp_path)
    tls, first = Tls(certificates), certificates.certificate
    assert not certificates.renew(NAMES, NOW + timedelta(days=300))
    assert certificates.renew([*NAMES, "192.168.1.21"], NOW)
    assert certificates.renew(NAMES, NOW + timedelta(days=340))
    tls.reload()
    assert certificates.certificate.not_valid_after_utc > first.not_valid_after_utc
    assert certificates.certificate.issuer == certificates.authority.subject
    assert timedelta(days=365 * 9) < AUTHORITY_LASTS


def test_no_phone_is_given_a_certificate_that_it_takes_for_too_long(tmp_path: Path) -> None:
    """Apple: 398 days."""
    certificate = made(tmp_path).certificate
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc <= timedelta(days=398)


def test_private_keys_are_read_with_the_datas_key_alone_and_follow_its_rotation(
    tmp_path: Path,
) -> None:
    certificates = made(tmp_path)
    keys = sorted(tmp_path.rglob("*.key"))
    assert [key.name for key in keys] == ["ca.key", "server.key"]
    for key in keys:
        with pytest.raises(TypeError, match="encrypted"):
            serialization.load_pem_private_key(key.read_bytes(), None)
        assert key.stat().st_mode & 0o077 == 0
    rotated = KEYRING.with_new_key()
    Certificates(tmp_path, rotated).reseal()
    alone = Certificates(tmp_path, Keyring(rotated.keys[:1]))
    assert not alone.renew(NAMES, NOW)
    assert alone.authority == certificates.authority
    with pytest.raises(CertificatesUnusable):
        certificates.renew(NAMES, NOW)
