"""Where everything lies in the data folder: the one place that knows its paths.

Paths in `DATABASES`, `SEALED_FOLDERS` and the like are relative, as backups name them.
"""

from dataclasses import dataclass
from pathlib import Path

from storage.keys import Purpose

BOT_DATABASE = Path("bot/bot.db")
GATEWAY_DATABASE = Path("gateway/gateway.db")
PICTURES = Path("bot/pictures")
FEATURES = Path("bot/seen")
"""Sealed too, but made anew where it is missing: never sealed again, and in no backup."""
GATEWAY_FILES = Path("gateway/files")
CERTIFICATES = Path("tls")
SECRETS = Path("secrets")
EPOCH = Path("epoch")
"""A record beside the databases that is not older than they are, and in no backup."""
SEALED_WITH = Path("sealed-with")
SEALED_KEY = Path("key.sealed")

DATABASES = {
    BOT_DATABASE: Purpose.BOT_DATABASE,
    GATEWAY_DATABASE: Purpose.GATEWAY_DATABASE,
}
SEALED_FOLDERS = {
    PICTURES: Purpose.FILES,
    GATEWAY_FILES: Purpose.FILES,
    SECRETS: Purpose.SECRETS,
    EPOCH: Purpose.EPOCH,
}
KEPT_FOLDERS = (PICTURES, GATEWAY_FILES, SECRETS, CERTIFICATES)
KEPT_FILES = (SEALED_WITH, SEALED_KEY)
"""What cannot be made again, beside the databases."""

LOG = Path("edgerad.log")
"""What the parts say where EdgeRad was started in the background; no patient's data."""

LEFTOVERS = "before-restore-%Y-%m-%dT%H%M%SZ"
"""The folder into which a restore at that time moved what stood in its way."""

_OWN = (
    *(
        "key.sealed",
        ".key.sealed.*.draft",
        "sealed-with",
        ".sealed-with.*.draft",
        "secrets",
        "epoch",
    ),
    *("bot", "gateway", "tls", "before-restore-*", ".restoring", ".unpacking", "edgerad.log*"),
    *("models", "vault.lock", "locks"),
)


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one data folder.

    Args:
        home: `EDGERAD_HOME`.
    """

    home: Path

    @property
    def bot_database(self) -> Path:
        """Cases, people, the queue, messages in and out."""
        return self.home / BOT_DATABASE

    @property
    def gateway_database(self) -> Path:
        """Chats, phones, updates."""
        return self.home / GATEWAY_DATABASE

    @property
    def pictures(self) -> Path:
        """Sealed picture files of cases."""
        return self.home / PICTURES

    @property
    def features(self) -> Path:
        """Sealed image features, a cache."""
        return self.home / FEATURES

    @property
    def gateway_files(self) -> Path:
        """Sealed files of chats."""
        return self.home / GATEWAY_FILES

    @property
    def log(self) -> Path:
        """The parts' lines, where no terminal and no journal has them."""
        return self.home / LOG

    @property
    def certificates(self) -> Path:
        """The clinic's own authority, and what it signed."""
        return self.home / CERTIFICATES

    @property
    def bot_token(self) -> Path:
        """The bot's token, where none was given."""
        return self.home / SECRETS / "bot_token"

    @property
    def epoch(self) -> Path:
        """The sealed record of the databases' epochs."""
        return self.home / EPOCH

    def own(self) -> list[Path]:
        """All of EdgeRad's that lies there, the locks last; the rest is somebody else's."""
        return [path for name in _OWN for path in sorted(self.home.glob(name))]

    @property
    def models(self) -> Path:
        """Installed models, a folder each."""
        return self.home / "models"

    @property
    def locks(self) -> Path:
        """Who works on the folder, a file for each part."""
        return self.home / "locks"

    @property
    def keys_lock(self) -> Path:
        """Held by all that use the keys, and alone by whoever changes them."""
        return self.locks / "keys"

    @property
    def former_keys_lock(self) -> Path:
        """Where the first release had that lock."""
        return self.home / "vault.lock"

    @property
    def sealed_with(self) -> Path:
        """The id of the key that everything is sealed with."""
        return self.home / SEALED_WITH

    @property
    def sealed_key(self) -> Path:
        """The key itself, sealed with a passphrase."""
        return self.home / SEALED_KEY

    @property
    def restoring(self) -> Path:
        """A proven backup while it is being swapped in."""
        return self.home / ".restoring"

    @property
    def unpacking(self) -> Path:
        """A backup while it is unpacked and proven."""
        return self.home / ".unpacking"
