"""YAML that remembers its lines, so that an error in a pack names the file, the line and the mend.

A scalar is what people mean by it: only `true` and `false` are booleans, `12:30` and `0471` are texts; `no`,
`ja` and `off` are words that customers say. Whoever reads a value says what it must be (`text`, `number`,
`elements`, …): anything else becomes a problem, and the reader gets a neutral value to go on with.
This module reads text that somebody else has opened; it does no I/O.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar, cast

import yaml

from bot.model.errors import Problem

T = TypeVar("T")

_SCALARS: tuple[tuple[str, str, Callable[[str], Any]], ...] = (
    ("null", r"~|null|Null|NULL|", lambda _: None),
    ("bool", r"true|True|TRUE|false|False|FALSE", lambda text: text.lower() == "true"),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", int),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*|(?=[eE])))(?:[eE][-+]?[0-9]+)?", float),
    ("date", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", date.fromisoformat),
)
"""What a scalar without quotes may be, and how it is read; everything else is text."""

_MAKE = {"!" + name: make for name, _, make in _SCALARS} | {"tag:yaml.org,2002:str": str}


def _loader(base: type[Any]) -> type[Any]:
    """A loader of PyYAML that knows the scalars above and no others."""
    resolvers = [("!" + name, re.compile(f"(?:{pattern})\\Z")) for name, pattern, _ in _SCALARS]
    return type("Loader", (base,), {"yaml_implicit_resolvers": {None: resolvers}})


PURE = _loader(yaml.SafeLoader)
LOADER = _loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader))
"""The one in C where it is there: twenty times as quick, and the same."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it stands; also one that is not there, whose `raw` is None as that of a null.

    `raw` is the plain value, `children` are its parts as nodes. `name` is what people call it: its key, or
    that of the list it stands in. `written` is a scalar as it was written and `first` the line on which that
    begins. `problems` is where the reading of the file gathers what is wrong.
    """

    raw: Any
    file: str
    line: int
    children: Mapping[str | int, Node] = field(default_factory=dict[str | int, "Node"])
    name: str = ""
    written: str = ""
    first: int = 0
    problems: list[Problem] = field(default_factory=list[Problem], compare=False, repr=False)

    # ── what there is ─────────────────────────────────────────────────────────────────────────────────────

    @property
    def there(self) -> bool:
        """Whether there is a value."""
        return self.raw is not None

    @property
    def empty(self) -> bool:
        """Whether nothing is written, or nothing in it."""
        return not self.there or self.raw in ("", [], {})

    @property
    def is_mapping(self) -> bool:
        """Whether this is a mapping."""
        return isinstance(self.raw, dict)

    @property
    def is_list(self) -> bool:
        """Whether this is a list."""
        return isinstance(self.raw, list)

    @property
    def is_scalar(self) -> bool:
        """Whether this is a single value."""
        return self.there and not self.is_mapping and not self.is_list

    def __contains__(self, key: str) -> bool:
        """Whether the key is written here, be it without a value."""
        return self.is_mapping and key in self.children

    def __getitem__(self, key: str) -> Node:
        """What stands under a key of this mapping; a node without a value when there is nothing."""
        self.entries()
        found = self.children.get(key) if self.is_mapping else None
        return found or Node(None, self.file, self.line, name=key, problems=self.problems)

    # ── what it must be ───────────────────────────────────────────────────────────────────────────────────

    def entries(self) -> list[tuple[str, Node]]:
        """The keys and values of a mapping."""
        if self.there and not self.is_mapping:
            self._must_be("'key: value' pairs", "Write lines of 'key: value' below it.")
        return cast("list[tuple[str, Node]]", list(self.children.items())) if self.is_mapping else []

    def elements(self) -> list[Node]:
        """The elements of a list."""
        if self.there and not self.is_list:
            self._must_be("a list", "Write [one, two], or lines that begin with '- '.")
        return list(self.children.values()) if self.is_list else []

    def text(self, default: str = "") -> str:
        """A text, or a number or boolean as it was written."""
        if self.is_mapping or self.is_list:
            self._must_be("a text", "Write a text; put one with a colon or brackets between quotes.")
            return default
        return self.written if self.there else default

    def texts(self) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(element.text() for element in self.elements())

    def named_texts(self) -> dict[str, str]:
        """A mapping of texts, as one text per language."""
        return {key: child.text() for key, child in self.entries()}

    def number(self, default: T, least: float = -math.inf, most: float = math.inf) -> float | T:
        """A number from `least` to `most`."""
        if not self.there:
            return default
        if isinstance(self.raw, bool) or not isinstance(self.raw, int | float):
            self._must_be("a number", "Write a number.")
            return default
        if not least <= self.raw <= most or abs(self.raw) > 1e12:
            low, high = max(least, -1e12), min(most, 1e12)
            self.wrong(f"'{self.name}' is {self.written}", f"Write a number from {low:g} to {high:g}.",
                       "form", name=self.name)  # fmt: skip
            return default
        return float(self.raw)

    def flag(self, default: bool = False) -> bool:
        """True or false."""
        if self.there and not isinstance(self.raw, bool):
            self._must_be("true or false", "Write true or false.")
        return self.raw if isinstance(self.raw, bool) else default

    def plain(self) -> Any:
        """Whatever it is, as JSON knows it: a date becomes its text."""
        if self.is_mapping:
            return {str(key): child.plain() for key, child in self.children.items()}
        if self.is_list:
            return [child.plain() for child in self.children.values()]
        return self.written if isinstance(self.raw, date) else self.raw

    def only(self, known: Collection[str], what: str) -> None:
        """Every key that is not known is a problem; `what` is what people call this mapping."""
        for key, child in self.entries():
            if key not in known:
                names = ", ".join(sorted(known))
                child.wrong(
                    f"{what} has an unknown key '{key}'",
                    f"Known are {names}.",
                    "unknown",
                    name=key,
                    known=names,
                )

    def own(self, known: Collection[str], what: str) -> None:
        """As `only`, where others may have keys too: just what looks like a slip is a problem."""
        for key, child in self.entries():
            meant = difflib.get_close_matches(key, known, 1, 0.75) if key not in known else []
            if meant:
                child.wrong(
                    f"the metadata of {what} has an unknown key '{key}'", f"Did you mean '{meant[0]}'?"
                )

    def lines(self) -> Iterator[tuple[int, str]]:
        """The lines of a text, with their line numbers in the file."""
        yield from enumerate(self.written.split("\n"), self.first)

    # ── what is wrong with it ─────────────────────────────────────────────────────────────────────────────

    def problem(self, what: str, mend: str = "") -> Problem:
        """A problem at this place."""
        return Problem(self.file, self.line, what, mend)

    def wrong(self, what: str, mend: str = "", key: str = "", **values: object) -> None:
        """Remember a problem at this place; `key` and `values` as `Problem` has them."""
        self.problems.append(Problem(self.file, self.line, what, mend, key=key, values=values))

    def _must_be(self, wanted: str, mend: str) -> None:
        is_what = next(
            what
            for what, kinds in (
                ("a list", list),
                ("'key: value' pairs", dict),
                ("true or false", bool),
                ("a number", (int, float)),
                ("a text", object),
            )
            if isinstance(self.raw, kinds)
        )
        self.wrong(f"'{self.name}' is {is_what} and must be {wanted}", mend, "form", name=self.name)


def parse(text: str, file: str, problems: list[Problem], loader: type[Any] | None = None) -> Node:
    """One YAML document; broken YAML and keys that stand twice are added to `problems`."""
    try:
        root = cast("yaml.Node | None", cast("Any", yaml).compose(text, Loader=loader or LOADER))
        if root is not None:
            return _Reader(file, problems).node(root)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        what = str(getattr(error, "problem", None) or error).splitlines()[0]
        line = mark.line + 1 if mark else 1
        problems.append(
            Problem(file, line, f"this is not YAML: {what}", "Check indentation and quotes.", key="yaml")
        )
    except RecursionError:
        problems.append(Problem(file, 1, "this contains itself, or is nested too deeply", "Write it flat."))
    return Node(None, file, 1, name=file, problems=problems)


class _Reader:
    """PyYAML's nodes as ours."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems

    def node(self, node: yaml.Node, line: int = 0, name: str = "") -> Node:
        line = line or node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, line, name)
        if isinstance(node, yaml.SequenceNode):
            nodes = enumerate(cast("list[yaml.Node]", node.value))
            parts: dict[str | int, Node] = {
                number: self.node(part, name=f"an element of {name}") for number, part in nodes
            }
            return self._made([part.raw for part in parts.values()], line, name, parts)
        return self._scalar(node, line, name)

    def _mapping(self, node: yaml.MappingNode, line: int, name: str) -> Node:
        children: dict[str | int, Node] = {}
        for key_node, value in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
            at = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._wrong(at, "a list or a mapping stands where a key must be", "Put it between quotes.")
                continue
            key = str(key_node.value)
            if key in children:
                self._wrong(at, f"the key {key!r} stands twice", "Keep one of them.")
            children[key] = self.node(value, at, key)
        return self._made({key: child.raw for key, child in children.items()}, line, name, children)

    def _scalar(self, node: yaml.Node, line: int, name: str) -> Node:
        written = str(node.value)
        first = node.start_mark.line + (2 if getattr(node, "style", None) in ("|", ">") else 1)
        raw = None
        if node.tag not in _MAKE:
            self._wrong(line, f"the tag {node.tag} is not known", "Take it away.")
        else:
            try:
                raw = _MAKE[node.tag](written)
            except ValueError as error:  # a date that no calendar has, say
                self._wrong(line, f"the value cannot be read: {error}", "Put it between quotes.")
        return Node(raw, self.file, line, {}, name, written, first, self.problems)

    def _made(self, raw: Any, line: int, name: str, children: Mapping[str | int, Node]) -> Node:
        return Node(raw, self.file, line, children, name, "", line, self.problems)

    def _wrong(self, line: int, what: str, mend: str) -> None:
        self.problems.append(Problem(self.file, line, what, mend))
