"""Conditions of flows and responses, as in Rasa: parsed once at load, never `eval`ed.

    condition := or ;  or := and ("or" and)* ;  and := not ("and" not)* ;  not := "not" not | test
    test      := "(" condition ")" | operand [operator operand]
    operator  := = == != < <= > >= | is | is not | contains | matches
    operand   := slots.x | context.x.y | name | number | "text" | 'text' | {set} | constant
    constant  := true | false | null | undefined | empty

A comparison of things that cannot be compared is false; it never raises. `matches` takes a bounded
pattern: at most 200 characters, tried on at most 1,000 characters of the value.
Source of the grammar: rasa.com/docs/reference/primitives/conditions (pypred).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>-?\d+(?:\.\d+)?(?![\w.]))
    |(?P<string>"[^"]*"|'[^']*')
    |(?P<name>[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)
    |(?P<operator>==|!=|<=|>=|=|<|>)
    |(?P<mark>[(){},])
    )""",
    re.VERBOSE,
)
_CONSTANTS: dict[str, Any] = {"true": True, "false": False, "null": None, "none": None, "undefined": None}
_MAX_PATTERN, _MAX_SUBJECT = 200, 1_000

Namespace = Mapping[str, Any]


class ConditionError(ValueError):
    """The condition cannot be read; the message says where."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal value; `empty` is the constant `EMPTY`."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name:
    """A dotted name: `slots.x`, `context.y`, or a bare name, which is a slot."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Test:
    """A comparison."""

    operator: str
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary."""

    inner: Condition


@dataclass(frozen=True, slots=True)
class Both:
    """All (`and`) or any (`or`) of some conditions."""

    kind: Literal["and", "or"]
    parts: tuple[Condition, ...]


class _Empty:
    def __repr__(self) -> str:
        return "empty"


EMPTY = _Empty()
Operand = Constant | Name
Condition = Operand | Test | Not | Both


def parse(text: str) -> Condition:
    """The condition that `text` stands for; raises `ConditionError`."""
    return _Parser(text).whole()


def names(condition: Condition) -> frozenset[tuple[str, ...]]:
    """Every name that a condition reads, for the checks at load."""
    match condition:
        case Name(path):
            return frozenset({path})
        case Constant():
            return frozenset()
        case Test(_, left, right):
            return names(left) | names(right)
        case Not(inner):
            return names(inner)
        case Both(_, parts):
            return frozenset[tuple[str, ...]]().union(*(names(part) for part in parts))


def slot_names(condition: Condition) -> frozenset[str]:
    """The slots that a condition reads."""
    paths = (path for path in names(condition) if path[0] != "context")
    return frozenset(path[-1] if path[0] != "slots" else ".".join(path[1:]) for path in paths)


def comparisons(condition: Condition) -> Iterator[tuple[str, str]]:
    """The slots that a condition compares with a text, and the text."""
    match condition:
        case Test("=" | "==" | "!=" | "is" | "is not", Name(path), Constant(str(value))) if (
            path[0] != "context"
        ):
            yield path[-1], value
        case Test("=" | "==" | "!=" | "is" | "is not", Constant(str(value)), Name(path)) if (
            path[0] != "context"
        ):
            yield path[-1], value
        case Not(inner):
            yield from comparisons(inner)
        case Both(_, parts):
            for part in parts:
                yield from comparisons(part)
        case _:
            pass


def holds(condition: Condition, slots: Namespace, context: Namespace) -> bool:
    """Whether a condition is true of these slots and this context."""
    match condition:
        case Constant() | Name():
            return bool(_value(condition, slots, context))
        case Not(inner):
            return not holds(inner, slots, context)
        case Both("and", parts):
            return all(holds(part, slots, context) for part in parts)
        case Both(_, parts):
            return any(holds(part, slots, context) for part in parts)
        case Test(operator, left, right):
            return _compare(operator, _value(left, slots, context), _value(right, slots, context))


def _value(operand: Operand, slots: Namespace, context: Namespace) -> Any:
    if isinstance(operand, Constant):
        return operand.value
    path = operand.path
    if path[0] == "context":
        value: Any = context
        path = path[1:]
    else:
        value = slots
        path = path[1:] if path[0] == "slots" else path
    for part in path:
        value = value.get(part) if isinstance(value, Mapping) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return value  # pyright: ignore[reportUnknownVariableType]


def _compare(operator: str, left: Any, right: Any) -> bool:
    if right is EMPTY or left is EMPTY:
        other = left if right is EMPTY else right
        is_empty = other is None or other == "" or other == [] or other == {}
        return is_empty == (operator in ("=", "==", "is"))
    if operator in ("=", "==", "is"):
        return _equal(left, right)
    if operator in ("!=", "is not"):
        return not _equal(left, right)
    if operator == "contains":
        return _contains(left, right)
    if operator == "matches":
        return isinstance(left, str) and re.search(str(right), left[:_MAX_SUBJECT]) is not None
    return _ordered(operator, left, right)


def _equal(left: Any, right: Any) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left.casefold() == right.casefold()
    if isinstance(left, bool) != isinstance(right, bool):
        return False
    a, b = _number(left), _number(right)
    return a == b if a is not None and b is not None else left == right


def _contains(whole: Any, part: Any) -> bool:
    if isinstance(whole, str):
        return part is not None and str(part).casefold() in whole.casefold()
    if isinstance(whole, frozenset | set | list | tuple | dict):
        return any(_equal(one, part) for one in whole)  # pyright: ignore[reportUnknownVariableType]
    return False


def _ordered(operator: str, left: Any, right: Any) -> bool:
    a, b = _number(left), _number(right)
    if a is None or b is None:
        if not (isinstance(left, str) and isinstance(right, str)):
            return False
        a, b = left, right
    order: Any = a
    return bool({"<": order < b, "<=": order <= b, ">": order > b, ">=": order >= b}[operator])


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = self._tokens(text)
        self.at = 0

    @staticmethod
    def _tokens(text: str) -> list[tuple[str, str]]:
        tokens: list[tuple[str, str]] = []
        at = 0
        while text[at:].strip():
            found = _TOKEN.match(text, at)
            if found is None:
                raise ConditionError(f"cannot read {text[at:].strip()[:20]!r} in {text!r}")
            kind = found.lastgroup or ""
            tokens.append((kind, found.group(kind)))
            at = found.end()
        return tokens

    def whole(self) -> Condition:
        condition = self._or()
        if self.at < len(self.tokens):
            raise ConditionError(f"did not expect {self.tokens[self.at][1]!r} in {self.text!r}")
        return condition

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "the end")

    def _word(self, *words: str) -> str | None:
        kind, value = self._peek()
        if kind in ("name", "operator", "mark") and value.lower() in words:
            self.at += 1
            return value.lower()
        return None

    def _or(self) -> Condition:
        return self._chain("or", self._and)

    def _and(self) -> Condition:
        return self._chain("and", self._not)

    def _chain(self, kind: Literal["and", "or"], part: Any) -> Condition:
        parts: list[Condition] = [part()]
        while self._word(kind):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Both(kind, tuple(parts))

    def _not(self) -> Condition:
        return Not(self._not()) if self._word("not") else self._test()

    def _test(self) -> Condition:
        if self._word("("):
            condition = self._or()
            if not self._word(")"):
                raise ConditionError(f"a ')' is missing in {self.text!r}")
            return condition
        left = self._operand()
        operator = self._word("=", "==", "!=", "<", "<=", ">", ">=", "is", "contains", "matches")
        if operator is None:
            return left
        if operator == "is" and self._word("not"):
            operator = "is not"
        right = self._operand()
        if operator == "matches":
            self._check_pattern(right)
        return Test(operator, left, right)

    def _check_pattern(self, operand: Operand) -> None:
        if not (isinstance(operand, Constant) and isinstance(operand.value, str)):
            raise ConditionError(f"'matches' needs a quoted pattern in {self.text!r}")
        if len(operand.value) > _MAX_PATTERN or re.search(r"[*+}]\)?[*+{]", operand.value):
            raise ConditionError(f"the pattern {operand.value!r} is too long or repeats a repetition")
        try:
            re.compile(operand.value)
        except re.error as error:
            raise ConditionError(f"the pattern {operand.value!r} cannot be read: {error}") from None

    def _operand(self) -> Operand:
        kind, value = self._peek()
        self.at += 1
        if kind == "number":
            return Constant(float(value) if "." in value else int(value))
        if kind == "string":
            return Constant(value[1:-1])
        if kind == "name":
            low = value.lower()
            if low == "empty":
                return Constant(EMPTY)
            return Constant(_CONSTANTS[low]) if low in _CONSTANTS else Name(tuple(value.split(".")))
        if (kind, value) == ("mark", "{"):
            return self._set()
        raise ConditionError(f"expected a value before {value!r} in {self.text!r}")

    def _set(self) -> Constant:
        values: list[Any] = []
        while not self._word("}"):
            if self._word(","):
                continue
            operand = self._operand()
            if not isinstance(operand, Constant):
                raise ConditionError(f"a set holds only plain values in {self.text!r}")
            values.append(operand.value)
        return Constant(tuple(values))
