"""The page docs/bot-api.md, made of the methods as they are declared.

`python -m gateway.bot_api.page` prints it; a test compares it with the file.
"""

import inspect
from collections.abc import Iterable
from types import ModuleType

from gateway.bot_api.method import Method
from gateway.bot_api.methods import (
    access,
    board,
    changing,
    facts,
    files,
    forgetting,
    groups,
    looking,
    pinning,
    profile,
    receiving,
    sending,
    webhooks,
)

_TITLES: dict[ModuleType, str] = {
    receiving: "Updates that the bot asks for",
    webhooks: "Updates that are delivered to the bot",
    sending: "Texts, and messages sent again",
    files: "Photos and files",
    facts: "Places, contacts and dice",
    changing: "What was sent, and answers to a press",
    looking: "Chats, files and the bot's commands",
    groups: "Groups, and who is in them",
    pinning: "Pinned messages",
    profile: "Who the bot is",
    access: "Beyond Telegram's: who may use the phone chat",
    board: "Beyond Telegram's: the board",
    forgetting: "Beyond Telegram's: messages that go for good",
}

_ABOVE = """\
# The Bot API that the gateway serves

Made of the code by `python -m gateway.bot_api.page`; a test holds the two equal.

The gateway answers `/bot<token>/<method>` and `/file/bot<token>/<path>` as Telegram's server does,
for one bot. Method names are case-insensitive; GET and POST; parameters in the query, as a form, as
JSON, as multipart, or mixed. Every refusal has a `description`, and its `error_code` is the HTTP
status. A method that is not below is answered with 404 `Not Found: method not found`.

*Supported* fields do what Telegram's documentation says. *Ignored* ones are taken and change
nothing. *Refused* ones are answered with 400 and the words given. A field that stands nowhere is
taken and ignored, as Telegram does with fields that it does not know.

Methods whose names begin with `edgerad` are this server's own: by them the bot tells it what
concerns phones that do not come through Telegram. Telegram's server answers 404 to them, and the
bot takes that for "nothing to be done here".
"""

_BELOW = """\
## Beside the methods

**Formatting.** `HTML`, `MarkdownV2` and `Markdown` as Telegram's own parser reads them, with its
errors; entities are counted in UTF-16 code units, cut and nested as Telegram does. Found without a
mark: commands, mentions, hashtags, cashtags, web and e-mail addresses, telephone numbers with their
country's code. Other than at Telegram, the address of a `text_link` may have a bare host name, as
on a LAN, a link to `tg://user?id=...` stays a link, and a given `text_mention` is left out.

**Files.** Uploaded, attached as `attach://<any name>`, or named by a `file_id`; by a web address
they are refused (`failed to get HTTP URL content`): there is none. A `file_id` is opaque and never
changes. There is no limit of 20 MB for `getFile`; `/file/...` answers `Range` requests. With
`EDGERAD_GATEWAY_LOCAL=true`, `file_path` is absolute, of a copy that lies open in memory, as with
`telegram-bot-api --local`. A photo is kept in the boxes of 90, 320, 800 and 1280 px, and of 2560
px where it is larger than that.

**Buttons.** An inline button has `callback_data` or a `url`; a button of a reply keyboard has its
text. Those of other kinds (`web_app`, `login_url`, `copy_text`, `pay`, `request_contact` and the
like) are refused: `can't parse keyboard button: this server has no buttons of this kind`. How a
keyboard shall look (`resize_keyboard`, `is_persistent`, `selective`, `style`, icons) is ignored.

**Limits.** A request's head: 30 s and 128 KiB; its body: 30 s between two pieces, 15 minutes in
all, `EDGERAD_MAX_UPLOAD_BYTES`, 20 files and 100 fields. With
`EDGERAD_GATEWAY_FLOOD_CONTROL=true`, more than 30 messages a second, 3 in 3 seconds to a chat or
20 a minute to a group are refused with 429 and `retry_after`; by default none are.

**What the phone shows.** Its JSON has, beside text and media, `keyboard` (with `rows`,
`force_reply`, `one_time`, `placeholder`; without `rows` it takes the one before away) and
`protected` in a message, the quoted part as the `text` of `reply_to`, and the `keyboard` that
stands now in the answer of `GET /chat/messages`, with the `message_id` that it came with. A press
of it sends its text. That answer's `pinned` is the newest pinned message, which stands above the
chat (`message_id`, `text`, `photo`); the event `pinned` says to look again.

**Groups.** Telegram's are made by people; here the bot makes them, and says who is in one. All in
it are told (`new_chat_members`, `left_chat_member`), and the bot hears all that is said. A phone
reads a group with `GET /chat/messages?chat=<id>`, writes with the field `chat`, presses with
`chat_id`, and hears of it as `group_message` and the like on its stream of events. The answer of
`GET /chat/messages` lists the groups that one is in, as `chats`. After `leaveChat` the people go on
among themselves; the bot hears nothing of it, is refused with 403, and cannot come back.

**Not served** (404): polls, checklists, games, payments, gifts, stories, sticker sets, topics,
inline mode, business accounts, invite links, and what changes a group's people or looks other than
above (`promoteChatMember`, `restrictChatMember`, `unbanChatMember`, `setChatTitle`,
`setChatAdministratorCustomTitle` and the like).

**Sessions.** A bot that names `edgerad_session` in `allowed_updates` is told what happens to a
phone's session, with `from`, `date` and `event`: `language_chosen` on the page (the language is
`from`'s), `pin_set`, `pin_removed`, `pin_wrong`, `session_ended`. Telegram has no such update; by
default there is none.

**Joining.** `POST /join` with `wait` holds its answer for up to 4 s, until the bot says whether it
lets them in (`edgeradSetAccess`) or not (`edgeradRefuseJoin`, whose words the join page shows).

**Updates** are kept until the bot confirms them, without Telegram's limit of 24 hours.

`GET /health` says whether the gateway and its database answer. The phone chat's own interface
(`/join`, `/chat/...`, `/samples`, `/board`) is for the page and its tests.
"""


def page() -> str:
    """Make the page."""
    parts = [_ABOVE]
    for room, title in _TITLES.items():
        methods = [found for found in vars(room).values() if isinstance(found, Method)]
        rows = [_row(found) for found in methods if inspect.getmodule(found.run) is room]
        head = "| Method | Supported | Ignored | Refused |\n|---|---|---|---|"
        parts.append("\n".join([f"## {title}\n", head, *rows, ""]))
    return "\n".join([*parts, _BELOW])


def _row(found: Method) -> str:
    fields = found.fields
    refused = [f"`{name}`: {why}" for name, why in fields.refuses.items()]
    cells = [
        f"`{found.name}`<br>{found.about}",
        _names(fields.takes.split()),
        _names(fields.ignores.split()),
        "; ".join(refused),
    ]
    return f"| {' | '.join(cells)} |"


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in dict.fromkeys(names))


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - this is what it is run for
