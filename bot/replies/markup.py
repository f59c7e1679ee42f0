"""Safe Telegram HTML: everything from outside is escaped, and long text is split, never cut.

`plain` is for the bot's own words: an address or a command in them is live. What people typed is
`typed` within a line and `quoted` on lines of its own; what a model wrote goes through
`bot.replies.model_words`. Knows the few tags that messages use. Must not know what the messages
say.
"""

import html
import re
import unicodedata
from collections.abc import Callable
from typing import NewType

from bot.domain.messages import Reply

Html = NewType("Html", str)
"""Text in which every `<`, `>` and `&` is markup."""

Marks = Callable[[str], bool]
"""Whether what stands between two spaces is to be in bold."""

MAX_UNITS = 4096
"""UTF-16 units that a message may have (Bot API, `sendMessage`); counted here before parsing."""

LINE_CHARS = 40
MOST_LINES = 56
"""Two screens of a phone, of 28 lines each: what is longer goes on in another message."""

_UNSENDABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_TAG = re.compile(r"<[^>]*>")
_TOKEN = re.compile(r"<[^>]*>|&#?\w+;|[^\s<&]{1,200}|.", re.DOTALL)
_QUOTATION = re.compile(r"<blockquote(?: expandable)?>(.*?)</blockquote>", re.DOTALL)
_FOLDED = re.compile(r"<blockquote expandable>.*?(?:</blockquote>|\Z)", re.DOTALL)
FOLDED_LINES = 3
"""So many lines of what is folded chats show until it is opened."""
_SIGN = "So"  # the Unicode category of the bot's signs: 🟢 ☑ ⚠ ⏳

_TELEPHONE = re.compile(r"(\+[0-9](?:[ .()\-]{0,2}[0-9]){6,})")
_LIKE_A_LINK = re.compile(
    r"://"
    r"|\.[^\W\d_](?:[^\W\d_]|[^\x00-\x7f])"  # a dot and a domain after it
    r"|[0-9]\.[0-9]+\.[0-9]+\.[0-9]"
    r"|[@#]\S"
    r"|\$[A-Z1]"
    r"|(?<![\w/<>])/\w"
)
"""What servers and phones make a link of, and a little more; looked for between two spaces."""


def plain(text: str) -> Html:
    """Text as it is, whatever it holds.

    Returns:
        HTML that shows exactly the text, without characters that no message can carry.
    """
    return Html(html.escape(_UNSENDABLE.sub(" ", text), quote=False))


def typed(text: str, marks: Marks | None = None) -> Html:
    """Text with words in it that people typed: none of it is a link.

    Args:
        marks: Which of its words are in bold, none if not given.

    Returns:
        HTML that shows exactly the text; what a server would make a link of stands as code.
    """
    parts = _TELEPHONE.split(text)
    return Html(
        "".join(code(part) if n % 2 else _linkless(part, marks) for n, part in enumerate(parts))
    )


def quoted(text: str, marks: Marks | None = None) -> Html:
    """What somebody typed, as a quotation on lines of its own; empty if it is nothing."""
    return Html(f"<blockquote>{written(text.strip(), marks)}</blockquote>" if text.strip() else "")


def folded(text: Html) -> Html:
    """Text of which a chat shows the first lines, and all of it at a touch; empty if it is nothing.

    Args:
        text: Has no quotation in it: chats know none within another.
    """
    return Html(f"<blockquote expandable>{text}</blockquote>" if text else "")


def written(text: str, marks: Marks | None = None) -> Html:
    """Lines from outside: no link, and none that begins with a sign as the bot's own do."""
    return typed("\n".join(map(unsigned, text.split("\n"))), marks)


def unsigned(line: str) -> str:
    """A line from outside, marked as a quotation if it begins with a sign as the bot's own do."""
    return f"> {line}" if _begins_with_sign(line) else line


def said(text: str) -> Reply:
    """A message of these words, as they are."""
    return Reply(text=plain(text))


def bold(text: str) -> Html:
    """Text in bold, none of it a link."""
    return Html(f"<b>{typed(text)}</b>")


def italic(text: str) -> Html:
    """Text in italics, none of it a link."""
    return Html(f"<i>{typed(text)}</i>")


def struck(text: Html) -> Html:
    """Text struck through, its markup kept."""
    shown, in_code = "", False
    for part in re.split(r"(<[^>]*>)", text):
        in_code = part == "<code>" or (in_code and part != "</code>")
        is_kept = part.startswith("<") or in_code
        shown += part if is_kept else re.sub(r"\S(?:.*\S)?", r"<s>\g<0></s>", part)
    return Html(shown)


def code(text: str) -> Html:
    """Text that a touch copies."""
    return Html(f"<code>{plain(text)}</code>")


def unmarked(text: Html) -> Html:
    """Text without its markup, for a server that takes offence at it.

    Returns:
        HTML that shows the same words, none of them bold or in italics.
    """
    return plain(words_of(text))


def words_of(text: str) -> str:
    """The words of a text alone, for a place that shows no markup; quotations begin with `>`."""
    marked = _QUOTATION.sub(lambda found: "> " + found[1].replace("\n", "\n> "), text)
    return html.unescape(_TAG.sub("", marked))


def lines(*parts: Html | None) -> Html:
    """Parts one under the other; those that are None or empty leave no gap."""
    return Html("\n".join(part for part in parts if part))


def paragraphs(*parts: Html | None) -> Html:
    """Parts with an empty line between them; those that are None or empty leave no gap."""
    return Html("\n\n".join(part for part in parts if part))


def split(text: Html, continuation: Html) -> list[Html]:
    """Cut a text into messages, between words where it can, never inside a tag or an entity.

    None is longer than two screens of a phone.

    Args:
        text: A text of any length.
        continuation: What every message but the first begins with.

    Returns:
        The messages; each is valid on its own: a tag open at a cut is closed and opened again.
    """
    pieces: list[str] = []
    piece, open_tags = "", list[str]()
    for token in _TOKEN.findall(text):
        tags_after = _open_after(open_tags, token)
        if not _fits(piece + token + _closing(tags_after)):
            pieces.append(piece + _closing(open_tags))
            piece = f"{continuation}\n" + "".join(f"<{tag}>" for tag in open_tags)
        piece, open_tags = piece + token, tags_after
    pieces.append(piece)
    return [Html(piece.strip()) for piece in pieces]


def _linkless(text: str, marks: Marks | None) -> str:
    return "".join(_run(run, marks) for run in re.split(r"(\s+)", text))


def _run(run: str, marks: Marks | None) -> Html:
    if _LIKE_A_LINK.search(run):
        return code(run)
    is_marked = marks is not None and bool(run.strip()) and marks(run)
    return Html(f"<b>{plain(run)}</b>") if is_marked else plain(run)


def _begins_with_sign(line: str) -> bool:
    """Whether the first character that is seen is a sign."""
    kinds = (unicodedata.category(char) for char in line)
    return next((kind for kind in kinds if kind[0] not in "CMZ"), "") == _SIGN


def _open_after(open_tags: list[str], token: str) -> list[str]:
    if not token.startswith("<"):
        return open_tags
    return open_tags[:-1] if token.startswith("</") else [*open_tags, token[1:-1]]


def _closing(open_tags: list[str]) -> str:
    return "".join(f"</{tag.split()[0]}>" for tag in reversed(open_tags))


def is_sendable(text: str) -> bool:
    """Whether a message may be as long as this."""
    return _units(text) <= MAX_UNITS


def _fits(text: str) -> bool:
    return is_sendable(text) and screen_lines(text) <= MOST_LINES


def screen_lines(text: str) -> int:
    """How many lines a text takes on a phone's screen, its markup left out and nothing opened."""
    return _lines_of(_FOLDED.sub("", text)) + sum(
        min(_lines_of(each), FOLDED_LINES) for each in _FOLDED.findall(text)
    )


def _lines_of(text: str) -> int:
    return sum(-(-len(line) // LINE_CHARS) or 1 for line in _TAG.sub("", text).strip().split("\n"))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
