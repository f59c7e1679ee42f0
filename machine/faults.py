"""Faults that the operator can mend, as sentences: what is wrong, and what to do.

Knows how settings, files and SQLite fail. Must not know what EdgeRad does with them.
"""

import errno
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pydantic import ValidationError
from sqlcipher3 import dbapi2

from machine.line_breaks import between_words
from machine.project import ENV_FILE

EXIT_STATUS = 2

_SECRET = re.compile(r"token|key|secret|pass", re.IGNORECASE)
_TOKEN = re.compile(r"\d{6,}:[\w-]{20,}")

_SETTING_WORDS: Mapping[str, str] = {
    "int_parsing": "is not a whole number",
    "float_parsing": "is not a number",
    "bool_parsing": "is neither true nor false",
    "greater_than": "is not more than {gt:g}",
    "greater_than_equal": "is less than {ge:g}",
    "less_than_equal": "is more than {le:g}",
    "enum": "is none of {expected}",
    "literal_error": "is none of {expected}",
}
"""What is wrong with a value, by pydantic's name for it."""

_OS_WORDS: Mapping[int, str] = {
    errno.ENOSPC: "the disk is full. Make room, then try again.",
    errno.EDQUOT: "this user's share of the disk is full. Make room, then try again.",
    errno.EROFS: "the disk can only be read. Mount it for writing, or name another place.",
    errno.EACCES: "this user may not use it. Give the user the folder, or name another place.",
    errno.EPERM: "this user may not change it. Give the user the folder, or name another place.",
    errno.ENOENT: "there is no such file or folder. Is the name right, and the disk connected?",
    errno.ENOTDIR: "a file stands where a folder is needed. Move it away, or name another place.",
    errno.EEXIST: "a file stands where a folder is needed. Move it away, or name another place.",
    errno.EISDIR: "this is a folder. Name a file in it.",
    errno.ENAMETOOLONG: "the name is too long. Choose a shorter one.",
    errno.EFBIG: "the file is too large for this disk's format (FAT takes 4 GB). Use another disk.",
    errno.EIO: "the disk reports an error and may be failing. Back up elsewhere now.",
    errno.EMFILE: "too many files are open at once. Start EdgeRad again.",
    errno.EADDRINUSE: "another program uses this address. Stop it, or choose another port.",
}

_DATABASE_WORDS: Mapping[int, str] = {
    dbapi2.SQLITE_FULL: "the disk is full. Make room, then try again.",
    dbapi2.SQLITE_IOERR: "the disk reports an error and may be failing. Back up elsewhere now.",
    dbapi2.SQLITE_CANTOPEN: "this user cannot open it. Give the user the folder EDGERAD_HOME.",
    dbapi2.SQLITE_READONLY: "this user may not write it. Give the user the folder EDGERAD_HOME.",
    dbapi2.SQLITE_PERM: "this user may not use it. Give the user the folder EDGERAD_HOME.",
    dbapi2.SQLITE_BUSY: "another program holds it. Stop that program, then try again.",
    dbapi2.SQLITE_CORRUPT: "it is damaged. Run edgerad doctor, which says what to do.",
    dbapi2.SQLITE_NOTADB: "it is damaged. Run edgerad doctor, which says what to do.",
}


class Fault(Exception):
    """A fault that the operator can mend; the message says what it is and how."""


@contextmanager
def said_in_words() -> Iterator[None]:
    """Print a fault of settings, files or databases as sentences, and end with exit status 2.

    For entry points, around all that they do. Any other error keeps its traceback.

    Raises:
        SystemExit: If there was a fault.
    """
    try:
        yield
    except Exception as error:
        words = in_words(error)
        if words is None:
            raise
        print(_to_read(words), file=sys.stderr)  # noqa: T201 - the process ends
        raise SystemExit(EXIT_STATUS) from error


def _to_read(words: str) -> str:
    """Broken between words where somebody reads it; a path stays whole."""
    if not sys.stderr.isatty():
        return words
    return between_words(words, shutil.get_terminal_size().columns)


def in_words(error: Exception) -> str | None:
    """Put an error into sentences for the operator.

    Returns:
        What is wrong and what to do; None for an error that the operator cannot mend.
    """
    match error:
        case Fault():
            return str(error)
        case ValidationError():
            return settings_words(error)
        case OSError():
            return os_words(error)
        case dbapi2.DatabaseError():
            return _database_words(error)
    return None


def settings_words(error: ValidationError) -> str:
    """Say which settings cannot be used and why.

    Args:
        error: What pydantic found wrong with them.

    Returns:
        A line for each, then what to do. Secrets are not shown.
    """
    lines = [_setting_words(fault) for fault in error.errors(include_url=False)]
    advice = "Correct it, or leave it out for the default; .env.example explains every setting."
    return "\n".join([*lines, advice])


def _setting_words(fault: Mapping[str, Any]) -> str:
    name = "_".join(["EDGERAD", *map(str, fault["loc"])]).upper()
    words = _TOKEN.sub("<token>", _wrong_words(fault, secret=_SECRET.search(name) is not None))
    return f"{name} {_place_of(name)}: {words}."


def _place_of(name: str) -> str:
    """Where a setting comes from; one that another one requires may be set nowhere."""
    if name in os.environ:
        return "in the environment"
    said = ENV_FILE.is_file() and name in ENV_FILE.read_text(encoding="utf-8", errors="replace")
    return f"in {ENV_FILE}" if said else "is not set"


def _wrong_words(fault: Mapping[str, Any], *, secret: bool) -> str:
    """What is wrong with a value; a validator of ours says it all in its message."""
    if fault["type"] == "value_error":
        return str(fault["ctx"]["error"])
    value = "its value" if secret else repr(fault["input"])
    wrong = _SETTING_WORDS.get(fault["type"])
    if wrong is None:
        return f"{value} cannot be used ({fault['msg']})"
    return f"{value} {wrong.format_map(fault.get('ctx', {}))}"


def os_words(error: OSError) -> str:
    """Say what the operating system refused, and what to do.

    Returns:
        One or two sentences, with the file's name where there is one.
    """
    known = _OS_WORDS.get(error.errno or 0)
    words = known or f"{error.strerror or type(error).__name__} (error {error.errno})."
    return words if error.filename is None else f"{os.fsdecode(error.filename)}: {words}"


def _database_words(error: Exception) -> str | None:
    primary_code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    words = _DATABASE_WORDS.get(primary_code)
    which = next(iter(getattr(error, "__notes__", ())), "A database of EdgeRad")
    return words and f"{which} cannot be used: {words}"
