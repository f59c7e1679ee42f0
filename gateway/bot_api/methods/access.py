"""EdgeRad's own methods, which Telegram's server has not: who may use the phone chat, and how."""

from gateway.bot_api.call import Call
from gateway.bot_api.method import Fields, method
from gateway.errors import BadRequest

_WORDS_MAX_CHARS = 512


@method("edgeradSetAccess", Fields(takes="chat_id is_member"))
async def set_access(call: Call) -> bool:
    """Let a person in, or end their phone's session and remove their chat with its pictures."""
    person = await call.person()
    if call.parameters.flag("is_member"):
        await call.store.joining.let_in(person)
    else:
        await call.media.discard(await call.store.joining.shut_out(person))
    return True


@method("edgeradRefuseJoin", Fields(takes="chat_id text"))
async def refuse_join(call: Call) -> bool:
    """Refuse somebody who joins, in words for their page; false if they are in, or were before.

    Raises:
        BadRequest: If the words are none, or too many.
    """
    person = await call.person()
    words = call.parameters.text("text").strip()
    if not 1 <= len(words) <= _WORDS_MAX_CHARS:
        raise BadRequest("text must have 1 to 512 characters")
    gone = await call.store.joining.refuse(person, words)
    await call.media.discard(gone or ())
    return gone is not None


@method("edgeradSetLanguage", Fields(takes="chat_id language_code"))
async def set_language(call: Call) -> bool:
    """Let a person's page speak the language in which the bot writes to them."""
    person = await call.person()
    await call.store.sessions.set_language(person, call.parameters.text("language_code"))
    return True
