"""Checks of what must go on by itself for years: deletion by age, and HTTPS. Changes nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain.retention import Retention
from bot.store.expiry import CLOCK_JUMP, RetentionState
from deploy import databases
from deploy.doctor.checks import Check, Level
from gateway.certificates import RENEWED_BEFORE, Certificates
from storage.keys import Keyring

LATE = timedelta(days=2)
"""Deletion by age is due once a day."""

_NOW = "edgerad retention --now"


def check_retention(home: Path, keyring: Keyring, policy: Retention, now: datetime) -> Check:
    """What is older than it is kept is deleted in time."""
    if policy.is_off:
        words = "everything is kept for ever: EDGERAD_KEEP_CASES_DAYS is not set"
        return Check(Level.OK, "Retention", words)
    try:
        found = databases.retention_standing(home, keyring, policy, now)
    except databases.DatabaseError:
        return Check(Level.WARN, "Retention", "not looked at: the database says what is due")
    words = ", ".join(_kept(policy))
    if found is None:
        return Check(Level.OK, "Retention", f"{words}; no cases yet")
    words = f"{words}; {_done(found)}"
    if found.looked_at is not None and now - found.looked_at > CLOCK_JUMP:
        advice = (
            f"Nothing is deleted by age, because the clock jumped ahead. If it is right: {_NOW}"
        )
        return Check(Level.WARN, "Retention", words, advice)
    if _due(found) and (found.looked_at is None or now - found.looked_at > LATE):
        advice = f"Start EdgeRad, which deletes them within a day, or: {_NOW}"
        return Check(Level.WARN, "Retention", words, advice)
    return Check(Level.OK, "Retention", words)


def check_https(home: Path, now: datetime) -> Check:
    """HTTPS is off, or its certificate is valid for long enough."""
    certificates = Certificates(home, Keyring(()))
    if not certificates.are_made:
        advice = "To encrypt what the Wi-Fi carries: edgerad tls init"
        return Check(Level.OK, "HTTPS", "off: phones are served by plain HTTP", advice)
    try:
        last = certificates.certificate.not_valid_after_utc
    except (OSError, ValueError):
        path = certificates.chain_path
        advice = f"Make it anew: rm -f {path}, then edgerad tls init"
        return Check(Level.FAULT, "HTTPS", f"{path} is missing or damaged", advice)
    words = f"on; this machine's certificate lasts until {last:%Y-%m-%d}"
    if now < last - RENEWED_BEFORE:
        return Check(Level.OK, "HTTPS", words)
    level = Level.WARN if now < last else Level.FAULT
    advice = "Start EdgeRad, which makes it anew, or: edgerad tls init"
    return Check(level, "HTTPS", words, advice)


def _kept(policy: Retention) -> Iterator[str]:
    for what, kept in (("cases", policy.cases), ("pictures", policy.pictures)):
        if kept is not None:
            yield f"{what} are kept for {kept.days} days"


def _done(found: RetentionState) -> str:
    looked = "not looked for yet"
    if found.looked_at is not None:
        looked = f"last looked for what is older on {found.looked_at:%Y-%m-%d %H:%M} UTC"
    return f"{looked}; due: {_due(found) or 'nothing'}"


def _due(found: RetentionState) -> str:
    number = found.cases + found.pending_deletions
    return f"{number:,} case{'s' if number > 1 else ''}" if number else ""
