"""A voice by espeak-ng: a program beside ours, started for each sentence. Not pretty, but quick."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from types import MappingProxyType

from bot.model.errors import ConfigError, NotFound, SpeechFailed
from bot.speech.audio import Resampler
from bot.speech.sentences import sentences

VOICES = MappingProxyType({"nl": "nl", "fr": "fr-be", "en": "en-gb"})
"""The voice of each language; that of Belgium says "septante"."""
SPEED = 155
"""Words a minute; espeak's own 175 is too quick on the telephone."""
PATIENCE = 5.0
"""Seconds that the program may be silent."""

_PROGRAM = "espeak-ng"
_HEADER = 44
"""Bytes of a WAV file before the sound, as espeak writes them; at 24 stands the rate."""
_PIECE = 8_192
_AHEAD = 1 << 19
"""Bytes that wait for who reads, so that the program can end before its sentence is heard."""
_UNSAYABLE = re.compile(r"[\x00-\x1f\x7f]+|(?<=\[)(?=\[)")
"""espeak takes a control character for an order, and `[[` for the beginning of phonemes."""


class Espeak:
    """Says a text with a process for each sentence."""

    name = "espeak"

    def __init__(self, program: str, voices: Mapping[str, str], speed: int = SPEED) -> None:
        self._program = program
        self._voices = dict(voices)
        self._speed = speed

    @property
    def languages(self) -> tuple[str, ...]:
        """Those that a voice is set for."""
        return tuple(self._voices)

    async def say(self, text: str, language: str) -> AsyncGenerator[bytes, None]:
        """The sound, sentence by sentence; see `TextToSpeech`."""
        voice = self._voices.get(language)
        if voice is None:
            raise NotFound(f"{self.name} has no voice for '{language}'")
        for sentence in sentences(text):
            async with aclosing(self._sentence(_UNSAYABLE.sub(" ", sentence), voice)) as pieces:
                async for piece in pieces:
                    yield piece

    async def _sentence(self, text: str, voice: str) -> AsyncGenerator[bytes, None]:
        try:
            process = await asyncio.create_subprocess_exec(
                self._program, "-v", voice, "-s", str(self._speed), "-b", "1", "--stdin", "--stdout",
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, limit=_AHEAD,
            )  # fmt: skip
        except OSError as error:
            raise SpeechFailed(f"{self._program} cannot be started: {error}") from None
        try:
            async with asyncio.timeout(PATIENCE):
                sound = await _begin(process, text)
            resampler = Resampler(sound)
            while True:
                async with asyncio.timeout(PATIENCE):
                    piece = await _out(process).read(_PIECE)
                if made := resampler.feed(piece, last=not piece):
                    yield made
                if not piece:
                    break
            async with asyncio.timeout(PATIENCE):
                status = await process.wait()
            if status:
                raise SpeechFailed(f"{self._program} ended with {status}: {await _complaint(process)}")
        except TimeoutError:
            raise SpeechFailed(f"{self._program} said nothing for {PATIENCE:.0f} s") from None
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()


async def _begin(process: asyncio.subprocess.Process, text: str) -> int:
    """Give the text and read the header: the rate of what follows."""
    assert process.stdin is not None
    with suppress(BrokenPipeError, ConnectionResetError):  # it ended; its status says why
        process.stdin.write(text.encode("utf-8", "replace"))
        await process.stdin.drain()
    process.stdin.close()
    try:
        header = await _out(process).readexactly(_HEADER)
    except asyncio.IncompleteReadError:
        status = await process.wait()
        raise SpeechFailed(f"espeak made no sound ({status}): {await _complaint(process)}") from None
    return int.from_bytes(header[24:28], "little")


def _out(process: asyncio.subprocess.Process) -> asyncio.StreamReader:
    assert process.stdout is not None
    return process.stdout


async def _complaint(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    return (await process.stderr.read(_PIECE)).decode("utf-8", "replace").strip() or "without a word"


def find_espeak(voices: Mapping[str, str] = VOICES, speed: int = SPEED, program: str = _PROGRAM) -> Espeak:
    """The voice as it is installed; raises `ConfigError` that says how to get it."""
    path = shutil.which(program)
    if path is None:
        raise ConfigError(f"{program} is not there, and so nothing can be said: apt-get install espeak-ng")
    for language, voice in voices.items():
        try:
            tried = subprocess.run(  # noqa: S603 the settings' own voice, and no shell
                [path, "-q", "-v", voice, "--stdin"], input=b".", capture_output=True, timeout=PATIENCE
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ConfigError(f"{path} does not run: {error}") from None
        if tried.returncode:
            raise ConfigError(
                f"{path} has no voice '{voice}' for '{language}'; "
                f"'{program} --voices={language}' lists those it has"
            )
    return Espeak(path, voices, speed)
