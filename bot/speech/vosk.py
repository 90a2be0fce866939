"""Ears by Vosk: words while they are being spoken, on one core, with a small model for each language.

Where its own endpointer (Kaldi's) thinks that an utterance is over, it is not: the caller decides, and what
was recognised until then is the beginning of what is recognised next.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from bot.model.errors import ConfigError, NotFound
from bot.speech.audio import RATE, silence
from bot.speech.listening import OrderedListener
from bot.speech.ports import Heard, Listener

UNKNOWN = "[unk]"
"""What Vosk hears where something is said that is none of the answers."""
MEND = "'balie models fetch' gets it, or 'balie models fetch --from FOLDER' takes one that you have"
_NO_WORD = re.compile(r"[^\w'’-]+")


class Vosk:
    """Models that are loaded, and a pool of threads for all who listen; `problems` are those that are not."""

    name = "vosk"

    def __init__(self, library: Any, models: Mapping[str, Any], threads: int) -> None:
        self._library = library
        self._models = dict(models)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=self.name)
        self.problems: tuple[ConfigError, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """Those whose models are loaded."""
        return tuple(self._models)

    def open(self, language: str, answers: Sequence[str] = ()) -> Listener:
        """A recogniser of its own, with a grammar of the answers that its model has words for."""
        model = self._models.get(language)
        if model is None:
            raise NotFound(f"{self.name} has no model for '{language}'")
        grammar = _grammar(model, answers)
        more = () if grammar is None else (json.dumps(grammar, ensure_ascii=False),)
        make = partial(self._library.KaldiRecognizer, model, RATE, *more)
        return OrderedListener(_Ears(make), self._threads, self.name)

    def close(self) -> None:
        """Let go of the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class _Ears:
    """One recogniser: what was said since the last `finish`, in the parts that Kaldi cuts it into."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._made: Any = None
        self._begin()

    @property
    def _recogniser(self) -> Any:
        """Made when it is first used: that takes a while, and is for the thread that uses it."""
        if self._made is None:
            self._made = self._make()
            self._made.SetWords(True)
        return self._made

    def _begin(self) -> None:
        self._words: list[str] = []
        self._sure: list[float] = []
        self._unknown = False
        self._told = ""

    def hear(self, pcm: bytes) -> list[Heard]:
        if not pcm:
            return []
        if self._recogniser.AcceptWaveform(pcm):
            self._take(self._recogniser.Result())
            going_on = ""
        else:
            going_on = json.loads(self._recogniser.PartialResult())["partial"]
        text = " ".join([*self._words, *_known(going_on.split())])
        if text == self._told:
            return []
        self._told = text
        return [Heard(text, final=False)]

    def finish(self) -> list[Heard]:
        self._take(self._recogniser.FinalResult())
        text, unknown = " ".join(self._words), self._unknown
        sure = sum(self._sure) / len(self._sure) if self._sure else 0.0
        self._begin()
        return [Heard(text, True, sure)] if text or unknown else []

    def _take(self, result: str) -> None:
        words: Iterable[Mapping[str, Any]] = json.loads(result).get("result", ())
        for word in words:
            if word["word"] == UNKNOWN:
                self._unknown = True
            else:
                self._words.append(word["word"])
                self._sure.append(min(word["conf"], 1.0))


def _known(words: Iterable[str]) -> list[str]:
    return [word for word in words if word != UNKNOWN]


def _grammar(model: Any, answers: Sequence[str]) -> list[str] | None:
    """The answers as the model spells them; None where it has no word for them, and hears all words."""
    plain = [_NO_WORD.sub(" ", answer.casefold()).split() for answer in answers]
    sayable = [words for words in plain if words and all(_has(model, word) for word in words)]
    if not sayable:
        return None
    return [
        *dict.fromkeys(" ".join(words) for words in sayable),
        *([UNKNOWN] if _has(model, UNKNOWN) else []),
    ]


def _has(model: Any, word: str) -> bool:
    return model.vosk_model_find_word(word) >= 0


def load_vosk(folders: Mapping[str, Path], threads: int = 1) -> Vosk:
    """Load a model for each language, once; takes seconds. One that is missing or broken becomes one of the
    `problems` and the others go on; without the library it raises `ConfigError`."""
    try:
        library = import_module("vosk")
    except ImportError as error:
        raise ConfigError(f"Vosk is not installed ({error}): make setup EXTRAS=vosk") from None
    library.SetLogLevel(-1)
    models: dict[str, Any] = {}
    problems: list[ConfigError] = []
    for language, folder in folders.items():
        try:
            models[language] = load_model(library, folder)
        except ConfigError as error:
            problems.append(error)
    engine = Vosk(library, models, threads)
    engine.problems = tuple(problems)
    return engine


def load_model(library: Any, folder: Path) -> Any:
    """One model, tried out with some silence: much of what may be broken shows only then."""
    if not folder.is_dir():
        raise ConfigError(f"there is no Vosk model in {folder}; {MEND}")
    try:
        model = library.Model(str(folder))
        tried = library.KaldiRecognizer(model, RATE)
        tried.AcceptWaveform(silence(0.5))
        json.loads(tried.FinalResult())
    except Exception as error:  # the library raises nothing more particular
        raise ConfigError(f"the Vosk model in {folder} is broken ({error}); {MEND}") from None
    return model
