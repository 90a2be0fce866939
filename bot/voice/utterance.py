"""What a caller is saying: parts that are final, and one that may still change. Pure."""

from __future__ import annotations

from bot.voice.events import Final, Partial


class Utterance:
    """The speech of one turn."""

    def __init__(self) -> None:
        self._finals: list[str] = []
        self._partial = ""

    @property
    def text(self) -> str:
        """All of it so far."""
        return " ".join(part.strip() for part in (*self._finals, self._partial) if part.strip())

    def add(self, event: Partial | Final) -> bool:
        """Take in what the recogniser gives; whether anything is new."""
        if isinstance(event, Final):
            self._finals.append(event.text)
            self._partial = ""
            return True
        new, self._partial = event.text != self._partial, event.text
        return new

    def take(self) -> str:
        """All of it; what comes now is another turn's."""
        text = self.text
        self._finals, self._partial = [], ""
        return text
