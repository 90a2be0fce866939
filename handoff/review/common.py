"""What the review's pages share: their templates, a conversation as they read it, the names of intents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from bot.model.errors import Conflict, NotFound
from bot.model.languages import alphabetical
from bot.model.numbers import whole_number
from bot.model.understanding import NLU_FALLBACK
from bot.store import views
from bot.store.accounts import list_users
from bot.store.schema import conversations
from bot.store.views import ConversationView
from bot.web import timeline
from bot.web.site import Site
from bot.web.templates import humane
from handoff.review.turns import Part, parts_of

FOLDER = Path(__file__).parent / "templates"

LONGEST_TAG = 40
LONGEST_TEXT = 4_000


@dataclass(frozen=True, slots=True)
class Refused:
    """What a form on a conversation's page could not take: which form (tag, comment, score), why, and what
    was typed, by field."""

    form: str
    why: str
    typed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Read:
    """A conversation with everything that was said and done in it."""

    view: ConversationView
    parts: list[Part]


def read_conversation(connection: Connection, conversation_id: str) -> Read:
    """All that is on record of it; raises `NotFound`."""
    view = views.conversation(connection, conversation_id)
    if view is None:
        raise NotFound("there is no such conversation")
    return Read(view, parts_of(timeline.whole(connection, conversation_id, view.seq)))


@dataclass(frozen=True, slots=True)
class Window:
    """Some parts of a long conversation; `before` and `after` are in the pages next to it, None at an end."""

    parts: Sequence[Part]
    before: int | None
    after: int | None


def window(parts: Sequence[Part], at: int, size: int) -> Window:
    """The page of `size` parts that has the event with number `at`."""
    begins = [part.items[0].seq for part in parts]
    here = max((place for place, seq in enumerate(begins) if seq <= at), default=0)
    first = here - here % size
    return Window(
        parts[first : first + size],
        begins[first - size] if first else None,
        begins[first + size] if first + size < len(parts) else None,
    )


def must_be_there(connection: Connection, conversation_id: str) -> None:
    """Raise `NotFound` unless there is such a conversation."""
    found = select(conversations.c.id).where(conversations.c.id == conversation_id)
    if connection.execute(found).first() is None:
        raise NotFound("there is no such conversation")


def must_have_words(connection: Connection, conversation_id: str) -> None:
    """Raise `NotFound` where there is no such conversation, `Conflict` where it was erased: nothing more is
    written of somebody who asked to be forgotten."""
    found = select(conversations.c.erased_at).where(conversations.c.id == conversation_id)
    row = connection.execute(found).first()
    if row is None:
        raise NotFound("there is no such conversation")
    if row.erased_at is not None:
        raise Conflict("this conversation was erased: nothing is added to it any more")


def people(connection: Connection) -> dict[str, str]:
    """Everybody's name by id."""
    return {each.id: each.name for each in list_users(connection)}


def intents(site: Site, language: str) -> list[tuple[str, str]]:
    """Every intent with its name for people, by that name; not the one for what is not understood. Two that
    start the same scenario, and have its name, are told apart by their own."""
    called = {each: site.subject(each, language) for each in site.pack().domain.intents - {NLU_FALLBACK}}
    many = Counter(called.values())
    named = [
        (each, f"{name} ({humane(each).lower()})" if many[name] > 1 else name)
        for each, name in called.items()
    ]
    return sorted(named, key=lambda pair: alphabetical(pair[1]))


def page_number(text: str | None) -> int:
    """The page that is asked for; the first where that makes no sense."""
    return max(1, whole_number(text, digits=6) or 1)
