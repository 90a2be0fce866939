"""Sound that comes in from one side of a call and waits for the ears."""

from __future__ import annotations

import asyncio

MOST_WAITING = 1_500
"""Pieces of sound that wait to be heard: half a minute."""


class Sound:
    """Put in as it comes, taken out in one piece. Ears that do not keep up lose some, and do not fill the
    memory."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[bytes | None] = asyncio.Queue()

    def put(self, ulaw: bytes) -> None:
        """Some more."""
        if self._waiting.qsize() < MOST_WAITING:
            self._waiting.put_nowait(ulaw)

    def finish(self) -> None:
        """The utterance ends here."""
        self._waiting.put_nowait(None)

    async def take(self) -> tuple[bytes, bool]:
        """What came since, and whether the utterance ends there."""
        pieces = bytearray()
        piece = await self._waiting.get()
        while piece is not None:
            pieces += piece
            if self._waiting.empty():
                return bytes(pieces), False
            piece = self._waiting.get_nowait()
        return bytes(pieces), True
