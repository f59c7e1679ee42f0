"""EdgeRad's own Bot API methods: its gateway has them, Telegram's server has not.

docs/bot-api.md says what each does.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter
from telegram import Bot
from telegram.error import BadRequest, EndPointNotFound

from bot.domain.ids import ChatId
from bot.domain.phones import SmsFigures
from bot.domain.retention import ChatDeletion
from inference.contract import Language

_SMS = TypeAdapter(SmsFigures)
FORGET_S = 600.0
"""A gateway with millions of messages takes minutes to look through them."""


class GatewayMethods:
    """Calls the methods; each answers False where the server does not have it.

    Other failures are `TelegramError`, as for any method.
    """

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def set_board(self, board: dict[str, object], viewers: Sequence[ChatId]) -> bool:
        """Show the ward's board to the phones of these chats."""
        return await self._call("edgeradSetBoard", {"board": board, "viewers": viewers})

    async def set_alarms(self, alarms: Sequence[Mapping[str, object]]) -> bool:
        """Show these alarms, and no others, over every screen of the phones that they name."""
        return await self._call("edgeradSetAlarms", {"alarms": alarms})

    async def set_access(self, chat_id: ChatId, *, is_member: bool) -> bool:
        """Let a person in, or end their phone's session."""
        return await self._call("edgeradSetAccess", {"chat_id": chat_id, "is_member": is_member})

    async def add_number(self, number: str) -> tuple[ChatId, str] | None:
        """Make a chat of a telephone number.

        Returns:
            The chat and the number in E.164; None where the server has no numbers.

        Raises:
            BadRequest: It is no number.
        """
        found = await self._ask("edgeradAddNumber", {"number": number})
        return None if found is None else (ChatId(int(found["chat"]["id"])), str(found["number"]))

    async def sms(self) -> SmsFigures | None:
        """How SMS go; None where the server has none."""
        try:
            found = await self._ask("edgeradGetSms", {})
        except BadRequest:
            return None
        return None if found is None else _SMS.validate_python(found)

    async def refuse_join(self, chat_id: ChatId, text: str) -> bool:
        """Say on the page where somebody joins why they cannot; False if none waits."""
        return await self._call("edgeradRefuseJoin", {"chat_id": chat_id, "text": text})

    async def set_language(self, chat_id: ChatId, language: Language) -> bool:
        """Let a person's page speak a language."""
        asked = {"chat_id": chat_id, "language_code": language}
        return await self._call("edgeradSetLanguage", asked)

    async def forget(self, deletion: ChatDeletion) -> bool:
        """Delete messages for good in all chats, with their files."""
        return await self._call("edgeradForget", as_parameters(deletion), read_timeout=FORGET_S)

    async def _ask(self, method: str, parameters: dict[str, object]) -> Any:
        try:
            return await self._bot.do_api_request(method, parameters)
        except EndPointNotFound:
            return None

    async def _call(self, method: str, parameters: dict[str, object], **timeouts: Any) -> bool:
        try:
            return bool(await self._bot.do_api_request(method, parameters, **timeouts))
        except EndPointNotFound:
            return False


def as_parameters(deletion: ChatDeletion) -> dict[str, object]:
    """What is to be deleted, as parameters of the gateway's method: times as Unix seconds."""
    times = {
        "asked_since": deletion.asked_since,
        "before": deletion.before,
        "files_before": deletion.files_before,
    }
    return {
        "messages": [list(message) for message in deletion.messages],
        "words": list(deletion.words),
        "files_only": deletion.files_only,
        **{name: int(time.timestamp()) for name, time in times.items() if time is not None},
    }
