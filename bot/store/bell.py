"""A bell that the store rings after a commit, so that loops need not poll for work."""

import asyncio


class Bell:
    """Rung by whoever made work, waited on by whoever does it; a ring is never lost."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake whoever waits, now or next."""
        self._rung.set()

    async def wait(self, timeout_s: float) -> None:
        """Wait for a ring since the last wait, at most `timeout_s`."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._rung.wait()
        except TimeoutError:
            return
        finally:
            self._rung.clear()
