"""EdgeRad's own method, which Telegram's server has not: messages that go for good."""

from gateway.bot_api.call import Call
from gateway.bot_api.method import Fields, method
from gateway.bot_api.parameters import Parameters, as_integer
from gateway.errors import BadRequest
from gateway.schemas.forgetting import Forgetting

_FIELDS = "messages words files_only asked_since before files_before"


@method("edgeradForget", Fields(takes=_FIELDS))
async def forget(call: Call) -> bool:
    """EdgeRad's own: delete messages for good with their files, in all chats."""
    asked = call.parameters
    forgetting = Forgetting(
        messages=_messages(asked),
        words=tuple(word for word in asked.items("words") if isinstance(word, str)),
        files_only=asked.flag("files_only"),
        asked_since=asked.integer("asked_since"),
        before=asked.integer("before"),
        files_before=asked.integer("files_before"),
    )
    await call.media.discard(await call.store.forgetting.forget(forgetting))
    return True


def _messages(asked: Parameters) -> frozenset[tuple[int, int]]:
    found = set()
    for pair in asked.items("messages"):
        numbers = [as_integer(each) for each in pair] if isinstance(pair, list) else []
        if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
            raise BadRequest("expected an Array of chats and message ids as messages")
        found.add((numbers[0], numbers[1]))
    return frozenset(found)
