"""SQL of the PINs that lock phones' sessions; kept as scrypt's digests alone."""

import hmac
from dataclasses import dataclass

from storage.database import Transaction

OPEN_S = 300
"""How long a session stays open after its PIN was given, or its page was last in the foreground."""

WAITS_S = (0, 0, 60, 300, 900, 3600)
"""How long to wait after the first wrong try, the second, ...; one more ends the session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A session's PIN, and how it was tried.

    Args:
        salt: Of the digest.
        digest: scrypt's.
        wrong_tries: In a row.
        next_try_at: Before this no try counts, unix seconds.
        open_until: Until when the session is open unless it was locked, unix seconds.
        is_locked: Whether it was locked before: its page was opened anew.
        pass_sha256: Hash of what the tab holds in which the PIN was given, None from before there
            were such.
    """

    salt: bytes
    digest: bytes
    wrong_tries: int
    next_try_at: int
    open_until: int
    is_locked: int
    pass_sha256: bytes | None

    def wait_s(self, now: float) -> int:
        """How long to wait for the next try; a clock that was set back lets nobody wait longer."""
        wait_s = int(self.next_try_at - now)
        return wait_s if 0 < wait_s <= WAITS_S[-1] else 0

    def is_open(self, now: float) -> bool:
        """Whether the session is open."""
        return not self.is_locked and self._is_recent(now)

    def lets_in(self, pass_sha256: bytes, now: float) -> bool:
        """Whether it was open lately in the tab that holds this pass."""
        known = self.pass_sha256 or b""
        return hmac.compare_digest(known, pass_sha256) and self._is_recent(now)

    def _is_recent(self, now: float) -> bool:
        return 0 < self.open_until - now <= OPEN_S


def find(tx: Transaction, token_sha256: bytes) -> Pin | None:
    """The PIN of a session."""
    row = tx.one(
        "SELECT salt, digest, wrong_tries, next_try_at, open_until, is_locked, pass_sha256"
        " FROM pins WHERE token_sha256 = :hash",
        hash=token_sha256,
    )
    return None if row is None else Pin(**dict(row))


def put(
    tx: Transaction, token_sha256: bytes, salt: bytes, digest: bytes, pass_sha256: bytes
) -> None:
    """Lock a session by this PIN from now on; it stays open for the moment."""
    tx.run(
        "INSERT OR REPLACE INTO pins (token_sha256, salt, digest, open_until, pass_sha256)"
        " VALUES (:hash, :salt, :digest, :open_until, :pass_hash)",
        pass_hash=pass_sha256,
        hash=token_sha256,
        salt=salt,
        digest=digest,
        open_until=tx.now + OPEN_S,
    )


def remove(tx: Transaction, token_sha256: bytes) -> None:
    """Lock a session no longer."""
    tx.run("DELETE FROM pins WHERE token_sha256 = :hash", hash=token_sha256)


def open_session(tx: Transaction, token_sha256: bytes, pass_sha256: bytes) -> None:
    """Open a session whose PIN was given: its page may be opened once."""
    tx.run(
        "UPDATE pins SET wrong_tries = 0, next_try_at = 0, open_until = :open_until, may_enter = 1,"
        " is_locked = 0, pass_sha256 = :pass_hash WHERE token_sha256 = :hash",
        pass_hash=pass_sha256,
        hash=token_sha256,
        open_until=tx.now + OPEN_S,
    )


def reopen(tx: Transaction, token_sha256: bytes) -> None:
    """Open a session again for as long as it was: its page may be opened once."""
    tx.run(
        "UPDATE pins SET may_enter = 1, is_locked = 0 WHERE token_sha256 = :hash",
        hash=token_sha256,
    )


def enter(tx: Transaction, token_sha256: bytes) -> bool:
    """Use up the right to open the page; False, and the session is locked, where there is none."""
    cursor = tx.run(
        "UPDATE pins SET may_enter = 0"
        " WHERE token_sha256 = :hash AND may_enter = 1 AND open_until > :now",
        hash=token_sha256,
        now=tx.now,
    )
    if cursor.rowcount == 0:
        tx.run("UPDATE pins SET is_locked = 1 WHERE token_sha256 = :hash", hash=token_sha256)
    return cursor.rowcount > 0


def stay_open(tx: Transaction, token_sha256: bytes) -> None:
    """Let a session that is open stay so."""
    tx.run(
        "UPDATE pins SET open_until = :open_until"
        " WHERE token_sha256 = :hash AND open_until > :now AND NOT is_locked",
        hash=token_sha256,
        open_until=tx.now + OPEN_S,
        now=tx.now,
    )


def count_wrong(tx: Transaction, token_sha256: bytes, wrong_tries: int) -> None:
    """Count a wrong try, the how-many-eth in a row, and let the next one wait."""
    tx.run(
        "UPDATE pins SET wrong_tries = :wrong_tries, next_try_at = :next_try_at"
        " WHERE token_sha256 = :hash",
        hash=token_sha256,
        wrong_tries=wrong_tries,
        next_try_at=tx.now + WAITS_S[wrong_tries - 1],
    )
