"""How many calls at once ears keep up with on this machine: they are spoken to, and timed."""

from __future__ import annotations

import os
import time

from bot.speech.audio import seconds, silence
from bot.speech.listening import PIECE
from bot.speech.ports import Listener, SpeechToText, TextToSpeech

BUSY = 0.8
"""How much of the threads' time calls may take: chats, and a moment in which all speak, need the rest."""
SPEECH = 0.5
"""How much of a call the caller speaks; what is heard of the rest is silence."""
_QUIET = 2.0
"""Seconds of silence that are timed."""


async def calls_carried(
    ears: SpeechToText, voice: TextToSpeech, language: str, text: str, threads: int
) -> int:
    """Calls at once in `language`, on so many threads at most; at least one. `text` is spoken to find out,
    which takes as long as hearing it. Raises `SpeechFailed` where either engine breaks off."""
    pcm = b"".join([piece async for piece in voice.say(text, language)])
    listener = ears.open(language)
    try:
        await _seconds_for(listener, silence(0.5))  # what is made at the first sound
        speech, quiet = await _seconds_for(listener, pcm), await _seconds_for(listener, silence(_QUIET))
    finally:
        listener.close()
    return carried(speech, quiet, min(threads, os.cpu_count() or 1))


def carried(speech: float, quiet: float, threads: int) -> int:
    """Calls at once, where hearing a second of speech takes `speech` seconds, and one of silence `quiet`."""
    of_a_call = SPEECH * speech + (1 - SPEECH) * quiet
    return max(1, int(threads * BUSY / max(of_a_call, 1e-6)))


async def _seconds_for(listener: Listener, pcm: bytes) -> float:
    """Seconds that it takes to hear a second of this."""
    began = time.perf_counter()
    for at in range(0, len(pcm), PIECE):
        await listener.hear(pcm[at : at + PIECE])
    await listener.finish()
    return (time.perf_counter() - began) / seconds(pcm)
