"""The clinic's own certificates: an authority that phones trust once, and what it signs.

Knows X.509. Both private keys lie encrypted with the data's key. The authority can sign for nothing
but names and addresses of a local network, whoever gets hold of it. Some phones take no certificate
that lasts longer than 398 days, so this machine's is made anew long before.
"""

import asyncio
import ipaddress
import logging
import secrets
import ssl
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from machine.faults import Fault
from storage import durable
from storage.keys import Keyring, Purpose
from storage.layout import CERTIFICATES, Layout

AUTHORITY_LASTS = timedelta(days=3650)
LASTS = timedelta(days=397)
RENEWED_BEFORE = timedelta(days=60)
BACKDATED = timedelta(days=1)
"""Phones' clocks may be a little behind this machine's."""

LOCAL_NAMES = ("local", "lan", "home", "home.arpa", "internal", "localdomain", "localhost")
LOCAL_NETWORKS = (
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "169.254.0.0/16",
    "127.0.0.0/8",
    "fc00::/7",
    "fe80::/10",
)

_NOBODY = "edgerad.invalid"
"""A host that cannot be (RFC 2606): its addresses are nobody's."""

LOOK_AGAIN_S = 60.0

log = logging.getLogger(__name__)

Usages = tuple[tuple[x509.ExtensionType, bool], ...]
"""Extensions, and whether each is critical."""


class CertificatesUnusable(Fault):
    """The certificates cannot be used."""


@dataclass(frozen=True)
class Certificates:
    """The certificates of a data folder.

    Args:
        home: The data folder.
        keyring: Encrypts the private keys.
    """

    home: Path
    keyring: Keyring

    @property
    def authority_path(self) -> Path:
        """The authority's certificate, which phones are to trust."""
        return Layout(self.home).certificates / "ca.pem"

    @property
    def chain_path(self) -> Path:
        """This machine's certificate, then the authority's."""
        return Layout(self.home).certificates / "server.pem"

    @property
    def key_path(self) -> Path:
        """The private key of this machine's certificate."""
        return Layout(self.home).certificates / "server.key"

    @property
    def are_made(self) -> bool:
        """Whether phones are served by HTTPS."""
        return self.authority_path.exists()

    def make_authority(self, names: Sequence[str], now: datetime) -> None:
        """Make a new authority: whoever trusted an earlier one must trust this one.

        Args:
            names: Names and addresses of this machine; it may sign for these and local ones alone.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        clinic = f"EdgeRad clinic {secrets.token_hex(2)}"
        name = _name(clinic, of=[x509.NameAttribute(NameOID.ORGANIZATION_NAME, clinic)])
        extensions: Usages = (
            (x509.BasicConstraints(ca=True, path_length=0), True),
            (_key_usage(signs_certificates=True), True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
            (_only_for(names, clinic), True),
            (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
        )
        made = _signed(
            key,
            issuer=name,
            public_key=key.public_key(),
            subject=name,
            extensions=extensions,
            now=now,
            lasts=AUTHORITY_LASTS,
        )
        self._put_key(self._authority_key_path, key)
        durable.replace(self.authority_path, [_pem(made)])

    def renew(self, names: Sequence[str], now: datetime) -> bool:
        """Make this machine's certificate anew if it lacks a name or ends soon.

        Args:
            names: Under which phones reach this machine.

        Raises:
            CertificatesUnusable: If the authority's key cannot be opened.
        """
        authority_key = self._key(self._authority_key_path)
        if self._is_good(names, now):
            return False
        self._put_key(self._authority_key_path, authority_key)  # under the key in use now
        authority = self.authority
        key = ec.generate_private_key(ec.SECP256R1())
        issuer_key = authority_key.public_key()
        extensions: Usages = (
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (_key_usage(signs_certificates=False), True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
            (x509.SubjectAlternativeName([_general(name) for name in names]), False),
            (x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), False),
        )
        made = _signed(
            authority_key,
            issuer=authority.subject,
            public_key=key.public_key(),
            subject=_name(names[0], of=_organization(authority.subject)),
            extensions=extensions,
            now=now,
            lasts=LASTS,
        )
        self._put_key(self.key_path, key)
        durable.replace(self.chain_path, [_pem(made), _pem(authority)])
        return True

    def reseal(self) -> None:
        """Bring both private keys to the data's key in use."""
        for path in (self._authority_key_path, self.key_path):
            if path.exists():
                self._put_key(path, self._key(path))

    def unreadable(self) -> list[Path]:
        """The private keys that are missing or that the data's key does not open."""
        if not self.are_made:
            return []
        return [path for path in (self._authority_key_path, self.key_path) if not self._opens(path)]

    def remove(self) -> None:
        """Serve phones by plain HTTP again; phones that trust the authority go on doing so."""
        for path in (self.authority_path, self._authority_key_path, self.chain_path, self.key_path):
            path.unlink(missing_ok=True)

    def load_into(self, context: ssl.SSLContext) -> None:
        """Have a context show this machine's certificate from now on."""
        _, password = self._open(self.key_path)
        context.load_cert_chain(self.chain_path, self.key_path, password)

    @property
    def authority(self) -> x509.Certificate:
        """The authority's certificate."""
        return x509.load_pem_x509_certificate(self.authority_path.read_bytes())

    @property
    def fingerprint(self) -> str:
        """The authority's SHA-256, as phones show it."""
        return self.authority.fingerprint(hashes.SHA256()).hex(":").upper()

    @property
    def certificate(self) -> x509.Certificate:
        """This machine's certificate."""
        return x509.load_pem_x509_certificate(self.chain_path.read_bytes())

    @property
    def names(self) -> list[str]:
        """The names and addresses that this machine's certificate is for."""
        held = self.certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        return [str(name.value) for name in held.value]

    @cached_property
    def _authority_key_path(self) -> Path:
        return Layout(self.home).certificates / "ca.key"

    def _is_good(self, names: Iterable[str], now: datetime) -> bool:
        """Whether the certificate need not be made anew, and its private key can be opened."""
        if not (self.chain_path.exists() and self.key_path.exists()):
            return False
        made = self.certificate
        if made.public_key() != self._key(self.key_path).public_key():
            return False  # a crash fell between the two files
        held = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        lasts = made.not_valid_before_utc <= now < made.not_valid_after_utc - RENEWED_BEFORE
        return lasts and {_general(name) for name in names} <= set(held)

    def _put_key(self, path: Path, key: ec.EllipticCurvePrivateKey) -> None:
        sealed = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(self._passwords[0]),
        )
        durable.replace(path, [sealed])

    def _key(self, path: Path) -> ec.EllipticCurvePrivateKey:
        return self._open(path)[0]

    def _opens(self, path: Path) -> bool:
        try:
            self._open(path)
        except CertificatesUnusable:
            return False
        return True

    def _open(self, path: Path) -> tuple[ec.EllipticCurvePrivateKey, bytes]:
        for password in self._passwords:
            try:
                key = serialization.load_pem_private_key(path.read_bytes(), password)
            except (ValueError, OSError):
                continue
            if isinstance(key, ec.EllipticCurvePrivateKey):
                return key, password
        raise CertificatesUnusable(
            f"{path} is missing, damaged or of another key. Take the folder {CERTIFICATES} from a"
            " backup, or make a new authority, which every phone must then trust: edgerad tls init"
            " --force"
        )

    @property
    def _passwords(self) -> list[bytes]:
        return [key.derive(Purpose.CERTIFICATES).hex().encode() for key in self.keyring.keys]


class Tls:
    """What HTTPS is served with; follows a certificate that is made anew.

    Args:
        certificates: Made.
    """

    def __init__(self, certificates: Certificates) -> None:
        self._certificates = certificates
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._loaded = self._made_at()
        certificates.load_into(self.context)

    async def follow(self) -> None:
        """Load each new certificate, for ever; connections that stand go on with the old one."""
        while True:
            await asyncio.sleep(LOOK_AGAIN_S)
            self.reload()

    def reload(self) -> None:
        """Load the certificate if it was made anew; one that is half written is left for later."""
        made_at = self._made_at()
        if made_at == self._loaded:
            return
        try:
            self._certificates.load_into(self.context)
        except (OSError, ssl.SSLError, CertificatesUnusable) as error:
            log.warning("The new certificate cannot be used yet: %s", type(error).__name__)
        else:
            self._loaded = made_at

    def _made_at(self) -> int:
        path = self._certificates.chain_path
        return path.stat().st_mtime_ns if path.exists() else 0


def _signed(
    signer: ec.EllipticCurvePrivateKey,
    *,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    subject: x509.Name,
    extensions: Usages,
    now: datetime,
    lasts: timedelta,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .issuer_name(issuer)
        .subject_name(subject)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now - BACKDATED + lasts)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(signer, hashes.SHA256())


def _only_for(names: Iterable[str], clinic: str) -> x509.NameConstraints:
    """These names and local ones; people and organizations of the clinic's own, no e-mail address.

    A kind of name that is not among them would be allowed whole.
    """
    networks = map(ipaddress.ip_network, LOCAL_NETWORKS)
    allowed: list[x509.GeneralName] = [x509.DNSName(name) for name in LOCAL_NAMES]
    allowed += [x509.IPAddress(network) for network in networks]
    organization = x509.NameAttribute(NameOID.ORGANIZATION_NAME, clinic)
    allowed.append(x509.DirectoryName(x509.Name([organization])))
    allowed.append(x509.RFC822Name(_NOBODY))
    allowed.append(x509.UniformResourceIdentifier(_NOBODY))
    for name in map(_general, names):
        if isinstance(name, x509.IPAddress):
            allowed.append(x509.IPAddress(ipaddress.ip_network(name.value)))
        else:
            allowed.append(name)
    return x509.NameConstraints(permitted_subtrees=allowed, excluded_subtrees=None)


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(words: str, of: Sequence[x509.NameAttribute[Any]]) -> x509.Name:
    return x509.Name([*of, x509.NameAttribute(NameOID.COMMON_NAME, words[:64])])


def _organization(name: x509.Name) -> Sequence[x509.NameAttribute[Any]]:
    """The clinic's, which an authority made by release 0.1 has not."""
    return name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
