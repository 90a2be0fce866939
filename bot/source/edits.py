"""Changes to a content file that somebody made in a page: the YAML as it was, its comments too, with other
values. Pure; what the values may be is checked by whoever reads the file afterwards."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, cast

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

Change: TypeAlias = Callable[[CommentedMap], None]
"""Alters the root of a file in place."""


def edited(text: str, change: Change) -> str:
    """`text`, which must be YAML with a mapping at its root (or nothing), after the change."""
    yaml: Any = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 10_000  # sentences stay on their line
    yaml.indent(mapping=2, sequence=4, offset=2)
    root = cast("CommentedMap | None", yaml.load(text))
    if root is None:
        root = CommentedMap()
    change(root)
    out = io.StringIO()
    yaml.dump(root, out)
    return out.getvalue()


def written(value: Any) -> Any:
    """A value as it is to stand in a file: texts quoted, so that none is taken for something else; longer
    ones as lines; short lists on one line."""
    if isinstance(value, str):
        return LiteralScalarString(value) if "\n" in value else DoubleQuotedScalarString(value)
    if isinstance(value, Mapping):
        fields = cast("Mapping[str, Any]", value)
        return CommentedMap({key: written(each) for key, each in fields.items()})
    if isinstance(value, Sequence):
        elements = cast("Sequence[Any]", value)
        made: Any = CommentedSeq([written(each) for each in elements])
        if not any(isinstance(each, Mapping) for each in elements):
            made.fa.set_flow_style()
        return made
    return value
