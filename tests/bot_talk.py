"""People who write to the bot in tests, and what the server in memory was told in return."""

from typing import Any

from telegram import Update

from bot.app import build_application
from bot.domain.people import Person
from bot.handlers.failures import Dispatcher
from tests.bot_server import fake_bot
from tests.bot_world import START, Clinic, outbox


class Talk:
    """People writing to the bot: updates through PTB's application, answers through the outbox."""

    def __init__(self, ward: Clinic) -> None:
        self.ward = ward
        self.bot = fake_bot(ward.server)
        application = build_application(self.bot, ward.services)
        self._application = application
        self._dispatcher = Dispatcher(application)
        self._outbox = outbox(ward)
        self._update_id = 0
        self._message_id = 100

    async def start(self) -> None:
        """Make PTB's application ready."""
        await self._application.initialize()

    async def photo(self, sender: Person, data: bytes = b"a film", **more: Any) -> dict[str, Any]:
        """Send a photo."""
        file_id = self._upload(data)
        sizes = [
            {"file_id": f"{file_id}s", "file_unique_id": "s", "width": 90, "height": 60},
            {"file_id": file_id, "file_unique_id": "x", "width": 640, "height": 480},
        ]
        return await self.message(sender.chat_id, photo=sizes, **more)

    async def document(
        self, sender: Person, data: bytes, *, size_bytes: int | None = None, **more: Any
    ) -> dict[str, Any]:
        """Send a file."""
        document = {
            "file_id": self._upload(data),
            "file_unique_id": "d",
            "file_size": len(data) if size_bytes is None else size_bytes,
        }
        return await self.message(sender.chat_id, document=document, **more)

    async def text(
        self, sender: Person, text: str, *, reply_to: int | None = None
    ) -> dict[str, Any]:
        """Send a text."""
        more: dict[str, Any] = {}
        if reply_to is not None:
            more["reply_to_message"] = _message(reply_to, sender.chat_id)
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            more["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return await self.message(sender.chat_id, text=text, **more)

    async def press(self, sender: Person, data: str, message_id: int) -> dict[str, Any]:
        """Press a button under a message of the bot."""
        query = {
            "id": "1",
            "from": _user(sender.chat_id),
            "chat_instance": "1",
            "data": data,
            "message": _message(message_id, sender.chat_id),
        }
        return await self.update(callback_query=query)

    async def message(
        self, chat_id: int, *, chat_type: str = "private", **content: Any
    ) -> dict[str, Any]:
        """Send any message."""
        self._message_id += 1
        message = _message(self._message_id, chat_id, chat_type) | {"from": _user(chat_id)}
        return await self.update(message=message | content)

    async def update(self, **content: Any) -> dict[str, Any]:
        """Have an update handled."""
        self._update_id += 1
        update = {"update_id": self._update_id} | content
        await self.again(update)
        return update

    async def again(self, update: dict[str, Any]) -> None:
        """Have an update handled once more, as after a crash."""
        await self._dispatcher.handle(Update.de_json(update, self.bot))

    async def replies(self) -> list[dict[str, Any]]:
        """Deliver what is due; what was sent or edited since the last time."""
        before = len(self.ward.server.calls)
        while (delivery := await self.ward.store.outbox.take([])) is not None:
            await self._outbox.deliver_one(delivery)
        calls = self.ward.server.calls[before:]
        return [{"method": call.method} | call.parameters for call in calls]

    async def texts(self) -> list[str]:
        """Deliver what is due; the words of it."""
        return [reply.get("text", reply.get("caption", "")) for reply in await self.replies()]

    def _upload(self, data: bytes) -> str:
        file_id = f"file{len(self.ward.server.files)}"
        self.ward.server.files[file_id] = data
        return file_id


def _user(user_id: int) -> dict[str, Any]:
    return {"id": user_id, "is_bot": False, "first_name": "Amina"}


def _message(message_id: int, chat_id: int, chat_type: str = "private") -> dict[str, Any]:
    return {
        "message_id": message_id,
        "date": int(START.timestamp()),
        "chat": {"id": chat_id, "type": chat_type},
    }
