"""The pack's `config.yml`: its languages, and the components that understand, by name and options.

A component that is not listed does nothing; an option that is not given has the default below.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yaml.nodes import MappingNode, Node

from bot.model.errors import ContentError, Problem
from nlu import yaml_nodes

AUTO = "auto"

COMPONENTS: Mapping[str, Mapping[str, Any]] = {
    "LanguageIdentifier": {"confidence": 0.9, "words": 3, "markers": 2},
    "RegexEntityExtractor": {},
    "LookupEntityExtractor": {"use_examples": True},
    "EntitySynonymMapper": {},
    "BuiltinEntityExtractor": {"region": "BE", "entities": []},
    "WordAndCharacterFeaturizer": {"words": [1, 2], "characters": [2, 4], "min_examples": 2},
    "SentenceEncoderFeaturizer": {"max_characters": 400},
    "IntentClassifier": {
        "strength": 10.0,
        "kernel_width": 2.0,
        "kernel_smoothing": 0.1,
        "kernel_examples": 10_000,
        "kernel_dimensions": 192,
        "folds": 3,
        "sure": AUTO,
        "sure_loss": 0.002,
    },
    "FallbackClassifier": {"threshold": AUTO, "max_refused": 0.03},
}
"""Every component with its options and their defaults."""

_KEYS = {"language", "additional_languages", "pipeline", "recipe", "version", "assistant_id", "metadata"}
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class Config:
    """The languages (the first is the default) and the pipeline's components with all their options."""

    languages: tuple[str, ...] = ("nl",)
    components: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: dict(COMPONENTS))

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
    path = data_dir / "config.yml"
    problems: list[Problem] = []
    name = "config.yml"
    if not path.exists():
        raise ContentError(
            [Problem(name, 1, "there is no config.yml", "Write at least `language: nl` in it.")]
        )
    root = yaml_nodes.compose(path, name, problems)
    if root is not None and not yaml_nodes.is_mapping(root):
        problems.append(Problem(name, 1, "the file is not `key: value` pairs"))
    if problems or not yaml_nodes.is_mapping(root):
        raise ContentError(problems or [Problem(name, 1, "the file is empty")])
    config = _read(root, name, problems)
    if problems:
        raise ContentError(problems)
    return config


def _read(root: MappingNode, name: str, problems: list[Problem]) -> Config:
    nodes = yaml_nodes.keyed(root)
    for key, key_node, _ in yaml_nodes.pairs(root):
        if key not in _KEYS:
            known = ", ".join(sorted(_KEYS))
            problems.append(
                Problem(name, yaml_nodes.line_of(key_node), f"unknown key {key}", f"Known: {known}.")
            )
    languages: list[str] = []
    for key in ("language", "additional_languages"):
        node = nodes.get(key)
        if node is None:
            if key == "language":
                problems.append(Problem(name, 1, "`language` is missing", "Give a code such as nl."))
            continue
        for code in node.value if yaml_nodes.is_sequence(node) else [node]:
            text = str(code.value) if yaml_nodes.is_scalar(code) else ""
            if not _LANGUAGE.fullmatch(text):
                problems.append(
                    Problem(
                        name, yaml_nodes.line_of(code), f"{text!r} is not a language code", "Use nl, fr, en …"
                    )
                )
            elif text in languages:
                problems.append(
                    Problem(name, yaml_nodes.line_of(code), f"the language {text} is named twice")
                )
            else:
                languages.append(text)
    components = dict(COMPONENTS) if "pipeline" not in nodes else _pipeline(nodes["pipeline"], name, problems)
    return Config(tuple(languages) or ("nl",), components)


def _pipeline(node: Node, name: str, problems: list[Problem]) -> dict[str, Mapping[str, Any]]:
    components: dict[str, Mapping[str, Any]] = {}
    if not yaml_nodes.is_sequence(node):
        problems.append(Problem(name, yaml_nodes.line_of(node), "`pipeline` is not a list of components"))
        return components
    for item in node.value:
        line = yaml_nodes.line_of(item)
        given = yaml_nodes.value(item) if yaml_nodes.is_mapping(item) else {"name": str(item.value)}
        component = str(given.pop("name", ""))
        if component not in COMPONENTS:
            known = ", ".join(COMPONENTS)
            problems.append(Problem(name, line, f"unknown component {component!r}", f"Known: {known}."))
            continue
        if component in components:
            problems.append(Problem(name, line, f"the component {component} is listed twice", "Remove one."))
        defaults = COMPONENTS[component]
        for option, setting in given.items():
            if option not in defaults:
                known = ", ".join(defaults) or "none"
                what = f"{component} has no option {option}"
                problems.append(Problem(name, line, what, f"It has: {known}."))
            elif not _fits(setting, defaults[option]):
                what = f"{component}: {option} cannot be {setting!r}"
                problems.append(Problem(name, line, what, f"The default is {defaults[option]!r}."))
        components[component] = {**defaults, **{key: val for key, val in given.items() if key in defaults}}
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
    return isinstance(setting, type(default))
