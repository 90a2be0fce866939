"""JSON as text, the same on both databases: what goes into a column, and what comes out. Not a serializer
for anything that leaves the house."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    raise TypeError(f"{type(value).__name__} cannot be kept as JSON")


def dumps(value: object) -> str:
    """JSON text of plain values, enums, frozen dataclasses, aware datetimes and any mapping."""
    return orjson.dumps(value, default=_plain, option=orjson.OPT_NON_STR_KEYS).decode()


def loads(text: str | None) -> Any:
    """The value of a JSON column; None stays None."""
    return None if text is None else orjson.loads(text)


class Json(TypeDecorator[Any]):
    """A column of JSON kept as text. NULL is None, never the JSON word null."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:
        """To the database."""
        return None if value is None else dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any | None:
        """From the database."""
        return loads(value)
