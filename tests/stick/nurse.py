"""A nurse at a phone, in one go: joins, sends a sample film, prints the answer.

Usage: python -m tests.stick.nurse BASE_URL CODE
"""

import asyncio
import sys

from deploy.phone_client import PhoneClient, PhoneEvent

PATIENCE_S = 240.0


async def read_a_film(base_url: str, code: str) -> str:
    """Join and have a film read.

    Args:
        base_url: Where the gateway listens.
        code: Of an invite.

    Returns:
        The answer's text.
    """
    async with PhoneClient(base_url) as phone:
        await phone.join(code, "Amina")
        async with phone.listening():
            await phone.accept_terms()
            _, film = (await phone.samples())[0]
            await phone.send(film, text="F 36, cough")
            answer = await phone.wait_for(_is_answer, limit_s=PATIENCE_S)
    return str(answer.data["text"])


def _is_answer(event: PhoneEvent) -> bool:
    return event.is_from_bot and "IMPRESSION" in event.data["text"].upper()


if __name__ == "__main__":
    sys.stdout.write(asyncio.run(read_a_film(*sys.argv[1:])))
