"""The program that speaks is beside ours: it may be missing, stop, hang or be left in mid-sentence."""

from __future__ import annotations

import asyncio
import os
import struct
from contextlib import aclosing
from pathlib import Path

import pytest

from bot.model.errors import ConfigError, NotFound, SpeechFailed
from bot.speech import espeak
from bot.speech.espeak import Espeak, find_espeak

RATE = 8_000
HEADER = struct.pack(
    "<4sI4s4sIHHIIHH4sI",
    b"RIFF",
    0x7FFFFFFF,
    b"WAVE",
    b"fmt ",
    16,
    1,
    1,
    RATE,
    RATE * 2,
    2,
    16,
    b"data",
    0x7FFFFFFF,
)


def program(folder: Path, then: str, sound: bytes = b"\1\0" * 400) -> str:
    """A program in the place of espeak: it writes a header and some sound, and `then` does something else."""
    (folder / "sound").write_bytes(HEADER + sound)
    path = folder / "speak"
    path.write_text(f"#!/bin/sh\necho $$ > {folder}/pid\ncat {folder}/sound\n{then}\n")
    path.chmod(0o755)
    return str(path)


def runs(folder: Path) -> bool:
    try:
        os.kill(int((folder / "pid").read_text()), 0)
    except ProcessLookupError:
        return False
    return True


async def test_what_was_made_before_it_broke_off_is_given_and_then_told(tmp_path: Path) -> None:
    pieces = Espeak(program(tmp_path, "echo no more >&2; exit 3"), {"nl": "nl"}).say("Goeiedag. En?", "nl")
    assert await anext(pieces) == b"\1\0" * 400
    with pytest.raises(SpeechFailed, match="3: no more"):
        await anext(pieces)


async def test_a_program_that_hangs_is_given_up_and_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(espeak, "PATIENCE", 0.2)
    voice = Espeak(program(tmp_path, "exec sleep 60"), {"nl": "nl"})
    with pytest.raises(SpeechFailed, match="said nothing"):
        [piece async for piece in voice.say("Goeiedag.", "nl")]
    assert not runs(tmp_path)


async def test_who_stops_reading_ends_the_program(tmp_path: Path) -> None:
    voice = Espeak(program(tmp_path, "exec sleep 60"), {"nl": "nl"})
    async with aclosing(voice.say("Goeiedag.", "nl")) as pieces:
        assert await anext(pieces)
        assert runs(tmp_path)
    assert not runs(tmp_path)


async def test_who_is_cancelled_ends_the_program(tmp_path: Path) -> None:
    voice = Espeak(program(tmp_path, "exec sleep 60"), {"nl": "nl"})
    began = asyncio.Event()

    async def listen() -> None:
        async with aclosing(voice.say("Goeiedag.", "nl")) as pieces:
            async for _ in pieces:
                began.set()

    listening = asyncio.create_task(listen())
    await began.wait()
    listening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listening
    assert not runs(tmp_path)


async def test_a_program_without_a_sound_says_why(tmp_path: Path) -> None:
    path = tmp_path / "speak"
    path.write_text("#!/bin/sh\necho no such voice >&2\nexit 1\n")
    path.chmod(0o755)
    with pytest.raises(SpeechFailed, match="no such voice"):
        [piece async for piece in Espeak(str(path), {"nl": "nl"}).say("Goeiedag.", "nl")]


async def test_a_program_that_went_away_is_told() -> None:
    with pytest.raises(SpeechFailed, match="cannot be started"):
        [piece async for piece in Espeak("/nowhere/speak", {"nl": "nl"}).say("Goeiedag.", "nl")]


async def test_a_language_without_a_voice_is_not_there() -> None:
    with pytest.raises(NotFound, match="'fr'"):
        [piece async for piece in Espeak("speak", {"nl": "nl"}).say("Bonjour.", "fr")]


def test_where_the_program_is_missing_the_mend_is_told() -> None:
    with pytest.raises(ConfigError, match="apt-get install espeak-ng"):
        find_espeak(program="espeak-that-nobody-has")


def test_a_voice_that_is_missing_is_told_before_a_call(tmp_path: Path) -> None:
    path = tmp_path / "speak"
    path.write_text('#!/bin/sh\n[ "$3" = nl ]\n')
    path.chmod(0o755)
    assert find_espeak({"nl": "nl"}, program=str(path)).languages == ("nl",)
    with pytest.raises(ConfigError, match="no voice 'fr-be' for 'fr'"):
        find_espeak({"nl": "nl", "fr": "fr-be"}, program=str(path))
