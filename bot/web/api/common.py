"""What every part of the API does alike: numbers from the query, moments to ISO 8601, models to JSON."""

from __future__ import annotations

from datetime import UTC, datetime

from aiohttp import web
from pydantic import BaseModel
from sqlalchemy import Connection

from bot.model.errors import Malformed
from bot.model.numbers import whole_number
from bot.store import views
from bot.store.views import ConversationView

REST = "rest"
"""The channel whose senders' ids are conversations' ids here, as in Rasa."""

MOST = 200
LONGEST_QUERY = 300


def answer(model: BaseModel, status: int = 200) -> web.Response:
    """A model as JSON."""
    return web.Response(
        body=model.model_dump_json().encode(),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def moment(at: float | None) -> datetime | None:
    """A stored time as an aware moment."""
    return None if at is None else datetime.fromtimestamp(at, UTC)


def certain(at: float) -> datetime:
    """The same for a time that is always there."""
    return datetime.fromtimestamp(at, UTC)


def whole(request: web.Request, name: str, default: int, *, most: int) -> int:
    """A whole number from the query; raises `Malformed`."""
    given = request.query.get(name)
    if given is None:
        return default
    number = whole_number(given)
    if number is None:
        raise Malformed(f"'{name}' must be a whole number from 0 to {most}")
    return min(number, most)


def page_of(request: web.Request) -> tuple[int, int]:
    """`limit` and `offset`."""
    return whole(request, "limit", 50, most=MOST) or 1, whole(request, "offset", 0, most=1_000_000)


def query_of(request: web.Request, name: str = "q") -> str:
    """A text from the query, not too long."""
    text = request.query.get(name, "")
    if "\x00" in text:  # PostgreSQL keeps no null character, so nothing has one
        raise Malformed(f"'{name}' has a null character")
    if len(text) > LONGEST_QUERY:
        raise Malformed(f"'{name}' may have {LONGEST_QUERY} characters")
    return text.strip()


def conversation_of(connection: Connection, asked: str) -> ConversationView | None:
    """A conversation by its id, or by its sender's where a program speaks over REST."""
    return views.conversation(connection, views.find_conversation(connection, REST, asked) or asked)
