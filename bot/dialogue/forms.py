"""A content file read into a pydantic model; what is wrong with it is told by file and line.

pydantic is for the edge only: callers turn the model into their own frozen values. This module reads text
that somebody else has opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.dialogue.source import Node, parse
from bot.model.errors import ContentError, Problem


class Form(BaseModel):
    """The base of what a content file may contain: an unknown key is a mistake, not a comment."""

    model_config = ConfigDict(extra="forbid", frozen=True)


F = TypeVar("F", bound=BaseModel)

Place = tuple[int | str, ...]
"""The way to a value: keys and numbers of elements."""


def read_form(
    form: type[F], text: str, file: str, between: Callable[[F], Iterable[tuple[Place, str]]] | None = None
) -> F:
    """`text` as a `form`; raises one `ContentError` with all that is wrong.

    `between` finds what is wrong between the parts of a form that is right in itself: where, and what.
    """
    problems: list[Problem] = []
    root = parse(text, file, problems)
    if problems:
        raise ContentError(problems)
    try:
        made = form.model_validate(root.raw if root.raw is not None else {})
    except ValidationError as error:
        raise ContentError([_problem(root, each["loc"], each["msg"]) for each in error.errors()]) from None
    problems = [_problem(root, place, what) for place, what in (between(made) if between else ())]
    if problems:
        raise ContentError(problems)
    return made


def place_of(root: Node, loc: Place) -> tuple[Node, str]:
    """The innermost node on the way of `loc`, and the way as far as people need it."""
    node = root
    for part in loc:
        found = node.children.get(part)
        if found is None:
            break
        node = found
    return node, ".".join(str(part) for part in loc if part != "[key]")


def _problem(root: Node, loc: Place, message: str) -> Problem:
    node, path = place_of(root, loc)
    text = message.removeprefix("Value error, ").rstrip(".")
    return node.problem(f"'{path}': {text}" if path else text)
