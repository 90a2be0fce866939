"""Training data in Rasa's `nlu.yml`: intents, synonyms, regexes and lookups, from files and folders.

`nlu.yml` and `nlu/*.yml` belong to the pack's default language, `nlu/<language>/**/*.yml` to that language.
Everything that is wrong is collected with its file and line; only reading happens here, no learning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yaml.nodes import MappingNode, Node

from bot.model.errors import ContentError, Problem
from bot.model.understanding import NLU_FALLBACK, Entity
from nlu import markup, patterns, yaml_nodes

OUT_OF_SCOPE = frozenset({NLU_FALLBACK, "out_of_scope"})
"""Intents whose examples teach what is not understood; all become `nlu_fallback`."""

_KINDS = ("intent", "synonym", "regex", "lookup")
_NAME = re.compile(r"[^\s/][^/\n]{0,99}(?:/[^/\n]{1,99})?")


@dataclass(frozen=True, slots=True)
class Example:
    """One training sentence, without markup."""

    text: str
    intent: str
    language: str
    entities: tuple[Entity, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])
    file: str = ""
    line: int = 0


@dataclass(slots=True)
class Vocabulary:
    """What one language has besides intents."""

    synonyms: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Canonical value to its wordings."""
    regexes: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Entity to patterns."""
    lookups: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Entity to wordings."""


@dataclass(slots=True)
class NluData:
    """All training data of a pack."""

    examples: list[Example] = field(default_factory=list[Example])
    vocabularies: dict[str, Vocabulary] = field(default_factory=dict[str, Vocabulary])
    warnings: list[Problem] = field(default_factory=list[Problem])
    """What is probably a mistake but does no harm."""

    def intents(self) -> tuple[str, ...]:
        """The names of all intents, sorted."""
        return tuple(sorted({example.intent for example in self.examples}))


def nlu_files(data_dir: Path, languages: Iterable[str]) -> Iterator[tuple[Path, str]]:
    """The training files of a pack with their languages, in a stable order."""
    known = tuple(languages)
    for single in ("nlu.yml", "nlu.yaml"):
        if (data_dir / single).is_file():
            yield data_dir / single, known[0]
    root = data_dir / "nlu"
    for path in sorted(root.rglob("*")):
        if path.suffix in (".yml", ".yaml") and path.is_file():
            folder = path.relative_to(root).parts[0]
            yield path, known[0] if path.parent == root else folder


def load_nlu(data_dir: Path, languages: Iterable[str]) -> NluData:
    """Read all training data of a pack; raises `ContentError` with every problem at once."""
    known = tuple(languages)
    data = NluData(vocabularies={language: Vocabulary() for language in known})
    problems: list[Problem] = []
    found = False
    for path, language in nlu_files(data_dir, known):
        found = True
        name = path.relative_to(data_dir).as_posix()
        if language not in data.vocabularies:
            mend = "Add it to additional_languages in config.yml or remove the folder."
            problems.append(Problem(name, 1, f"{language} is not one of the pack's languages", mend))
            continue
        _File(name, language, data, problems).read(path)
    if not found:
        problems.append(Problem("nlu", 1, "there are no training files", "Write nlu/<language>/*.yml."))
    _check(data, problems)
    if problems:
        raise ContentError(problems)
    return data


class _File:
    """The reading of one file."""

    def __init__(self, name: str, language: str, data: NluData, problems: list[Problem]) -> None:
        self._name = name
        self._language = language
        self._data = data
        self._problems = problems

    def read(self, path: Path) -> None:
        before = len(self._problems)
        root = yaml_nodes.compose(path, self._name, self._problems)
        if root is None:
            if len(self._problems) == before:
                self._wrong(1, "the file is empty", "Give it an `nlu:` list.")
            return
        if not yaml_nodes.is_mapping(root):
            self._wrong(1, "the file is not `key: value` pairs", "Begin with `nlu:`.")
            return
        for key, key_node, node in yaml_nodes.pairs(root):
            if key == "nlu" and yaml_nodes.is_sequence(node):
                for item in node.value:
                    self._item(item)
            elif key == "nlu":
                self._wrong(yaml_nodes.line_of(node), "`nlu` is not a list", "Write `- intent: …` below it.")
            elif key != "version":
                self._wrong(
                    yaml_nodes.line_of(key_node), f"unknown key {key}", "Only `version` and `nlu` go here."
                )

    def _wrong(self, line: int, what: str, mend: str = "") -> None:
        self._problems.append(Problem(self._name, line, what, mend))

    def _item(self, item: Node) -> None:
        line = yaml_nodes.line_of(item)
        if not yaml_nodes.is_mapping(item):
            self._wrong(line, "this is not an intent, synonym, regex or lookup")
            return
        nodes = yaml_nodes.keyed(item)
        kinds = [kind for kind in _KINDS if kind in nodes]
        if len(kinds) != 1:
            self._wrong(line, "this needs exactly one of intent, synonym, regex or lookup")
            return
        kind = kinds[0]
        for key, key_node, _ in yaml_nodes.pairs(item):
            if key not in (kind, "examples", "metadata"):
                self._wrong(yaml_nodes.line_of(key_node), f"unknown key {key}", "Known: examples, metadata.")
        name = str(nodes[kind].value).strip() if yaml_nodes.is_scalar(nodes[kind]) else ""
        if not _NAME.fullmatch(name):
            self._wrong(
                line, f"the {kind} has no usable name", "A name is one line; `/` parts intent and topic."
            )
            return
        readers: dict[str, Callable[[str, list[tuple[int, str, Mapping[str, Any]]]], None]] = {
            "intent": self._intent,
            "synonym": self._synonym,
            "regex": self._regex,
            "lookup": self._lookup,
        }
        before = len(self._problems)
        lines = list(self._examples(item, nodes, f"{kind} {name}"))
        if not lines and len(self._problems) == before:
            self._wrong(line, f"the {kind} {name} has no examples", "Write `examples: |` and lines of `- …`.")
        readers[kind](name, lines)

    def _examples(
        self, item: MappingNode, nodes: Mapping[str, Node], what: str
    ) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
        """The (line, text, metadata) of an item's examples, in whichever form they are written."""
        node = nodes.get("examples")
        shared = self._metadata(nodes.get("metadata"))
        if node is None:
            return
        if yaml_nodes.is_scalar(node):
            for line, source in yaml_nodes.block_lines(node):
                text = source.strip()
                if text.startswith("- ") and text[2:].strip():
                    yield line, text[2:].strip(), shared
                elif text and text != "-":
                    self._wrong(
                        line, f"an example of {what} does not begin with `- `", "Write `- ` before it."
                    )
                elif text:
                    self._wrong(line, f"an example of {what} is empty", "Remove the line.")
        elif yaml_nodes.is_sequence(node):
            for child in node.value:
                yield from self._listed(child, what, shared)
        else:
            self._wrong(yaml_nodes.line_of(item), f"the examples of {what} are neither a block nor a list")

    def _listed(
        self, node: Node, what: str, shared: Mapping[str, Any]
    ) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
        line = yaml_nodes.line_of(node)
        metadata = shared
        text_node: Node | None = node
        if yaml_nodes.is_mapping(node):
            nodes = yaml_nodes.keyed(node)
            metadata = {**shared, **self._metadata(nodes.get("metadata"))}
            text_node = nodes.get("text")
            for key, key_node, _ in yaml_nodes.pairs(node):
                if key not in ("text", "metadata"):
                    self._wrong(yaml_nodes.line_of(key_node), f"unknown key {key}", "Known: text, metadata.")
        text = " ".join(text_node.value.split()) if yaml_nodes.is_scalar(text_node) else ""
        if text:
            yield line, text.removeprefix("- ").strip(), metadata
        else:
            self._wrong(line, f"an example of {what} has no text", "Write `- text: …`.")

    def _metadata(self, node: Node | None) -> Mapping[str, Any]:
        if node is None:
            return {}
        found = yaml_nodes.value(node)
        return found if isinstance(found, dict) else {"value": found}

    def _intent(self, name: str, lines: list[tuple[int, str, Mapping[str, Any]]]) -> None:
        intent = NLU_FALLBACK if name in OUT_OF_SCOPE else name
        for line, source, metadata in lines:
            try:
                marked = markup.parse(source)
            except markup.MarkupError as error:
                self._wrong(line, str(error), 'Write [text](entity) or [text]{"entity": …, "value": …}.')
                continue
            self._data.examples.append(
                Example(marked.text, intent, self._language, marked.entities, metadata, self._name, line)
            )

    def _vocabulary(self) -> Vocabulary:
        return self._data.vocabularies[self._language]

    def _synonym(self, name: str, lines: list[tuple[int, str, Mapping[str, Any]]]) -> None:
        self._vocabulary().synonyms.setdefault(name, []).extend(text for _, text, _ in lines)

    def _lookup(self, name: str, lines: list[tuple[int, str, Mapping[str, Any]]]) -> None:
        self._vocabulary().lookups.setdefault(name, []).extend(text for _, text, _ in lines)

    def _regex(self, name: str, lines: list[tuple[int, str, Mapping[str, Any]]]) -> None:
        for line, pattern, _ in lines:
            wrong = patterns.problem_of(pattern)
            if wrong:
                self._wrong(line, f"the pattern {pattern} of {name} {wrong}", "Bound its repetitions.")
            else:
                self._vocabulary().regexes.setdefault(name, []).append(pattern)


def _check(data: NluData, problems: list[Problem]) -> None:
    """What can only be seen with all files together."""
    seen: dict[tuple[str, str], Example] = {}
    counts: dict[str, int] = {}
    for example in data.examples:
        key = (example.language, " ".join(example.text.casefold().split()))
        first = seen.setdefault(key, example)
        counts[example.intent] = counts.get(example.intent, 0) + 1
        if first is example:
            continue
        where = f"{first.file}:{first.line}"
        what = f"{example.text!r} also stands under {first.intent} ({where})"
        if first.intent != example.intent:
            problems.append(
                Problem(example.file, example.line, what, "Keep it under the intent that it means.")
            )
        else:
            data.warnings.append(Problem(example.file, example.line, what, "Remove one."))
    for example in data.examples:
        if counts.pop(example.intent, 2) < 2:
            what = f"the intent {example.intent} has a single example"
            problems.append(Problem(example.file, example.line, what, "Give it at least two; ten is better."))
