"""EdgeRad's own methods, which Telegram's server has not: numbers, and how their SMS go."""

from gateway.bot_api.call import Call
from gateway.bot_api.method import Fields, method
from gateway.schemas import objects
from gateway.schemas.objects import JsonObject


@method("edgeradAddNumber", Fields(takes="number"))
async def add_number(call: Call) -> JsonObject:
    """Make a chat of a telephone number, or find it; gives the `chat` and the `number` in E.164."""
    chat, number = await call.store.sms.add_number(call.parameters.text("number"))
    return {"chat": objects.chat(chat), "number": number}


@method("edgeradGetSms")
async def get_sms(call: Call) -> JsonObject:
    """Tell how the SMS lines are, and how many parts went out in the last 24 hours."""
    return await call.store.sms.figures()
