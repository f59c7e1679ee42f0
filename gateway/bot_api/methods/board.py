"""EdgeRad's own method, which Telegram's server has not: the board on the ward's wall."""

from gateway.bot_api.call import Call
from gateway.bot_api.method import Fields, method
from gateway.errors import BadRequest

_BOARD_MAX_KEYS = 32


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
