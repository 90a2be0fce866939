"""What the benchmark's customers type: the pack's own examples, each changed so that no text comes twice."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from nlu.config import load_config
from nlu.formats import load_nlu

_BY_THE_WAY = {
    "nl": ["sinds {h} uur", "in lokaal {n}", "al {n} keer geprobeerd", "ticket vorige keer was {n}", "op pc-{n}", "bij collega {n}"],
    "fr": ["depuis {h} heures", "au local {n}", "essayé {n} fois", "mon ancien ticket était {n}", "sur le pc-{n}", "chez le collègue {n}"],
    "en": ["since {h} o'clock", "in room {n}", "tried {n} times", "my old ticket was {n}", "on pc-{n}", "at desk {n}"],
}  # fmt: skip
_ANSWERS = {
    "nl": ["ja", "nee", "laptop", "enkel bij mij", "werkt niet", "volgende stap", "geen idee", "1", "2"],
    "fr": ["oui", "non", "ordinateur portable", "moi seul", "toujours pas", "étape suivante", "aucune idée", "1", "2"],
    "en": ["yes", "no", "laptop", "only me", "still broken", "next step", "no idea", "1", "2"],
}  # fmt: skip


class Traffic:
    """Messages of conversations: a problem first, then answers and digressions, in the customer's language."""

    def __init__(self, data: Path, seed: int) -> None:
        self._random = random.Random(seed)
        languages = load_config(data).languages
        self._examples: dict[str, list[str]] = {language: [] for language in languages}
        for example in load_nlu(data, languages).examples:
            self._examples[example.language].append(example.text)
        self._number = 0

    def conversation(self, language: str, length: int) -> Iterator[str]:
        """The messages of one customer."""
        for turn in range(length):
            if turn and self._random.random() < 0.6:
                yield self._unique(self._random.choice(_ANSWERS[language]), language)
            else:
                yield self._unique(self._random.choice(self._examples[language]), language)

    def _unique(self, text: str, language: str) -> str:
        self._number += 1
        extra = self._random.choice(_BY_THE_WAY[language])
        return f"{text}, {extra.format(n=self._number, h=self._number % 24)} {self._number}"
