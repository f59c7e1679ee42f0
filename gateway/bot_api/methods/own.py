"""EdgeRad's own methods, which Telegram's server answers with 404.

Their names begin with `edgerad`. By them the bot tells this server what concerns phones that speak
to it without Telegram. A bot asks for nothing that it could not do without.
"""

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
