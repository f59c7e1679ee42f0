"""Whose a stick is: Ed25519 over the sums of all its files.

Knows the names of the three files, and keys. Must not know what else lies on a stick.
"""

import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from machine.faults import Fault

SUMS = "SHA256SUMS"
SIGNATURE = f"{SUMS}.sig"
PUBLIC_KEY = "release.pub"


class NotSigned(Fault):
    """The stick is not from whom the installed release is from, or was changed since."""


def key_code(path: Path) -> str:
    """A public key for people: half of its file's SHA-256, in fours.

    `install.sh` says the same, by sha256sum.
    """
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return " ".join(digest[at : at + 4] for at in range(0, 32, 4))


def check(folder: Path, known: Path, *files: str) -> None:
    """Make sure that a stick is signed with a key that is known, and some of its files are so.

    Args:
        folder: The stick's.
        known: The public key that the installed release came with.
        files: Names of those that are looked at too.

    Raises:
        NotSigned: With what to do.
    """
    try:
        sums, signature = (folder / SUMS).read_bytes(), (folder / SIGNATURE).read_bytes()
        _public(known).verify(signature, sums)
    except FileNotFoundError as error:
        words = f"{folder} is not signed: {Path(error.filename).name} is missing."
        raise NotSigned(f"{words} Nothing was changed.") from error
    except InvalidSignature as error:
        raise NotSigned(
            f"{folder} is not signed with the key {key_code(known)}, with which the installed"
            f" release was. Do not use this stick. Whoever made it may have a new key: ask, and see"
            f" docs/update.md. Nothing was changed."
        ) from error
    listed = set(sums.decode().splitlines())
    for name in files:
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if f"{digest}  {name}" not in listed:
            raise NotSigned(f"{name} on the stick was changed. Nothing was changed here.")


def _public(path: Path) -> Ed25519PublicKey:
    key = load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise NotSigned(f"{path} is no key of a release.")
    return key
