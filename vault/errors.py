"""Everything that can go wrong with the key; a class says what to do about it.

A docstring's first line is the default message. Nothing is changed on the disk before any of these
is raised, and no message holds a key or a passphrase.
"""

from machine.faults import Fault


class VaultError(Fault):
    """Something is wrong with the key."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").partition("\n")[0])


class KeyLost(VaultError):
    """The key to this data folder is not there. Nothing was changed."""


class WrongKey(VaultError):
    """The key at hand is not the one that this data folder is sealed with. Nothing was changed."""


class WrongPassphrase(VaultError):
    """This passphrase does not open the key. Nothing was changed: try again."""


class NotAKey(VaultError):
    """What should hold the key holds none. Nothing was changed."""


class KeyInside(VaultError):
    """The key must not lie in the data folder that it opens: set EDGERAD_KEY_FILE to elsewhere."""


class KeyElsewhere(VaultError):
    """The key at hand is systemd's copy: set EDGERAD_KEY_FILE to the file it was made from."""


class InUse(VaultError):
    """EdgeRad runs on this data folder: stop it first, then try again."""


class Damaged(VaultError):
    """A sealed file is damaged, or was sealed for another name or with another key."""
