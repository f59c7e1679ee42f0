"""EdgeRad's own method, which Telegram's server has not: who may use the phone chat."""

from gateway.bot_api.call import Call
from gateway.bot_api.method import Fields, method


@method("edgeradSetAccess", Fields(takes="chat_id is_member"))
async def set_access(call: Call) -> bool:
    """Let a person in, or end their phone's session and remove their chat with its pictures."""
    person = await call.person()
    if call.parameters.flag("is_member"):
        await call.store.let_in(person)
    else:
        await call.media.discard(await call.store.shut_out(person))
    return True
