"""Signs a stick: the key pair is made once, and stays on the machine that makes sticks.

Knows where that key lies. What is signed, and how it is checked, is `deploy.stick.signature`'s.
"""

import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.stick.signature import PUBLIC_KEY, SIGNATURE, SUMS, key_code
from machine.faults import Fault
from storage.durable import replace


def key_path() -> Path:
    """Where the key lies that is never on a stick."""
    folder = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(folder) / "edgerad" / "release_key"


def release_key(path: Path) -> Ed25519PrivateKey:
    """Read the key that sticks are signed with; the first time, make it.

    Args:
        path: The owner's alone, on the machine that makes sticks, and on no stick.

    Raises:
        Fault: The file holds another kind of key, or none.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace(path, [_private(made := Ed25519PrivateKey.generate())])
        return made
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise Fault(f"{path} is not a release key. Move it away, and a new one is made.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise Fault(f"{path} is a key of another kind. Move it away, and a new one is made.")
    return key


def _private(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def publish(key: Ed25519PrivateKey, folder: Path) -> str:
    """Lay the public key on a stick.

    Returns:
        What people compare with the card.
    """
    (folder / PUBLIC_KEY).write_bytes(
        key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    return key_code(folder / PUBLIC_KEY)


def sign(folder: Path, key: Ed25519PrivateKey) -> None:
    """Sign the sums of a stick."""
    (folder / SIGNATURE).write_bytes(key.sign((folder / SUMS).read_bytes()))
