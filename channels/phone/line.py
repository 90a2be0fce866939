"""The line of a call, whatever it is made of: sound goes out piece by piece, marks come back."""

from __future__ import annotations

from typing import Protocol

from channels.phone.script import Standing


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

    def lets_go(self, standing: Standing) -> bool:
        """Whether the line is to be let go, people having the conversation: that rings them, or arranges how
        they come back. Else they come to this line."""
        ...

    @property
    def follows(self) -> bool:
        """Whether something follows here where nobody came: a message can be left, or a call back agreed."""
        ...

    async def hang_up(self, *, over: bool) -> None:
        """Let the line go; `over`: the call ends with it, and nothing follows."""
        ...
