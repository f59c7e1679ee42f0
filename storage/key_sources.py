"""Where the key comes from: a file elsewhere, a passphrase, systemd, or the parent process.

Knows the environment and the forms in which keys are kept. Must not know what they seal. In order:

1. `EDGERAD_KEY_FD`: a file descriptor that `edgerad up` hands on to its parts. Neither `ps` nor a
   process's environment shows what it holds.
2. `$CREDENTIALS_DIRECTORY/edgerad.key`: systemd's `LoadCredential=` or `LoadCredentialEncrypted=`.
3. `EDGERAD_HOME/key.sealed`: the key sealed with a passphrase, asked for on the terminal.
4. The key file: `EDGERAD_KEY_FILE`, else `~/.config/edgerad/key` (`XDG_CONFIG_HOME`).
"""

import logging
import os
import secrets
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from machine import process_rights
from storage import durable
from storage.errors import KeyInside, KeyLost, NotAKey, WrongPassphrase
from storage.inheritance import take_over
from storage.keys import KEY_BYTES, Keyring
from storage.layout import Layout

KEY_FD = "EDGERAD_KEY_FD"
CREDENTIAL = "edgerad.key"

log = logging.getLogger(__name__)

_MAGIC = b"EdgeRadK"
_SALT_BYTES = 16
_NONCE = bytes(12)  # each sealing draws a salt of its own, and so a key of its own
_SCRYPT_COST = 2**16

Ask = Callable[[str], str]
"""Asks for a passphrase in words."""


class KeySource(Protocol):
    """Where a keyring is kept."""

    def exists(self) -> bool:
        """Whether there is one."""
        ...

    def read(self) -> Keyring:
        """The keyring.

        Raises:
            StorageError: If it cannot be had; says what to do.
        """
        ...

    def in_words(self) -> str:
        """Where that is."""
        ...


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A file with a key a line."""

    path: Path

    def exists(self) -> bool:
        """Whether there is one."""
        return self.path.exists()

    def read(self) -> Keyring:
        """Read the file."""
        try:
            return Keyring.of_text(_text(self.path.read_bytes()))
        except NotAKey as error:
            raise NotAKey(
                f"{self.path} holds no key: put a copy of the key there. Nothing was changed."
            ) from error

    def write(self, keyring: Keyring) -> None:
        """Replace the file."""
        durable.replace(self.path, [keyring.as_text().encode()])

    def make(self, keyring: Keyring) -> None:
        """Write the file unless another process did meanwhile, whose keyring then stands."""
        with durable.draft_of(self.path) as draft:
            durable.create(draft, [keyring.as_text().encode()])
            with suppress(FileExistsError):
                self.path.hardlink_to(draft)
        durable.sync_folder(self.path.parent)

    def in_words(self) -> str:
        """The path."""
        return str(self.path)


@dataclass(frozen=True, slots=True)
class Credential:
    """A copy of a key file that systemd made for a service."""

    path: Path

    def exists(self) -> bool:
        """Whether systemd made one."""
        return self.path.exists()

    def read(self) -> Keyring:
        """Read the copy."""
        return KeyFile(self.path).read()

    def in_words(self) -> str:
        """Where systemd put it."""
        return f"systemd's credential {self.path}"


@dataclass(frozen=True, slots=True)
class Inherited:
    """A descriptor that the parent process handed on; read once."""

    number: str

    def exists(self) -> bool:
        """Whether the parent named one."""
        return self.number.isdecimal()

    def read(self) -> Keyring:
        """Read the descriptor and close it, so that no child of ours has it."""
        try:
            return Keyring.of_text(take_over(int(self.number)))
        except OSError as error:
            raise KeyLost("The parent process handed on no key: start EdgeRad again.") from error

    def in_words(self) -> str:
        """From whom it came."""
        return "handed on by the parent process"


@dataclass(slots=True)
class PassphraseFile:
    """The keyring sealed with a passphrase (scrypt, AES-256-GCM).

    Args:
        path: The file.
        ask: Asks whoever sits at the terminal.
    """

    path: Path
    ask: Ask
    _passphrase: str | None = None

    def exists(self) -> bool:
        """Whether a passphrase was set."""
        return self.path.exists()

    def read(self) -> Keyring:
        """Ask for the passphrase and open the file."""
        sealed = self.path.read_bytes()
        if not sealed.startswith(_MAGIC):
            raise NotAKey(f"{self.path} is damaged: put back a copy from a backup.")
        passphrase = self._passphrase or self.ask("Passphrase of the clinic's data: ")
        salt, body = sealed[len(_MAGIC) :][:_SALT_BYTES], sealed[len(_MAGIC) + _SALT_BYTES :]
        try:
            text = _cipher(passphrase, salt).decrypt(_NONCE, body, _MAGIC)
        except InvalidTag as error:
            raise WrongPassphrase from error
        self._passphrase = passphrase
        return Keyring.of_text(_text(text))

    def write(self, keyring: Keyring) -> None:
        """Seal the keyring with the passphrase that opened it, or a new one."""
        if self._passphrase is None:
            self._passphrase = self._new_passphrase()
        salt = secrets.token_bytes(_SALT_BYTES)
        body = _cipher(self._passphrase, salt).encrypt(_NONCE, keyring.as_text().encode(), _MAGIC)
        durable.replace(self.path, [_MAGIC, salt, body])

    def in_words(self) -> str:
        """Where that is."""
        return f"{self.path}, sealed with a passphrase"

    def _new_passphrase(self) -> str:
        first = self.ask("New passphrase: ")
        if len(first) < 12:
            raise WrongPassphrase("Use at least 12 characters, such as four words.")
        if self.ask("The same again: ") != first:
            raise WrongPassphrase("The two passphrases differ. Nothing was changed: try again.")
        return first


def find_key_source(
    home: Path,
    key_file: Path | None,
    environment: Mapping[str, str] | None = None,
    ask: Ask | None = None,
) -> KeySource:
    """Say where the key to a data folder is, or would be made.

    Whoever asks will have the key next. So no other program may look into this process from now on.

    Args:
        key_file: `EDGERAD_KEY_FILE`, if set.
        environment: This process's by default.
        ask: Asks for a passphrase; on the terminal by default.

    Returns:
        The first place that holds one, else the key file's.

    Raises:
        KeyInside: If no other place holds one, and the key file lies in the data folder.
    """
    if not process_rights.refuse_inspection():
        log.warning("the kernel lets other programs of this account read the key in memory")
    variables = os.environ if environment is None else environment
    places: tuple[KeySource, ...] = (
        Inherited(variables.get(KEY_FD, "")),
        Credential(Path(variables.get("CREDENTIALS_DIRECTORY", "/nowhere")) / CREDENTIAL),
        passphrase_file(home, ask),
    )
    for place in places:
        if place.exists():
            return place
    file = key_file or _default_file(variables)
    if file.resolve().is_relative_to(home.resolve()):
        raise KeyInside
    return KeyFile(file)


def passphrase_file(home: Path, ask: Ask | None = None) -> PassphraseFile:
    """Where a data folder keeps its key once it has a passphrase."""
    return PassphraseFile(Layout(home).sealed_key, ask or _ask_on_terminal)


def _default_file(variables: Mapping[str, str]) -> Path:
    folder = variables.get("XDG_CONFIG_HOME") or Path(variables.get("HOME", "/root")) / ".config"
    return Path(folder) / "edgerad" / "key"


def _ask_on_terminal(words: str) -> str:
    if not sys.stdin.isatty():
        raise KeyLost(
            "The key is sealed with a passphrase, and there is no terminal to ask for it: start"
            " EdgeRad with `edgerad up` on one, or give the service a key (docs/operating.md)."
        )
    return getpass(words)


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    kdf = Scrypt(salt=salt, length=KEY_BYTES, n=_SCRYPT_COST, r=8, p=1)
    return AESGCM(kdf.derive(passphrase.encode()))


def _text(data: bytes) -> str:
    return data.decode("ascii", errors="replace")
