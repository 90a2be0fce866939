"""Ears by Whisper (faster-whisper): whole utterances, in a hundred languages, with one model for all of them.

It says nothing while somebody speaks, and an utterance costs as much as 30 seconds of sound would, however
short it is: better words than Vosk's, later.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from bot.model.errors import ConfigError, NotFound
from bot.speech.audio import SAMPLE, seconds
from bot.speech.cutting import RATE, Cutter
from bot.speech.listening import OrderedListener
from bot.speech.loops import believable, spoken
from bot.speech.ports import Heard, Listener

MEND = "'balie models fetch --engine whisper --from FOLDER|URL' takes one for faster-whisper (CTranslate2)"
FILES = ("model.bin", "config.json", "tokenizer.json")
"""Without them the library would look for a model elsewhere, over the network."""
_BEAM = 5
_AFTER = RATE // 2
"""Samples of silence after an utterance that the caller ended: with a sudden end the last word suffers."""
_CONTEXT = 64
"""Samples of the moment before that the detector of voices looks at too."""


class Whisper:
    """The model that is loaded, and a pool of threads for all who listen."""

    name = "whisper"

    def __init__(self, model: Any, languages: Iterable[str], threads: int) -> None:
        self._model = model
        self._languages = tuple(languages)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=self.name)

    @property
    def languages(self) -> tuple[str, ...]:
        """Those that it was loaded for."""
        return self._languages

    def open(self, language: str, answers: Sequence[str] = ()) -> Listener:
        """Ears of their own; the answers do not help them."""
        if language not in self._languages:
            raise NotFound(f"{self.name} has no model for '{language}'")
        return OrderedListener(_Ears(self._model, language), self._threads, self.name)

    def close(self) -> None:
        """Let go of the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class _Ears:
    """Cuts what one caller says into utterances and reads each."""

    def __init__(self, model: Any, language: str) -> None:
        self._model = model
        self._language = language
        self._cutter = Cutter(_detector())

    def hear(self, pcm: bytes) -> list[Heard]:
        return [self._read(sound) for sound in self._cutter.feed(pcm)]

    def finish(self) -> list[Heard]:
        last = [self._read(sound) for sound in self._cutter.finish()]
        self._cutter = Cutter(_detector())
        return last

    def _read(self, sound: bytes) -> Heard:
        length = seconds(sound, RATE)
        segments, _ = self._model.transcribe(
            np.pad(np.frombuffer(sound, SAMPLE).astype(np.float32) / 32_768, (0, _AFTER)),
            language=self._language,
            beam_size=_BEAM,
            temperature=0.0,  # other temperatures are second and third tries, and it is late already
            condition_on_previous_text=False,
            without_timestamps=True,
            max_new_tokens=16 + round(12 * length),
        )
        read = list(segments)
        text = spoken(" ".join(segment.text for segment in read))
        if not text or not believable(text, length):
            return Heard("", True, 0.0)
        tokens = sum(len(segment.tokens) for segment in read)
        sure = sum(segment.avg_logprob * len(segment.tokens) for segment in read) / max(tokens, 1)
        return Heard(text, True, min(math.exp(sure), 1.0))


@cache
def _voices() -> Any:
    return import_module("faster_whisper.vad").get_vad_model().session


def _detector() -> Callable[[bytes], float]:
    """How likely each moment of a stream is to be speech: silero's network, with its memory from one to the
    next (the library's own function is for a whole recording)."""
    session = _voices()
    memory = [np.zeros((1, 1, 128), np.float32)] * 2
    context = np.zeros(_CONTEXT, np.float32)

    def likely(moment: bytes) -> float:
        nonlocal memory, context
        samples = np.frombuffer(moment, SAMPLE).astype(np.float32) / 32_768
        given = np.concatenate([context, samples])[None]
        found, *memory = session.run(None, {"input": given, "h": memory[0], "c": memory[1]})
        context = samples[-_CONTEXT:]
        return float(np.ravel(found)[0])

    return likely


def load_whisper(folder: Path, languages: Iterable[str], threads: int = 1) -> Whisper:
    """Load the model, once; takes a second. Raises `ConfigError` where it, or the library, is missing or
    broken."""
    try:
        library = import_module("faster_whisper")
    except ImportError as error:
        raise ConfigError(f"faster-whisper is not installed ({error}): make setup EXTRAS=whisper") from None
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise ConfigError(f"there is no Whisper model in {folder}: {', '.join(missing)} is missing; {MEND}")
    try:
        model = library.WhisperModel(
            str(folder), device="cpu", compute_type="int8", cpu_threads=1, num_workers=threads,
            local_files_only=True,
        )  # fmt: skip
        known = set(model.supported_languages)
        _voices()  # not in the first call that comes
    except Exception as error:  # the library raises nothing more particular
        raise ConfigError(f"the Whisper model in {folder} is broken ({error}); {MEND}") from None
    return Whisper(model, [language for language in languages if language in known], threads)
