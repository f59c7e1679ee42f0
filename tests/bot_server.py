"""A Bot API server in memory, and PTB's own bot on it: only the bytes on its wire are made up."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from telegram.ext import ExtBot
from telegram.request import BaseRequest, RequestData
from typing_extensions import override

TOKEN = f"1234567890:{'A' * 35}"


@dataclass
class Call:
    """What the bot asked of the server."""

    method: str
    parameters: dict[str, Any]


@dataclass
class FakeServer(BaseRequest):
    """The Bot API in memory: keeps calls, answers as told, else as a server would."""

    calls: list[Call] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    refusals: dict[str, list[tuple[int, dict[str, Any]]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    before: dict[str, Callable[[], None]] = field(default_factory=dict)
    next_message_id: int = 1000
    local_path: str | None = None
    webhook: str = ""
    numbers: dict[str, int] = field(default_factory=dict)
    sms_lines: list[dict[str, Any]] = field(default_factory=list)
    sms_parts: int = 0

    @property
    @override
    def read_timeout(self) -> float | None:
        return 1.0

    @override
    async def initialize(self) -> None: ...

    @override
    async def shutdown(self) -> None: ...

    @override
    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,
        write_timeout: Any = None,
        connect_timeout: Any = None,
        pool_timeout: Any = None,
    ) -> tuple[int, bytes]:
        await asyncio.sleep(0)  # a network lets others run
        parts = urlsplit(url)
        name = parts.path.rsplit("/", 1)[-1]
        if "/file/" in parts.path:
            return (200, self.files[name]) if name in self.files else (404, b'{"ok": false}')
        asked: dict[str, Any] = {k: values[0] for k, values in parse_qs(parts.query).items()}
        asked |= request_data.parameters if request_data is not None else {}
        self.calls.append(Call(name, asked))
        if name in self.before:
            self.before[name]()
        if self.refusals[name]:
            code, body = self.refusals[name].pop(0)
            return code, json.dumps({"ok": False, "error_code": code} | body).encode()
        return 200, json.dumps({"ok": True, "result": self._answer(name, asked)}).encode()

    def refuse(self, method: str, code: int, description: str, **parameters: Any) -> None:
        """Refuse the next call of a method."""
        body: dict[str, Any] = {"description": description}
        if parameters:
            body["parameters"] = parameters
        self.refusals[method].append((code, body))

    def not_an_api(self, method: str) -> None:
        """Answer the next call of a method as a captive portal would: well, but with no result."""
        self.refusals[method].append((200, {}))

    def sent(self, method: str = "sendMessage") -> list[dict[str, Any]]:
        """The parameters of the calls of a method."""
        return [call.parameters for call in self.calls if call.method == method]

    def _answer(self, name: str, asked: dict[str, Any]) -> Any:
        fixed: dict[str, Any] = {
            "getMe": {
                "id": 1234567890,
                "is_bot": True,
                "first_name": "Clinic",
                "username": "clinic",
            },
            "getWebhookInfo": {"url": self.webhook, "has_custom_certificate": False}
            | {"pending_update_count": 0},
            "edgeradRefuseJoin": False,  # nobody waits
            "edgeradGetSms": {"lines": self.sms_lines, "parts": self.sms_parts}
            | {"parts_a_day": 100, "failed": 1},
        }
        if name in fixed:
            return fixed[name]
        if name == "edgeradAddNumber":
            return self._number(asked["number"])
        if name == "getUpdates":
            offset = int(asked.get("offset", 0))
            self.updates = [u for u in self.updates if u["update_id"] >= offset]
            return self.updates
        if name == "deleteWebhook":
            self.webhook = ""
        if name == "getFile":
            return {
                "file_id": asked["file_id"],
                "file_unique_id": asked["file_id"],
                "file_path": self.local_path or f"photos/{asked['file_id']}",
            }
        if name.startswith(("send", "edit")):
            self.next_message_id += 1
            return {
                "message_id": asked.get("message_id", self.next_message_id),
                "date": 1,
                "chat": {"id": int(asked["chat_id"]), "type": "private"},
            }
        return True

    def _number(self, written: str) -> dict[str, Any]:
        number = "".join(char for char in written if char in "+0123456789")
        chat_id = self.numbers.setdefault(number, 10**12 + len(self.numbers))
        return {"chat": {"id": chat_id, "type": "private"}, "number": number}


def fake_bot(server: FakeServer) -> ExtBot[None]:
    """PTB's bot on a server in memory."""
    return ExtBot(
        TOKEN,
        base_url="http://gateway/bot",
        base_file_url="http://gateway/file/bot",
        request=server,
        get_updates_request=server,
    )
