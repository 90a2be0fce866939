"""Reads what the engine needs of `config.yml`: languages and `metadata`. The pipeline is read by `nlu`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.dialogue.pack import Pack, Thresholds
from bot.source.languages import read_languages
from bot.source.nodes import Node


@dataclass(frozen=True, slots=True)
class Config:
    """What the engine may be told; the meaning of each stands in `bot.dialogue.pack`."""

    languages: tuple[str, ...]
    thresholds: Thresholds
    words: Mapping[str, Mapping[str, tuple[str, ...]]]
    one_problem: tuple[frozenset[str], ...]
    silence: float


def read_config(root: Node) -> Config:
    """The settings of a pack; what is wrong is added to the file's problems."""
    languages = read_languages(root)
    metadata = root["metadata"]
    metadata.only({"silence", "thresholds", "one_problem", "words"}, "'metadata'")
    words = {kind: node.entries() for kind, node in metadata["words"].entries()}
    for kind, by_language in words.items():
        for language, node in by_language:
            if language not in languages:
                known = f"Its languages are {', '.join(languages)}."
                node.wrong(f"the words of '{kind}' are in {language!r}, no language of the pack", known)
    return Config(
        languages=languages,
        thresholds=_thresholds(metadata["thresholds"]),
        words={
            kind: {language: node.texts() for language, node in entries} for kind, entries in words.items()
        },
        one_problem=tuple(frozenset(each.texts()) for each in metadata["one_problem"].elements()),
        silence=metadata["silence"].number(Pack.silence, 1),
    )


def _thresholds(node: Node) -> Thresholds:
    known = Thresholds()
    names = Thresholds.__dataclass_fields__
    node.only(names, "'thresholds'")
    return Thresholds(**{name: node[name].number(getattr(known, name), 0, 1) for name in names})
