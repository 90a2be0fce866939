"""Fixed prompts are made once; what is said to one customer is never kept, nor what was not made to its end."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from bot.model.errors import SpeechFailed
from bot.speech.cache import PromptCache

GREETING, REPEAT = "Goeiedag.", "Kunt u dat herhalen?"


class Counted:
    """A synthesiser whose sound is the text, with a count of what it was asked."""

    name = "counted"
    languages = ("nl",)

    def __init__(self, *, breaks: bool = False) -> None:
        self.said: list[str] = []
        self.breaks = breaks

    async def say(self, text: str, language: str) -> AsyncGenerator[bytes, None]:
        self.said.append(text)
        for letter in text.encode():
            yield bytes([letter])
        if self.breaks:
            raise SpeechFailed("broken off")


async def heard(voice: PromptCache, text: str, language: str = "nl") -> bytes:
    return b"".join([piece async for piece in voice.say(text, language)])


async def test_a_fixed_prompt_is_made_once() -> None:
    voice = Counted()
    cache = PromptCache(voice, {"nl": [GREETING]})
    assert await heard(cache, GREETING) == await heard(cache, GREETING) == GREETING.encode()
    assert voice.said == [GREETING]


async def test_what_is_said_to_one_customer_is_said_anew_and_so_is_another_language() -> None:
    voice = Counted()
    cache = PromptCache(voice, {"nl": [GREETING]})
    for _ in range(2):
        await heard(cache, "Uw ticket is 4 5 6.")
        await heard(cache, GREETING, "fr")
    assert len(voice.said) == 4


async def test_a_prompt_that_broke_off_or_was_left_is_made_again() -> None:
    voice = Counted(breaks=True)
    cache = PromptCache(voice, {"nl": [GREETING]})
    with pytest.raises(SpeechFailed):
        await heard(cache, GREETING)
    voice.breaks = False
    async with aclosing(cache.say(GREETING, "nl")) as pieces:
        assert await anext(pieces) == b"G"
    assert await heard(cache, GREETING) == GREETING.encode()
    assert len(voice.said) == 3


async def test_there_is_a_limit_and_the_one_not_said_for_longest_goes_first() -> None:
    voice = Counted()
    cache = PromptCache(voice, {"nl": [GREETING, REPEAT, "Dag."]}, limit=len(GREETING) + len(REPEAT))
    for text in (GREETING, REPEAT, GREETING, "Dag."):
        await heard(cache, text)
    voice.said.clear()
    for text in (GREETING, "Dag.", REPEAT):
        await heard(cache, text)
    assert voice.said == [REPEAT]
