"""Everything that can go wrong with stored data and their key; a class says what to do.

A docstring's first line is the default message. Nothing is changed on the disk before any of these
is raised, and no message holds a key or a passphrase.
"""

from machine.faults import Fault


class StorageError(Fault):
    """Something is wrong with stored data or their key."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").partition("\n")[0])


class KeyLost(StorageError):
    """The key to this data folder is not there. Nothing was changed."""


class WrongKey(StorageError):
    """The key at hand is not the one that this data folder is sealed with. Nothing was changed."""


class WrongPassphrase(StorageError):
    """This passphrase does not open the key. Nothing was changed: try again."""


class NotAKey(StorageError):
    """What should hold the key holds none. Nothing was changed."""


class KeyInside(StorageError):
    """The key must not lie in the data folder that it opens: set EDGERAD_KEY_FILE to elsewhere."""


class KeyVanishes(StorageError):
    """A key made here would go with the container, and the data could never be read again."""


class KeyElsewhere(StorageError):
    """The key at hand is systemd's copy: set EDGERAD_KEY_FILE to the file it was made from."""


class InUse(StorageError):
    """EdgeRad runs on this data folder: stop it first, then try again."""


class Damaged(StorageError):
    """A sealed file is damaged, or was sealed for another name or with another key."""


class NewerDatabase(StorageError):
    """A newer release wrote this data folder: update this one, or restore a backup."""
