"""Methods by which a bot asks for updates, and stops.

Source: Bot API, section "Getting updates".
"""

from gateway.bot_api.call import Call
from gateway.bot_api.method import Fields, method
from gateway.errors import Conflict
from gateway.schemas.objects import JsonObject


@method("getUpdates", Fields(takes="offset limit timeout allowed_updates"))
async def get_updates(call: Call) -> list[JsonObject]:
    """The updates that wait; without any, wait up to 50 s for the first.

    Raises:
        Conflict: If they are delivered to a webhook, or another poll began meanwhile.
    """
    parameters = call.parameters
    webhook, wanted = await call.store.webhook.get_with_allowed()
    if webhook is not None:
        raise Conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the"
            " webhook first"
        )
    allowed = call.allowed_updates()
    if allowed not in (None, wanted):
        await call.store.updates.allow(allowed)
    return await call.poller.poll(
        offset=parameters.integer("offset", 0) or 0,
        limit=parameters.integer("limit", 100) or 100,
        timeout_s=parameters.integer("timeout", 0) or 0,
    )


@method("close")
async def close(_call: Call) -> bool:
    """Do nothing: there is no other server to move to."""
    return True


@method("logOut")
async def log_out(_call: Call) -> bool:
    """Do nothing: there is no other server to move to."""
    return True
