"""Speech on the telephone, measured: `python -m tests.bench.speech [LANGUAGE…]`, on one core.

Words that are wrong on people's telephone recordings (../shared/speech, where that is there; numbers as they
were written, so "2" for "two" is wrong), the seconds and CPU-seconds that a second of speech costs, memory, and
how soon espeak is heard. Vosk has a Korean model only and is spoken to by espeak: its words say little, its
seconds count.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing, suppress
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from bot.speech.audio import framed, seconds, silence
from bot.speech.espeak import find_espeak
from bot.speech.ports import SpeechToText
from bot.speech.vosk import load_vosk
from bot.speech.whisper import load_whisper
from tests.bench.table import Line
from tests.speech_models import (
    NO_GROUP,
    NO_RECORDINGS,
    finals,
    korean_model,
    recordings,
    said,
    whisper_model,
    word_errors,
)

KOREAN = (
    "네 감사합니다",
    "아니요 오늘은 안 됩니다",
    "안녕하세요 도와주세요",
    "컴퓨터가 고장 났어요 내일 다시 전화하겠습니다",
)
LANGUAGES = ("nl", "fr", "en")
_PAGE = os.sysconf("SC_PAGE_SIZE")

Spoken = tuple[str, bytes]
"""A text and its sound."""


def memory() -> float:
    """MiB of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE / 2**20


def loaded(name: str, load: Callable[[], SpeechToText]) -> SpeechToText:
    """An engine, with what loading it took."""
    before, begin = memory(), time.perf_counter()
    engine = load()
    took = time.perf_counter() - begin
    print(Line(f"{name}, loading", {"seconds": f"{took:.1f}", "MiB": f"{memory() - before:.0f}"}), flush=True)
    return engine


async def listened(engine: SpeechToText, language: str, spoken: Sequence[Spoken]) -> Line:
    """Everything heard once, one after the other."""
    wrong = of = 0
    length = 0.0
    waits: list[float] = []
    begin, cpu = time.perf_counter(), time.process_time()
    for text, pcm in spoken:
        listener, heard = engine.open(language), []
        for frame in framed([pcm]):
            heard += await listener.hear(frame)
        ended = time.perf_counter()
        heard += await listener.finish()
        waits.append(time.perf_counter() - ended)
        errors, words = word_errors(text, finals(heard))
        wrong, of, length = wrong + errors, of + words, length + seconds(pcm)
    took, cpu = time.perf_counter() - begin, time.process_time() - cpu
    cells = {
        "words wrong": f"{wrong / of:6.1%} of {of}",
        "real-time factor": f"{took / length:.2f}",
        "CPU-seconds a second": f"{cpu / length:.2f}",
        "finish to final": f"{median(waits) * 1000:.0f} ms, at most {max(waits) * 1000:.0f} ms",
    }
    return Line(f"{engine.name} {language} ({length:.0f} s)", cells)


async def first_sound(times: int = 30) -> Line:
    """How soon espeak is heard, and what it costs."""
    voice = find_espeak()
    waits: list[float] = []
    for _ in range(times):
        begin = time.perf_counter()
        async with aclosing(voice.say("Goeiedag. U spreekt met een automatische assistent.", "nl")) as pieces:
            await anext(pieces)
            waits.append(1000 * (time.perf_counter() - begin))
    cells = {"median": f"{median(waits):.1f} ms", "p95": f"{quantiles(waits, n=20)[-1]:.1f} ms"}
    return Line("espeak, the first sound", cells)


async def main(languages: Sequence[str]) -> None:
    with suppress(AttributeError):  # one core, so that the figures are those of one
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    print(await first_sound(), flush=True)
    model = korean_model()
    if model is None:
        print(NO_GROUP)
        return
    vosk = loaded("vosk (Korean)", lambda: load_vosk({"ko": model}))
    spoken = [(text, await said(text) + silence(0.3)) for text in KOREAN]
    print(await listened(vosk, "ko", spoken), flush=True)
    with TemporaryDirectory() as scratch:
        folder = whisper_model(Path(scratch) / "whisper")
        if folder is None:
            print(NO_GROUP)
            return
        whisper = loaded("whisper base", lambda: load_whisper(folder, LANGUAGES))
        for language in languages:
            spoken = [(each.text, each.pcm) for each in recordings([language])]
            print(await listened(whisper, language, spoken) if spoken else NO_RECORDINGS, flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:] or LANGUAGES))
