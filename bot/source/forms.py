"""A content file read into a pydantic model; what is wrong with it is told by file and line.

pydantic is for the edge only: callers turn the model into their own frozen values. This module reads text
that somebody else has opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.model.errors import ContentError, Problem
from bot.source.nodes import Node, parse


class Form(BaseModel):
    """The base of what a content file may contain: an unknown key is a mistake, not a comment."""

    model_config = ConfigDict(extra="forbid", frozen=True)


F = TypeVar("F", bound=BaseModel)

Place = tuple[int | str, ...]
"""The way to a value: keys and numbers of elements."""

_MENDS: Mapping[str, str] = {
    "missing": "Add it.",
    "extra_forbidden": "Take it away, or correct its spelling.",
    "enum": "Write one of these.",
    "list_type": "Write a list: [one, two].",
    "tuple_type": "Write a list: [one, two].",
    "dict_type": "Write 'key: value' here.",
    "model_type": "Write 'key: value' here.",
    "string_type": "Write a text.",
    "int_type": "Write a whole number.",
    "int_parsing": "Write a whole number.",
    "bool_parsing": "Write true or false.",
}
"""What to do about pydantic's findings, by their type."""


def read_form(
    form: type[F], text: str, file: str, between: Callable[[F], Iterable[tuple[Place, str]]] | None = None
) -> F:
    """`text` as a `form`; raises one `ContentError` with all that is wrong.

    `between` finds what is wrong between the parts of a form that is right in itself: where, and what.
    """
    problems: list[Problem] = []
    root = parse(text, file, problems)
    made = form_of(form, root)
    if made is not None and between is not None:
        problems.extend(_problem(root, place, what) for place, what in between(made))
    if made is None or problems:
        raise ContentError(problems)
    return made


def form_of(form: type[F], root: Node) -> F | None:
    """A file as a `form`; what is wrong is added to the file's problems, and then there is none."""
    if root.problems:
        return None
    try:
        return form.model_validate({} if root.raw is None else root.raw)
    except ValidationError as error:
        root.problems.extend(
            _problem(root, each["loc"], each["msg"], _MENDS.get(each["type"], "")) for each in error.errors()
        )
        return None


def place_of(root: Node, loc: Place) -> tuple[Node, str]:
    """The innermost node on the way of `loc`, and the way as far as people need it."""
    node = root
    for part in loc:
        found = node.children.get(part)
        if found is None:
            break
        node = found
    return node, ".".join(str(part) for part in loc if part != "[key]")


def _problem(root: Node, loc: Place, message: str, mend: str = "") -> Problem:
    node, path = place_of(root, loc)
    text = message.removeprefix("Value error, ").rstrip(".")
    return node.problem(f"'{path}': {text}" if path else text, mend)
