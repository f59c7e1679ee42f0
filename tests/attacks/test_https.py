"""What crossed the network in clear opens nothing by HTTPS, and nobody is led elsewhere."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from gateway import certificates as certificates_module
from gateway.phone.plain_http import CERTIFICATE_PATH, PlainHttp
from gateway.phone.sessions import COOKIE
from tests.attacks.conftest import Note
from tests.tls_world import NAMES, NOW, Served, handshake, made, served

ATTACKER = "without an invite"

SAFE_COOKIE = f"__Host-{COOKIE}"


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("home")) as found:
        yield found


@contextmanager
def joined(clinic: Served, url: str) -> Iterator[httpx.Client]:
    with httpx.Client(verify=clinic.trust, base_url=url, trust_env=False) as http:
        assert http.post("/join", json={"code": "code", "name": "Ama"}).status_code == 200
        yield http


def asked_with(clinic: Served, name: str, token: str) -> int:
    with httpx.Client(verify=clinic.trust, base_url=clinic.safe, trust_env=False) as thief:
        return thief.get("/chat/messages", headers={"Cookie": f"{name}={token}"}).status_code


@pytest.mark.parametrize("name", [COOKIE, SAFE_COOKIE])
def test_a_session_that_crossed_the_network_in_clear_opens_nothing_by_https(
    clinic: Served, name: str, outcome: Note
) -> None:
    with joined(clinic, clinic.gateway.url) as phone:
        token = phone.cookies[COOKIE]
        assert phone.get("/chat/messages").status_code == 200
        assert asked_with(clinic, name, token) == 401
    outcome(
        "Bring a session's cookie that crossed the network in clear to HTTPS, under either name",
        "401",
    )


def test_a_session_of_https_has_a_cookie_that_no_page_in_clear_can_set_or_read(
    clinic: Served,
    outcome: Note,
) -> None:
    """RFC 6265bis: `__Host-` wants Secure, a path of / and no domain."""
    with joined(clinic, clinic.safe) as phone:
        token = phone.cookies[SAFE_COOKIE]
        (cookie,) = (each for each in phone.cookies.jar if each.name == SAFE_COOKIE)
        assert (cookie.secure, cookie.path, cookie.domain_specified) == (True, "/", False)
        assert phone.get("/chat/messages").status_code == 200
        assert asked_with(clinic, COOKIE, token) == 401
        assert SAFE_COOKIE not in {each.name for each in phone.get("/").cookies.jar}
        assert phone.post("/leave").status_code == 200
        assert asked_with(clinic, SAFE_COOKIE, token) == 401
    outcome(
        "Set or read the cookie of an HTTPS session from a page in clear",
        "it is a `__Host-` cookie; under the other name 401",
    )


def test_a_browser_that_was_served_by_https_asks_by_it_alone(clinic: Served, outcome: Note) -> None:
    with httpx.Client(verify=clinic.trust, base_url=clinic.safe, trust_env=False) as phone:
        for path in ("/", "/join", "/static/join.js", "/chat/messages"):
            assert "max-age=" in phone.get(path).headers["strict-transport-security"]
    in_clear = httpx.get(f"{clinic.gateway.url}/join", trust_env=False)
    assert "strict-transport-security" not in in_clear.headers
    outcome("Lead a phone that was served by HTTPS back to plain HTTP", "every answer has HSTS")


def test_a_bookmark_in_clear_leads_on_where_the_browser_asks_by_https_alone(
    clinic: Served,
) -> None:
    """HSTS changes `http:` to `https:` and leaves the port: the plain one has to understand it."""
    bookmark = clinic.gateway.url.replace("http:", "https:")
    with httpx.Client(verify=clinic.trust, trust_env=False) as phone:
        answer = phone.get(f"{bookmark}/join?portal")
        assert answer.status_code == 307
        assert answer.headers["location"] == f"{clinic.safe}/join?portal"
        assert phone.get(f"{bookmark}/join", follow_redirects=True).status_code == 200
        for _ in range(2):
            assert phone.post(f"{bookmark}/join", json={}).status_code == 400
    assert httpx.get(f"{clinic.gateway.url}/join", trust_env=False).status_code == 200
    with socket.create_connection(("127.0.0.1", httpx.URL(bookmark).port or 0)) as raw:
        raw.sendall(b"\x16\x02\x02\x00\x05hello")
        raw.settimeout(20)
        while raw.recv(1024):
            continue  # an alert, and then it hangs up


@pytest.mark.parametrize("host", ["evil.example", "edgerad.local.evil.example", "10.9.9.9", ""])
async def test_the_plain_door_leads_nobody_to_another_host(
    tmp_path: Path, host: str, outcome: Note
) -> None:
    async def inner(_scope: object, _receive: object, _send: object) -> None:
        raise AssertionError("passed on")

    plain = PlainHttp(inner, made(tmp_path), 8443)
    outside = httpx.ASGITransport(plain, client=("192.168.1.77", 4000))
    async with httpx.AsyncClient(transport=outside, base_url="http://192.168.1.20:8081") as phone:
        for path in ("/", "/join", CERTIFICATE_PATH):
            answer = await phone.get(path, headers={"Host": host})
            assert answer.status_code == 403
            assert host == "" or host not in answer.text
        for own in ("edgerad.local:8081", "EDGERAD.local", "192.168.1.20:8081"):
            page = await phone.get("/join", headers={"Host": own})
            assert f'data-safe="https://{own.partition(":")[0].lower()}:8443"' in page.text
    outcome("Ask the plain port under another host's name, to be led there", "403")


STOLEN: dict[str, list[x509.GeneralName]] = {
    "an e-mail address": [x509.RFC822Name("boss@bank.example")],
    "a person elsewhere": [
        x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Bank")]))
    ],
    "an address of the web": [x509.UniformResourceIdentifier("https://bank.example/")],
}


@pytest.mark.parametrize("what", STOLEN)
def test_a_stolen_authority_vouches_for_no(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, outcome: Note
) -> None:
    certificates = made(tmp_path)
    assert handshake(certificates, "edgerad.local")
    sign = x509.CertificateBuilder.add_extension

    def add(
        builder: x509.CertificateBuilder, extension: x509.ExtensionType, critical: bool
    ) -> x509.CertificateBuilder:
        if isinstance(extension, x509.SubjectAlternativeName):
            held: list[x509.GeneralName] = [*extension, *STOLEN[what]]
            extension = x509.SubjectAlternativeName(held)
        return sign(builder, extension, critical)

    monkeypatch.setattr(x509.CertificateBuilder, "add_extension", add)
    assert certificates.renew([*NAMES, "10.0.0.9"], NOW)
    assert not handshake(certificates, "edgerad.local")
    outcome(
        "Sign with the clinic's stolen authority for an e-mail address, a person"
        " elsewhere or a web address",
        "refused by clients",
    )


def test_a_stolen_authority_signs_for_nobody_of_another_organization(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outcome: Note
) -> None:
    certificates = made(tmp_path)
    bank = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Bank")]
    monkeypatch.setattr(certificates_module, "_organization", lambda _name: bank)
    assert certificates.renew([*NAMES, "10.0.0.9"], NOW)
    assert not handshake(certificates, "edgerad.local")
    outcome("Sign with it for another organization", "refused by clients")


def test_the_authority_is_for_servers_alone(tmp_path: Path, outcome: Note) -> None:
    made_for = made(tmp_path).authority.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert list(made_for.value) == [ExtendedKeyUsageOID.SERVER_AUTH]
    outcome("Sign mail or programs with it", "it is for servers alone (extended key usage)")


def test_an_authority_of_the_first_release_goes_on_signing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has no organization, and names no constraint but for names and addresses."""
    with monkeypatch.context() as patch:
        patch.setattr(certificates_module, "_name", lambda words, of: _only_called(words))
        certificates = made(tmp_path)
    assert certificates.renew([*NAMES, "10.0.0.9"], NOW)
    assert certificates.certificate.issuer == certificates.authority.subject


def _only_called(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])
