"""Training data in Rasa's `nlu.yml`: intents, synonyms, regexes and lookups, from files and folders.

`nlu.yml` and `nlu/*.yml` belong to the pack's default language, `nlu/<language>/**/*.yml` to that language.
Everything that is wrong is collected with its file and line; only reading happens here, no learning.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.model.errors import ContentError, Problem
from bot.model.understanding import NLU_FALLBACK, Entity
from bot.source.files import read_text
from bot.source.nodes import Node, parse
from nlu import markup, patterns

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


@dataclass(frozen=True, slots=True)
class _Line:
    """One example as it is written, and the line on which that is."""

    node: Node
    number: int
    text: str
    metadata: Mapping[str, Any]

    def wrong(self, what: str, mend: str) -> None:
        self.node.problems.append(Problem(self.node.file, self.number, what, mend))


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
    data, problems = read_nlu(data_dir, languages)
    if problems:
        raise ContentError(problems)
    return data


def load_nlu_file(path: Path, language: str) -> NluData:
    """One file of training data, wherever it lies, as of that language; raises as `load_nlu` does."""
    data = NluData(vocabularies={language: Vocabulary()})
    problems: list[Problem] = []
    _File(language, data).read(parse(read_text(path, path.name), path.name, problems))
    if problems:
        raise ContentError(problems)
    return data


def read_nlu(data_dir: Path, languages: Iterable[str]) -> tuple[NluData, list[Problem]]:
    """All training data of a pack as far as it can be read, and what is wrong."""
    known = tuple(languages)
    data = NluData(vocabularies={language: Vocabulary() for language in known})
    problems: list[Problem] = []
    found = False
    strange: Counter[str] = Counter()
    for path, language in nlu_files(data_dir, known):
        found = True
        name = path.relative_to(data_dir).as_posix()
        if language not in data.vocabularies:
            strange[language] += 1
            continue
        try:
            text = read_text(path, name)
        except ContentError as error:
            problems.extend(error.problems)
            continue
        _File(language, data).read(parse(text, name, problems))
    for folder, count in strange.items():
        what = f"{folder} is not one of the pack's languages, and has {count} files here"
        mend = "Add it to additional_languages in config.yml or remove the folder."
        problems.append(Problem(f"nlu/{folder}", 1, what, mend))
    if not found:
        problems.append(Problem("nlu", 1, "there are no training files", "Write nlu/<language>/*.yml."))
    _check(data, problems)
    return data, problems


class _File:
    """The reading of one file; what is wrong is added to the file's problems."""

    def __init__(self, language: str, data: NluData) -> None:
        self._language = language
        self._data = data

    def read(self, root: Node) -> None:
        if not root.there and not any(problem.file == root.file for problem in root.problems):
            root.wrong("the file is empty", "Give it an `nlu:` list.")
        root.only({"version", "nlu"}, "the file")
        for item in root["nlu"].elements():
            self._item(item)

    def _item(self, item: Node) -> None:
        kinds = [kind for kind in _KINDS if kind in item]
        if len(kinds) != 1:
            item.wrong(f"this needs exactly one of {', '.join(_KINDS)}", "Write `- intent: name`.")
            return
        kind = kinds[0]
        name = item[kind].written.strip()
        item.only({kind, "examples", "metadata"}, f"{kind} {name}")
        if not _NAME.fullmatch(name):
            mend = "A name is one line; `/` parts intent and topic."
            item.wrong(f"the {kind} has no usable name", mend)
            return
        readers: dict[str, Callable[[str, list[_Line]], None]] = {
            "intent": self._intent,
            "synonym": self._synonym,
            "regex": self._regex,
            "lookup": self._lookup,
        }
        lines = list(_lines(item["examples"], f"{kind} {name}", _metadata(item["metadata"])))
        if item["examples"].empty:
            item.wrong(f"the {kind} {name} has no examples", "Write `examples: |` and lines of `- …`.")
        readers[kind](name, lines)

    def _intent(self, name: str, lines: list[_Line]) -> None:
        intent = NLU_FALLBACK if name in OUT_OF_SCOPE else name
        for line in lines:
            try:
                marked = markup.parse(line.text)
            except markup.MarkupError as error:
                line.wrong(str(error), 'Write [text](entity) or [text]{"entity": …, "value": …}.')
                continue
            self._data.examples.append(
                Example(
                    marked.text,
                    intent,
                    self._language,
                    marked.entities,
                    line.metadata,
                    line.node.file,
                    line.number,
                )
            )

    def _vocabulary(self) -> Vocabulary:
        return self._data.vocabularies[self._language]

    def _synonym(self, name: str, lines: list[_Line]) -> None:
        self._vocabulary().synonyms.setdefault(name, []).extend(line.text for line in lines)

    def _lookup(self, name: str, lines: list[_Line]) -> None:
        self._vocabulary().lookups.setdefault(name, []).extend(line.text for line in lines)

    def _regex(self, name: str, lines: list[_Line]) -> None:
        for line in lines:
            wrong = patterns.problem_of(line.text)
            if wrong:
                line.wrong(f"the pattern {line.text} of {name} {wrong}", "Bound its repetitions.")
            else:
                self._vocabulary().regexes.setdefault(name, []).append(line.text)


def _lines(examples: Node, what: str, shared: Mapping[str, Any]) -> Iterator[_Line]:
    """An item's examples, in whichever form they are written."""
    if not examples.is_scalar:
        for node in examples.elements():
            yield from _listed(node, what, shared)
        return
    for number, source in examples.lines():
        line = _Line(examples, number, source.strip().removeprefix("-").strip(), shared)
        if not source.strip():
            continue
        if not line.text:
            line.wrong(f"an example of {what} is empty", "Remove the line.")
        elif not source.strip().startswith("- "):
            line.wrong(f"an example of {what} does not begin with `- `", "Write `- ` before it.")
        else:
            yield line


def _listed(node: Node, what: str, shared: Mapping[str, Any]) -> Iterator[_Line]:
    metadata = shared
    text = node
    if node.is_mapping:
        node.only({"text", "metadata"}, f"an example of {what}")
        metadata = {**shared, **_metadata(node["metadata"])}
        text = node["text"]
    words = " ".join(text.text().split()).removeprefix("- ").strip()
    if words:
        yield _Line(node, node.line, words, metadata)
    elif text.empty:
        node.wrong(f"an example of {what} has no text", "Write `- text: …`.")


def _metadata(node: Node) -> Mapping[str, Any]:
    if not node.there:
        return {}
    return node.plain() if node.is_mapping else {"value": node.plain()}


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
