"""YAML that remembers its lines, so that an error in a pack names the file, the line and the mend.

Only `true` and `false` are booleans: `no`, `ja` and `off` are words that customers say.
This module reads text that somebody else has opened; it does no I/O.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import yaml

from bot.model.errors import Problem

_BOOLEAN = "tag:yaml.org,2002:bool"


class _Loader(yaml.CSafeLoader):
    """PyYAML's C loader without YAML 1.1's yes, no, on and off."""


setattr(  # noqa: B010  the types of PyYAML know the table only as an instance's
    _Loader,
    "yaml_implicit_resolvers",
    {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOLEAN or first in "tTfF"]
        for first, resolvers in cast("Any", yaml.CSafeLoader).yaml_implicit_resolvers.items()
    },
)


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it stands. `raw` is the plain value; `children` are its parts as nodes."""

    raw: Any
    file: str
    line: int
    children: dict[Any, Node] = field(default_factory=dict[Any, "Node"])

    @property
    def is_mapping(self) -> bool:
        """Whether this is a mapping."""
        return isinstance(self.raw, dict)

    @property
    def is_list(self) -> bool:
        """Whether this is a list."""
        return isinstance(self.raw, list)

    def get(self, key: str) -> Node | None:
        """The node under a key, or None; also None when this is not a mapping or the value is null."""
        found = self.children.get(key) if self.is_mapping else None
        return found if found is not None and found.raw is not None else None

    def value(self, key: str, default: Any = None) -> Any:
        """The plain value under a key."""
        found = self.get(key)
        return default if found is None else found.raw

    def items(self) -> Iterator[tuple[str, Node]]:
        """The entries of a mapping, keys as text."""
        if self.is_mapping:
            for key, child in self.children.items():
                yield str(key), child

    def elements(self) -> Iterator[Node]:
        """The elements of a list."""
        if self.is_list:
            yield from self.children.values()

    def text(self, key: str) -> str:
        """The value under a key as text; empty when there is none."""
        found = self.get(key)
        return "" if found is None else str(found.raw)

    def problem(self, what: str, mend: str = "") -> Problem:
        """A problem at this place."""
        return Problem(self.file, self.line, what, mend)


def parse(text: str, file: str, problems: list[Problem]) -> Node:
    """One YAML document; broken YAML and keys that stand twice are added to `problems`."""
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        if root is None:
            return Node({}, file, 1)
        return _node(loader, root, file, problems)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        problems.append(Problem(file, line, f"this is not YAML: {error.problem or error}"))
        return Node({}, file, 1)
    except yaml.YAMLError as error:
        problems.append(Problem(file, 1, f"this is not YAML: {error}"))
        return Node({}, file, 1)
    finally:
        loader.dispose()


def _node(loader: _Loader, node: yaml.Node, file: str, problems: list[Problem]) -> Node:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        children: dict[Any, Node] = {}
        for key_node, value_node in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
            key = _scalar(loader, key_node)
            if key in children:
                what = f"the key {key!r} stands twice"
                problems.append(Problem(file, key_node.start_mark.line + 1, what, "Keep one of them."))
            child = _node(loader, value_node, file, problems)
            children[key] = Node(child.raw, file, key_node.start_mark.line + 1, child.children)
        return Node({key: child.raw for key, child in children.items()}, file, line, children)
    if isinstance(node, yaml.SequenceNode):
        parts = [_node(loader, part, file, problems) for part in cast("list[yaml.Node]", node.value)]
        return Node([part.raw for part in parts], file, line, dict(enumerate(parts)))
    try:
        return Node(_scalar(loader, node), file, line)
    except ValueError as error:  # a date that no calendar has, say
        problems.append(Problem(file, line, f"the value cannot be read: {error}", "Put it between quotes."))
        return Node(None, file, line)


def _scalar(loader: _Loader, node: yaml.Node) -> Any:
    return cast("Any", loader).construct_object(node, deep=True)
