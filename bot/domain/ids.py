"""What names people, chats, messages, cases and readings."""

from typing import NewType

ChatId = NewType("ChatId", int)
UserId = NewType("UserId", int)
MessageId = NewType("MessageId", int)
CaseId = NewType("CaseId", int)
ReadingId = NewType("ReadingId", int)
