"""What in a text is a web address or an e-mail address, though nobody marked it.

Source: tdlib, td/telegram/MessageEntity.cpp (match_urls, fix_url, is_email_address); the top-level
domains are those of IANA's root zone. Must not know entities.
"""

import functools
import re
from collections.abc import Iterator
from pathlib import Path

# Separators and general punctuation, less joiners and dashes.
_NOT_IN_URLS = r" \xa0\u1680\u3000\u2000-\u200b\u200e\u200f\u2016-\u206f"
_NO_PATH = rf"\n<>\"«»{_NOT_IN_URLS}"
_PATH = re.compile(rf"[^{_NO_PATH}]*")
_USER_DATA = re.compile(rf"[^/\[\]{{}}()'`@{_NO_PATH}]")
_DOMAIN_CHARS = (
    r".A-Za-z0-9_~\-\u00c0-\u167f\u1681-\u1fff\u200c\u200d\u2010-\u2015\u2070-\u2fff"
    r"\u3001-\U0010ffff"
)
_DOMAIN = re.compile(f"[{_DOMAIN_CHARS}]")
_DOMAIN_OR_AT = re.compile(f"[@{_DOMAIN_CHARS}]*")
_PROTOCOL = re.compile(r"[A-Za-z0-9+\-\u00a1-\U0010ffff]")
_PORT = re.compile(r":0*(\d{1,5})(?!\d)", re.ASCII)
_PATH_ENDS = ".:;,('?!`"
_APP_LINK = re.compile(
    rf"(?:tg|ton)://[A-Za-z0-9_-]{{1,253}}(?:/[^{_NO_PATH}]*|[?#][^{_NO_PATH}]+)?", re.IGNORECASE
)
_EMAIL = re.compile(
    r"(?:[a-z0-9_-]{0,26}[.+]){0,10}[a-z0-9_-]{1,35}"
    r"@(?:(?:[a-z0-9][a-z0-9_-]{0,28})?[a-z0-9][.]){1,6}[a-z]{2,8}",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"(?:https?|ftp)://", re.IGNORECASE)
_IPV4 = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}", re.ASCII)
_PAIRS = {")": "(", "]": "[", "}": "{"}

Span = tuple[int, int]


def app_links(text: str) -> Iterator[Span]:
    """The `tg://` and `ton://` links of a text, as indices of their start and end."""
    for match in _APP_LINK.finditer(text):
        yield match.start(), match.start() + len(match[0].rstrip(_PATH_ENDS))


def addresses(text: str) -> Iterator[tuple[Span, bool]]:
    """The web and e-mail addresses of a text; with each, True if it is an e-mail address."""
    for start, end in _candidates(text):
        if text.startswith("mailto:", start) and _EMAIL.fullmatch(text, start + 7, end):
            yield (start + 7, end), True
        elif _EMAIL.fullmatch(text, start, end):
            yield (start, end), True
        elif url := _checked(text[start:end]):
            yield (start, start + len(url)), False


def _candidates(text: str) -> Iterator[Span]:
    """Whatever is around a dot and looks like an address."""
    begin = 0
    while 0 <= (dot := text.find(".", begin)) < len(text) - 1:
        if text[dot + 1] == " ":
            begin = dot + 2
            continue
        start, end, has_user = _around(text, begin, dot)
        whole_start = _with_scheme(text, begin, start, has_user=has_user)
        if whole_start is not None:
            if end > dot + 1:
                yield whole_start, end
            while text.startswith(".", end):
                end += 1
        else:
            end = text.rindex(".", 0, end) + 1
        begin = max(end, dot + 1)


def _around(text: str, begin: int, dot: int) -> tuple[int, int, bool]:
    """A domain with what may precede and follow it, and whether it has an `@` in it."""
    start = _back(text, begin, dot, _DOMAIN)
    end = _DOMAIN_OR_AT.match(text, dot).end()  # type: ignore[union-attr]  # matches nothing too
    has_user = "@" in text[dot:end]
    if has_user:
        start = _back(text, begin, start, _USER_DATA)
    port = _PORT.match(text, end)
    if port and 0 < int(port[1]) <= 65_535:
        end = port.end()
    if text[end : end + 1] in {"/", "?", "#"}:
        stop = _PATH.match(text, end + 1).end()  # type: ignore[union-attr]  # matches nothing too
        stop = end + 1 + len(text[end + 1 : stop].rstrip(_PATH_ENDS))
        if text[end] == "/" or stop > end + 1:
            end = stop
    while end > dot + 1 and text[end - 1] == ".":
        end -= 1
    return start, end, has_user


def _with_scheme(text: str, begin: int, start: int, *, has_user: bool) -> int | None:
    """Where the address starts, its user and scheme included; None if it is none."""
    if start > begin and text[start - 1] == "@":
        user = _back(text, begin, start - 1, _USER_DATA)
        if has_user or user == start - 1:
            return None
        start = user
    if start == begin:
        return start
    if start - begin >= 6 and text.endswith("://", begin, start):
        protocol = text[_back(text, begin, start - 3, _PROTOCOL) : start - 3].lower()
        return _scheme_start(protocol, start)
    before = text[start - 1]
    return None if before.isalnum() or before in "_/#@" else start


def _scheme_start(protocol: str, start: int) -> int | None:
    if protocol.endswith("http") and protocol != "shttp":
        return start - 7
    if protocol.endswith("https"):
        return start - 8
    if protocol.endswith("ftp") and protocol not in {"tftp", "sftp"}:
        return start - 6
    return None


def _back(text: str, begin: int, end: int, allowed: re.Pattern[str]) -> int:
    while end > begin and allowed.match(text, end - 1):
        end -= 1
    return end


def _checked(url: str) -> str:
    """An address without what hangs on its end; empty if its domain cannot be one."""
    scheme = _SCHEME.match(url)
    rest = url[scheme.end() :] if scheme else url
    cut = min((at for at in map(rest.find, "/?#") if at >= 0), default=len(rest))
    domain, path = rest[:cut], rest[cut:]
    kept = url[: len(url) - len(path) + _balanced(path)]
    host = domain.partition("@")[2] or domain
    host = host.rpartition(":")[0] or host
    return kept if _is_host(host, known=scheme is None) else ""


def _balanced(path: str) -> int:
    """How much of a path stands before a bracket closes that was not opened in it."""
    opened: dict[str, int] = dict.fromkeys("([{", 0)
    size = len(path)
    for at, char in enumerate(path):
        if char in opened:
            opened[char] += 1
        elif char in _PAIRS:
            opened[_PAIRS[char]] -= 1
            if opened[_PAIRS[char]] < 0:
                size = at
                break
    return len(path[:size].rstrip(_PATH_ENDS))


def _is_host(host: str, *, known: bool) -> bool:
    if _IPV4.fullmatch(host):
        return True
    parts = host.split(".")
    if len(parts) < 2 or not all(_is_label(part) for part in parts):
        return False
    *_, second, top = parts
    if host.replace(".", "").isdecimal() or len(top) < 2 or "_" in second:
        return False
    if top.startswith("xn--"):
        return len(top) > 5 and top[4:].isascii() and top[4:].isalnum()
    return not set(top) & {"_", "-"} and (not known or _is_top_level(top))


def _is_label(part: str) -> bool:
    return 0 < len(part.encode()) < 64 and not part.endswith("-")


def _is_top_level(name: str) -> bool:
    lower = name.lower()
    return lower in _top_level_domains() and (lower == name or lower[0] != name[0])


@functools.cache
def _top_level_domains() -> frozenset[str]:
    return frozenset((Path(__file__).parent / "tlds.txt").read_text(encoding="utf-8").split())
