"""Methods that send what is neither a text nor a file: a place, a contact, a throw of dice.

The phone shows them in words. Source: Bot API, section "Available methods".
"""

import secrets
from dataclasses import replace

from gateway.bot_api.call import Call
from gateway.bot_api.fields import SENDING
from gateway.bot_api.method import Fields, method
from gateway.errors import BadRequest
from gateway.schemas.objects import JsonObject

_FACES = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}
_DEGREES = {"latitude": 90, "longitude": 180}
_LEAST_ACCURATE_M = 1500
_ELSEWHERE = "foursquare_id foursquare_type google_place_id google_place_type"


@method(
    "sendLocation",
    SENDING
    + Fields(
        takes="latitude longitude horizontal_accuracy",
        ignores="live_period heading proximity_alert_radius",
    ),
)
async def send_location(call: Call) -> JsonObject:
    """Send a place; it never moves."""
    place = _place(call)
    if accuracy_m := call.parameters.text("horizontal_accuracy"):
        place["horizontal_accuracy"] = _number(accuracy_m, _LEAST_ACCURATE_M)
    return await _send(call, {"location": place}, f"📍 {_coordinates(place)}")


@method(
    "sendVenue",
    SENDING
    + Fields(
        takes=f"latitude longitude title address {_ELSEWHERE}",
    ),
)
async def send_venue(call: Call) -> JsonObject:
    """Send a place with its name."""
    place = _place(call)
    title, address = _needed(call, "title"), _needed(call, "address")
    venue: JsonObject = {"location": place, "title": title, "address": address}
    venue |= {name: known for name in _ELSEWHERE.split() if (known := call.parameters.text(name))}
    words = f"📍 {title}\n{address}\n{_coordinates(place)}"
    return await _send(call, {"location": place, "venue": venue}, words)


@method("sendContact", SENDING + Fields(takes="phone_number first_name last_name vcard"))
async def send_contact(call: Call) -> JsonObject:
    """Send a name with its telephone number."""
    contact: JsonObject = {name: _needed(call, name) for name in ("phone_number", "first_name")}
    contact |= {
        name: given for name in ("last_name", "vcard") if (given := call.parameters.text(name))
    }
    name = f"{contact['first_name']} {contact.get('last_name', '')}".strip()
    return await _send(call, {"contact": contact}, f"👤 {name}\n{contact['phone_number']}")


@method("sendDice", SENDING + Fields(takes="emoji"))
async def send_dice(call: Call) -> JsonObject:
    """Throw dice, or what else falls by chance.

    Raises:
        BadRequest: If nothing can be thrown that looks so.
    """
    emoji = call.parameters.text("emoji") or "🎲"
    if emoji not in _FACES:
        raise BadRequest("wrong emoji specified")
    value = 1 + secrets.randbelow(_FACES[emoji])
    return await _send(call, {"dice": {"emoji": emoji, "value": value}}, f"{emoji} {value}")


async def _send(call: Call, content: JsonObject, words: str) -> JsonObject:
    chat = await call.recipient()
    draft = replace(await call.draft(chat), content=content, text=words)
    [sent] = await call.store.send(chat, [draft])
    return call.message_object(sent)


def _place(call: Call) -> dict[str, float]:
    return {name: _number(_needed(call, name), most) for name, most in _DEGREES.items()}


def _number(given: str, most: int) -> float:
    try:
        number = float(given)
    except ValueError as error:
        raise BadRequest("wrong location specified") from error
    if not -most <= number <= most:
        raise BadRequest("wrong location specified")
    return number


def _coordinates(place: dict[str, float]) -> str:
    return f"{place['latitude']:.5f}, {place['longitude']:.5f}"


def _needed(call: Call, name: str) -> str:
    given = call.parameters.text(name).strip()
    if not given:
        raise BadRequest(f"{name} is empty")
    return given
