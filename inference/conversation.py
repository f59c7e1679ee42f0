"""The chat messages of a request as an engine is given them: the prompt, and slices by number.

Knows how MedGemma 1.5 was shown a CT: each picture is followed by `SLICE n`, the question comes
last. Must not know tokenizers or engines.
Source: Google's notebook on CT with MedGemma 1.5.
"""

from collections.abc import Iterator

from inference.contract import ReadRequest
from inference.prompts import ImagePart, PromptMessage, TextPart, build_messages


def messages_of(request: ReadRequest) -> list[PromptMessage]:
    """Turn a request into chat messages; of a series, every slice has its number after it."""
    messages = build_messages(request)
    if not request.series:
        return messages
    user = next(message for message in messages if message["role"] == "user")
    user["content"] = list(_numbered(user["content"]))
    return messages


def _numbered(content: list[TextPart | ImagePart]) -> Iterator[TextPart | ImagePart]:
    count = sum(part["type"] == "image" for part in content)
    yield {"type": "text", "text": f"These are {count} slices of one scan, in order."}
    number = 0
    for part in content:
        yield part
        if part["type"] == "image":
            number += 1
            yield {"type": "text", "text": f"SLICE {number}"}
