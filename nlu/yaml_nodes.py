"""YAML with the place of every value, and without surprises: a scalar stays the text that was written.

`no`, `yes`, `on`, `ja` and `12:30` are text here; only `true` and `false` become booleans, and only where
`value` is asked for a plain value. It knows nothing of what a file means.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeGuard

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.model.errors import Problem

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MAX_BYTES = 20_000_000


def compose(path: Path, name: str, problems: list[Problem]) -> Node | None:
    """The root node of a file; what is wrong with it goes to `problems` (then the answer is None)."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        problems.append(Problem(name, 1, f"the file cannot be read ({error.strerror})"))
        return None
    if len(raw) > MAX_BYTES:
        problems.append(Problem(name, 1, "the file is larger than 20 MB", "Split it."))
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        problems.append(Problem(name, line, "this is not UTF-8 text", "Save the file as UTF-8."))
        return None
    try:
        return yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = str(getattr(error, "problem", None) or error).splitlines()[0]
        line = mark.line + 1 if mark is not None else 1
        problems.append(
            Problem(name, line, f"this is not valid YAML: {what}", "Check indentation and quotes.")
        )
        return None


def line_of(node: Node) -> int:
    """The line, counted from 1, where a node begins."""
    return node.start_mark.line + 1


def is_mapping(node: Node | None) -> TypeGuard[MappingNode]:
    """Whether a node is `key: value` pairs."""
    return isinstance(node, MappingNode)


def is_sequence(node: Node | None) -> TypeGuard[SequenceNode]:
    """Whether a node is a list."""
    return isinstance(node, SequenceNode)


def is_scalar(node: Node | None) -> TypeGuard[ScalarNode]:
    """Whether a node is a single value."""
    return isinstance(node, ScalarNode)


def pairs(node: MappingNode) -> Iterator[tuple[str, Node, Node]]:
    """The (key text, key node, value node) of a mapping, in order."""
    for key, value in node.value:
        yield (str(key.value) if isinstance(key, ScalarNode) else "", key, value)


def keyed(node: MappingNode) -> dict[str, Node]:
    """A mapping's value nodes by key text."""
    return {key: value for key, _, value in pairs(node)}


def block_lines(node: ScalarNode) -> Iterator[tuple[int, str]]:
    """The lines of a scalar with their line numbers; a `|` block begins on the line after its mark."""
    first = line_of(node) + (1 if node.style in ("|", ">") else 0)
    for offset, line in enumerate(node.value.split("\n")):
        yield first + offset, line


def value(node: Node) -> Any:
    """A node as plain data: text, int, float, true, false, null, lists and dictionaries."""
    if isinstance(node, MappingNode):
        return {key: value(child) for key, _, child in pairs(node)}
    if isinstance(node, SequenceNode):
        return [value(child) for child in node.value]
    text = str(node.value)
    if getattr(node, "style", None):
        return text
    return _plain(text)


def _plain(text: str) -> Any:
    constants: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}
    if text in constants:
        return constants[text]
    if len(text) <= 30 and text.lstrip("+-")[:1].isdigit():
        for number in (int, float):
            try:
                return number(text)
            except ValueError:
                continue
    return text
