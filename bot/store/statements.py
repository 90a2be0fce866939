"""Core statements compiled once and run straight on the driver: a fifth of the cost of `Connection.execute`.

For the few statements that every message passes. Types are not converted here: JSON columns take and give
text (see `values`), so what runs through `Prepared` names its columns one by one. Everything else in the
store uses SQLAlchemy in the usual way; both work on the same connection and in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.compiler import Compiled

Row = tuple[Any, ...]
Params = Mapping[str, Any]


def insert_into(dialect: str, table: Table) -> Any:
    """The dialect's INSERT that knows ON CONFLICT. Typed `Any`: the two share a form, not a base."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


class _Text:
    """SQL text and how to hand its parameters to one driver."""

    __slots__ = ("arrange", "sql")

    def __init__(self, compiled: Compiled) -> None:
        self.sql = str(compiled)
        defaults = {name: bind.value for name, bind in compiled.binds.items() if bind.value is not None}  # type: ignore[attr-defined]
        positions: Sequence[str] | None = compiled.positiontup  # type: ignore[attr-defined]
        self.arrange: Callable[[Params], Any] = _arrangement(defaults, positions)


def _arrangement(defaults: Params, positions: Sequence[str] | None) -> Callable[[Params], Any]:
    if positions is None:
        return (lambda params: {**defaults, **params}) if defaults else (lambda params: params)
    if not positions:
        return lambda params: ()
    pick = itemgetter(*positions) if len(positions) > 1 else lambda params, name=positions[0]: (params[name],)
    return (lambda params: pick({**defaults, **params})) if defaults else pick


class Prepared:
    """One statement, built per dialect at its first use and kept.

    `build` gets the dialect's name; `keys` names the columns of an INSERT that are given as parameters.
    """

    __slots__ = ("_build", "_keys", "_texts")

    def __init__(self, build: Callable[[str], Executable], keys: Sequence[str] | None = None) -> None:
        self._build = build
        self._keys = list(keys) if keys is not None else None
        self._texts: dict[str, _Text] = {}

    def _text(self, connection: Connection) -> _Text:
        name = connection.dialect.name
        text = self._texts.get(name)
        if text is None:
            statement: Any = self._build(name)
            text = _Text(statement.compile(dialect=connection.dialect, column_keys=self._keys))
            self._texts[name] = text
        return text

    def rows(self, connection: Connection, params: Params) -> list[Row]:
        """Run it; all rows."""
        text = self._text(connection)
        driver: Any = connection.connection.dbapi_connection
        return driver.execute(text.sql, text.arrange(params)).fetchall()

    def row(self, connection: Connection, params: Params) -> Row | None:
        """Run it; the first row, or None."""
        found = self.rows(connection, params)
        return found[0] if found else None

    def run(self, connection: Connection, params: Params) -> int:
        """Run it; how many rows it touched."""
        text = self._text(connection)
        driver: Any = connection.connection.dbapi_connection
        return driver.execute(text.sql, text.arrange(params)).rowcount

    def many(self, connection: Connection, params: Sequence[Params]) -> None:
        """Run it once for each of `params`; nothing for none."""
        if not params:
            return
        text = self._text(connection)
        driver: Any = connection.connection.dbapi_connection
        if len(params) == 1:  # a third cheaper than a batch of one
            driver.execute(text.sql, text.arrange(params[0]))
            return
        driver.cursor().executemany(text.sql, [text.arrange(each) for each in params])
