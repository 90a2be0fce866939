"""The pack's `config.yml`: its languages, and the components that understand, by name and options.

A component that is not listed does nothing; an option that is not given has the default below.

`SentenceEncoderFeaturizer` and `AccurateEncoderFeaturizer` each bring a sentence encoder, alone or together:
`IntentClassifier` weighs what is listed on held-out examples, and the more accurate one searches articles.
They read `max_characters` of a text; with `intent_names`, the name of each intent is learned as an example of
it. The second needs the extra `accurate`, and about 6 CPU-milliseconds for a sentence of ten words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from bot.model.errors import ContentError, Problem
from bot.source.files import read_text
from bot.source.languages import read_languages
from bot.source.nodes import Node, parse

AUTO = "auto"

COMPONENTS: Mapping[str, Mapping[str, Any]] = {
    "LanguageIdentifier": {"confidence": 0.9, "words": 3, "markers": 2, "loan_words": {}},
    "SpellingCorrector": {"least": 5},
    "RegexEntityExtractor": {},
    "LookupEntityExtractor": {"use_examples": True},
    "EntitySynonymMapper": {},
    "BuiltinEntityExtractor": {"region": "BE", "entities": []},
    "WordAndCharacterFeaturizer": {"words": [1, 2], "characters": [2, 4], "min_examples": 2},
    "SentenceEncoderFeaturizer": {"max_characters": 400, "intent_names": True},
    "AccurateEncoderFeaturizer": {"max_characters": 400, "intent_names": True},
    "IntentClassifier": {
        "strength": 10.0,
        "kernel_width": 2.0,
        "kernel_smoothing": 0.1,
        "kernel_landmarks": 3_000,
        "kernel_dimensions": 192,
        "folds": 3,
        "sure": AUTO,
        "sure_loss": 0.002,
    },
    "FallbackClassifier": {"threshold": AUTO, "max_refused": 0.03, "max_accepted": 1.0},
}
"""Every component with its options and their defaults.

FallbackClassifier's threshold `auto` refuses at most `max_refused` (0 to 1) of what would be understood
rightly; with `max_accepted` under 1, it is the lowest that takes at most this share of what is out of scope
for something.
"""

EXTRAS: Mapping[str, str] = {"AccurateEncoderFeaturizer": "accurate"}
"""Components that need an extra of the package; they are in a pipeline only where it names them."""

_USUAL: Mapping[str, Mapping[str, Any]] = {
    name: options for name, options in COMPONENTS.items() if name not in EXTRAS
}
"""The pipeline of a pack that lists none."""

_KEYS = {"language", "additional_languages", "pipeline", "recipe", "version", "assistant_id", "metadata"}


@dataclass(frozen=True, slots=True)
class Config:
    """The languages (the first is the default) and the pipeline's components with all their options."""

    languages: tuple[str, ...] = ("nl",)
    components: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: dict(_USUAL))

    @property
    def language(self) -> str:
        """The default language."""
        return self.languages[0]

    def has(self, component: str) -> bool:
        """Whether a component is in the pipeline."""
        return component in self.components

    def option(self, component: str, name: str) -> Any:
        """An option of a component, or its default."""
        return self.components.get(component, COMPONENTS[component])[name]


def load_config(data_dir: Path) -> Config:
    """Read `config.yml` of a pack; raises `ContentError` with everything that is wrong in it."""
    return read_config(data_dir / "config.yml")


def read_config(path: Path) -> Config:
    """The same of a file, whatever it is called."""
    name = path.name
    if not path.exists():
        raise ContentError([Problem(name, 1, f"there is no {name}", "Write at least `language: nl` in it.")])
    problems: list[Problem] = []
    root = parse(read_text(path, name), name, problems)
    root.only(_KEYS, name)
    pipeline = root["pipeline"]
    components = _pipeline(pipeline) if pipeline.there else dict(_USUAL)
    config = Config(read_languages(root), components)
    if problems:
        raise ContentError(problems)
    return config


def _pipeline(pipeline: Node) -> dict[str, Mapping[str, Any]]:
    components: dict[str, Mapping[str, Any]] = {}
    for item in pipeline.elements():
        component = (item["name"] if item.is_mapping else item).text()
        if component not in COMPONENTS:
            item.wrong(f"unknown component {component!r}", f"Known: {', '.join(COMPONENTS)}.")
            continue
        if component in components:
            item.wrong(f"the component {component} is listed twice", "Remove one.")
        defaults = COMPONENTS[component]
        given = {key: node for key, node in item.entries() if key != "name"} if item.is_mapping else {}
        for option, node in given.items():
            if option not in defaults:
                node.wrong(f"{component} has no option {option}", f"It has: {', '.join(defaults) or 'none'}.")
            elif not _fits(node.plain(), defaults[option]):
                node.wrong(
                    f"{component}: {option} cannot be {node.plain()!r}",
                    f"The default is {defaults[option]!r}.",
                )
        settings = {option: node.plain() for option, node in given.items() if option in defaults}
        components[component] = {**defaults, **settings}
    return components


def _fits(setting: Any, default: Any) -> bool:
    """Whether a setting is of its default's kind; `auto` options also take a number or false."""
    if default == AUTO:
        return (
            setting == AUTO or setting is False or (isinstance(setting, (int, float)) and 0 <= setting <= 1)
        )
    if isinstance(default, bool):
        return isinstance(setting, bool)
    if isinstance(default, (int, float)):
        return isinstance(setting, (int, float)) and not isinstance(setting, bool)
    if isinstance(default, dict):
        return isinstance(setting, dict) and all(map(_are_words, cast("dict[Any, Any]", setting).values()))
    return isinstance(setting, type(default))


def _are_words(listed: Any) -> bool:
    """Whether this is a list of words."""
    return isinstance(listed, list) and all(isinstance(word, str) for word in cast("list[Any]", listed))
