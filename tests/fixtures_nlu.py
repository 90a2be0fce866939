"""A tiny pack to train understanding on: three languages, five intents, under two seconds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.encoders import shared_encoder

EXAMPLES = {
    "nl": {
        "wifi_problem": [
            "de wifi werkt niet",
            "ik krijg geen wifi",
            "het draadloos netwerk valt weg",
            "wifi stuk",
        ],
        "printer_problem": [
            "de printer drukt niet af",
            "mijn printer hapert",
            "papier zit vast in de printer",
        ],
        "affirm": ["ja", "ja hoor", "klopt", "inderdaad", "👍"],
        "deny": ["nee", "neen dank u", "dat klopt niet", "toch niet"],
        "out_of_scope": ["hoe wordt het weer morgen", "bestel een pizza voor mij", "wie won de koers"],
    },
    "fr": {
        "wifi_problem": [
            "le wifi ne marche pas",
            "je n'ai pas de wifi",
            "le réseau sans fil coupe tout le temps",
        ],
        "printer_problem": [
            "l'imprimante n'imprime pas",
            "bourrage papier dans mon imprimante",
            "imprimante en panne",
        ],
        "affirm": ["oui", "oui c'est ça", "exact"],
        "deny": ["non", "non merci", "ce n'est pas ça"],
        "out_of_scope": ["quel temps fera-t-il demain", "commande une pizza", "qui a gagné le match"],
    },
    "en": {
        "wifi_problem": ["the wifi does not work", "no wifi on my laptop", "my wireless keeps dropping"],
        "printer_problem": [
            "my printer won't print",
            "the printer is jammed",
            "nothing comes out of the printer",
        ],
        "affirm": ["yes", "yes please", "that is right"],
        "deny": ["no", "no thanks", "that is wrong"],
        "out_of_scope": ["what is the weather tomorrow", "order me a pizza", "who won the match"],
    },
}
LOOKUPS = """
  - lookup: device
    examples: |
      - printer
      - laptop
      - schootcomputer
      - all-in-one printer
  - synonym: laptop
    examples: |
      - laptop
      - schootcomputer
  - regex: badge
    examples: |
      - \\bB-(\\d{4})\\b
"""
CONFIG = "language: nl\nadditional_languages: [fr, en]\n"


def write_pack(folder: Path, *, config: str = CONFIG, lookups: str = LOOKUPS) -> Path:
    """A pack's folder with the examples above."""
    (folder / "config.yml").write_text(config, encoding="utf-8")
    for language, intents in EXAMPLES.items():
        home = folder / "nlu" / language
        home.mkdir(parents=True)
        lines = ['version: "3.1"', "nlu:"]
        for intent, examples in intents.items():
            lines += [f"  - intent: {intent}", "    examples: |", *(f"      - {text}" for text in examples)]
        (home / "all.yml").write_text(
            "\n".join(lines) + (lookups if language == "nl" else "\n"), encoding="utf-8"
        )
    return folder


class CountingEncoder:
    """The real encoder, which tells how many texts it was asked for."""

    name = "counting"

    def __init__(self) -> None:
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += texts
        return shared_encoder().encode(texts)

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.encode(texts)
