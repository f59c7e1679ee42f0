"""Methods by which a bot gets updates and learns who it is.

Source: Bot API, sections "Getting updates" and "Available methods".
"""

from gateway.bot_api.call import Call
from gateway.bot_api.method import Fields, method
from gateway.errors import BadRequest
from gateway.schemas import objects
from gateway.schemas.objects import JsonObject


@method("getMe")
async def get_me(call: Call) -> JsonObject:
    """Who the bot is."""
    return objects.me(call.store.bot)


@method("getUpdates", Fields(takes="offset limit timeout allowed_updates"))
async def get_updates(call: Call) -> list[JsonObject]:
    """The updates that wait."""
    parameters = call.parameters
    if parameters.has("allowed_updates"):
        await _allow(call)
    return await call.poller.poll(
        offset=parameters.integer("offset", 0) or 0,
        limit=parameters.integer("limit", 100) or 100,
        timeout_s=parameters.integer("timeout", 0) or 0,
    )


@method("setWebhook", Fields(takes="url drop_pending_updates"))
async def set_webhook(call: Call) -> bool:
    """Refuse a webhook: one that is never called would silence the bot.

    Args:
        call: With `url`; an empty one takes the webhook away.

    Returns:
        True if there is no webhook now.

    Raises:
        BadRequest: If there shall be one.
    """
    if call.parameters.text("url"):
        raise BadRequest("webhooks are not supported by this server yet: use getUpdates")
    return await _no_webhook(call)


@method("deleteWebhook", Fields(takes="drop_pending_updates"))
async def delete_webhook(call: Call) -> bool:
    """There is no webhook; may forget the updates that wait."""
    return await _no_webhook(call)


async def _no_webhook(call: Call) -> bool:
    if call.parameters.flag("drop_pending_updates"):
        await call.store.drop_updates()
    return True


@method("getWebhookInfo")
async def get_webhook_info(call: Call) -> JsonObject:
    """That there is no webhook, and how many updates wait."""
    info: JsonObject = {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": await call.store.pending_count(),
    }
    allowed = await call.store.allowed_updates()
    return info | {"allowed_updates": list(allowed)} if allowed else info


@method("close")
async def close(_call: Call) -> bool:
    """Do nothing: there is no other server to move to."""
    return True


@method("logOut")
async def log_out(_call: Call) -> bool:
    """Do nothing: there is no other server to move to."""
    return True


async def _allow(call: Call) -> None:
    kinds = [kind for kind in call.parameters.items("allowed_updates") if isinstance(kind, str)]
    if tuple(kinds) != await call.store.allowed_updates():
        await call.store.allow_updates(kinds)
