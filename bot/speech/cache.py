"""Prompts that are the same for everybody, said once and kept; what is said to one customer never is."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing

from bot.speech.ports import TextToSpeech

LIMIT = 32 * 1024 * 1024
"""Bytes: half an hour of prompts."""
_PIECE = 16_000
"""Bytes given at a time: a second, so that who stops listening is noticed."""


class PromptCache:
    """A synthesiser that remembers `fixed`, texts by language; everything else is said anew each time."""

    def __init__(self, inner: TextToSpeech, fixed: Mapping[str, Iterable[str]], limit: int = LIMIT) -> None:
        self._inner = inner
        self._fixed = {(language, text) for language, texts in fixed.items() for text in texts}
        self._limit = limit
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._size = 0

    @property
    def name(self) -> str:
        """That of the synthesiser."""
        return self._inner.name

    @property
    def languages(self) -> tuple[str, ...]:
        """Those of the synthesiser."""
        return self._inner.languages

    async def say(self, text: str, language: str) -> AsyncGenerator[bytes, None]:
        """The sound, from memory where it is a prompt that was said to its end before."""
        key = (language, text)
        if (sound := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            for at in range(0, len(sound), _PIECE):
                yield sound[at : at + _PIECE]
            return
        made: list[bytes] = []
        keep = key in self._fixed
        async with aclosing(self._inner.say(text, language)) as pieces:
            async for piece in pieces:
                if keep:
                    made.append(piece)
                yield piece
        if keep:
            self._keep(key, b"".join(made))

    def _keep(self, key: tuple[str, str], sound: bytes) -> None:
        self._size += len(sound) - len(self._kept.pop(key, b""))
        self._kept[key] = sound
        while self._size > self._limit:
            _, oldest = self._kept.popitem(last=False)
            self._size -= len(oldest)
