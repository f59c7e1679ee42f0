"""EdgeRad's own methods, which Telegram's server has not: the board on a wall, and alarms."""

from collections import defaultdict

from gateway.bot_api.call import Call
from gateway.bot_api.method import Fields, method
from gateway.bot_api.parameters import as_integer
from gateway.errors import BadRequest
from gateway.schemas.objects import JsonObject
from gateway.schemas.records import ChatId

_BOARD_MAX_KEYS = 32
_ALARMS_MAX = 1_000
_ALARM_KEYS = ("message_id", "code", "title", "text", "since", "sound", "buttons")


@method("edgeradSetBoard", Fields(takes="board viewers"))
async def edgerad_set_board(call: Call) -> bool:
    """EdgeRad's own: show the ward's state on `/board`, to the private chats in `viewers`.

    Args:
        call: With `board`, an object, and `viewers`, chat ids.

    Raises:
        BadRequest: If the board is larger than a board.
    """
    board = call.parameters.record("board")
    if len(board) > _BOARD_MAX_KEYS:
        raise BadRequest("board is too large")
    call.store.board.put(board, call.parameters.integers("viewers"))
    return True


@method("edgeradSetAlarms", Fields(takes="alarms"))
async def edgerad_set_alarms(call: Call) -> bool:
    """EdgeRad's own: show these alarms, and no others, over every screen of the page.

    Each has the `chat_id` that it rings in, a `message_id` there whose `buttons` (`text`, `data`)
    it has too, `code`, `title`, `text`, `since` (Unix seconds) and `sound`: may it be heard?

    Args:
        call: With `alarms`, an array of objects, gravest first.

    Raises:
        BadRequest: If there are too many, or one has no chat or message.
    """
    alarms = call.parameters.records("alarms")
    if len(alarms) > _ALARMS_MAX:
        raise BadRequest("too many alarms")
    banners: defaultdict[ChatId, list[JsonObject]] = defaultdict(list)
    for alarm in alarms:
        chat_id = as_integer(alarm.get("chat_id"))
        if chat_id is None or as_integer(alarm.get("message_id")) is None:
            raise BadRequest("an alarm needs chat_id and message_id")
        banners[ChatId(chat_id)].append({key: alarm.get(key) for key in _ALARM_KEYS})
    call.store.ringing.put(banners)
    return True
