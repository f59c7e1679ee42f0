"""The methods of the Bot API that this server has, by their lower-case names."""

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
    sms,
    webhooks,
)

_ROOMS = (
    receiving,
    webhooks,
    sending,
    files,
    facts,
    changing,
    looking,
    groups,
    pinning,
    profile,
    access,
    board,
    forgetting,
    sms,
)

METHODS: dict[str, Method] = {
    found.name.lower(): found
    for room in _ROOMS
    for found in vars(room).values()
    if isinstance(found, Method)
}
