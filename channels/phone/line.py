"""The line of a call, whatever it is made of: sound goes out piece by piece, marks come back."""

from __future__ import annotations

from typing import Protocol


class Line(Protocol):
    """What a transport does for a call. What comes in it tells the session (`channels.phone.session`)."""

    async def play(self, sound: bytes) -> None:
        """Send mu-law, to be played after what was sent before."""
        ...

    async def mark(self, name: str) -> None:
        """Have a mark sent back when everything before it was played, or was cleared."""
        ...

    async def clear(self) -> None:
        """Throw away what was sent and not played."""
        ...

    async def hang_up(self) -> None:
        """End the call."""
        ...
