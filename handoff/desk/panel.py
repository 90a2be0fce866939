"""The right pane: the customer, the ticket with its history, what else may help. A fixed number of queries;
what it looks like is `_panel.html`."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.knowledge.articles import Article
from bot.service.outgoing import Outgoing
from bot.store import changes, customers, tickets
from bot.store.changes import Change
from bot.store.customers import CustomerNote, Elsewhere, Identity
from bot.store.tickets import SolvedBefore, TicketRow
from bot.store.views import ConversationView
from bot.web.site import Site
from handoff.desk.calling import numbers_of

EARLIER = 5
SIMILAR = 3
SUGGESTED = 3
LAST_SAID = 2
"""Of the customer's last messages, so many say what it is about now."""

_WORD = re.compile(r"\w{3,}")


@dataclass(frozen=True, slots=True)
class Panel:
    """What is kept about the customer, the ticket, and the like of it."""

    identities: tuple[Identity, ...] = ()
    notes: tuple[CustomerNote, ...] = ()
    earlier: tuple[TicketRow, ...] = ()
    alike: tuple[TicketRow, ...] = ()
    """With the same contact, though nobody has proved that it is the same customer."""
    elsewhere: tuple[Elsewhere, ...] = ()
    history: tuple[Change, ...] = ()
    similar: tuple[SolvedBefore, ...] = ()
    numbers: tuple[str, ...] = ()
    """Of the customer, which may be rung from here."""


def read_panel(connection: Connection, view: ConversationView, outgoing: Outgoing) -> Panel:
    """All that the right pane shows besides the view itself and the suggestions."""
    number = view.ticket.number if view.ticket else None
    who = view.customer.id if view.customer else None
    earlier = tickets.earlier_tickets(connection, view.id, who, besides=number or 0, limit=EARLIER)
    contact = view.ticket.ticket.contact if view.ticket else ""
    alike = tickets.tickets_with_contact(connection, contact, besides=view.id, limit=EARLIER)
    known = {old.number for old in earlier}
    return Panel(
        identities=tuple(customers.identities_of(connection, who)) if who else (),
        notes=tuple(customers.notes_of_customer(connection, who)) if who else (),
        earlier=tuple(earlier),
        alike=tuple(old for old in alike if old.number not in known),
        elsewhere=tuple(customers.conversations_of(connection, who, besides=view.id)) if who else (),
        history=tuple(changes.changes_of(connection, number)) if number else (),
        similar=solved_alike(connection, view, view.ticket.ticket.intent) if view.ticket else (),
        numbers=tuple(numbers_of(connection, outgoing, view)),
    )


def solved_alike(connection: Connection, view: ConversationView, intent: str) -> tuple[SolvedBefore, ...]:
    """Solved tickets with this subject, those first whose words are most like this one's; then the newest."""
    found = tickets.solved_before(connection, intent, besides=view.ticket.number if view.ticket else 0)
    words = _words(view.ticket.ticket.summary if view.ticket else "")
    return tuple(sorted(found, key=lambda each: -len(words & _words(each.summary)))[:SIMILAR])


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


async def suggested(site: Site, view: ConversationView, said: Sequence[str]) -> list[Article]:
    """Articles for the ticket's subject and what the customer `said` last; those that were shown already left
    out."""
    ticket = view.ticket.ticket if view.ticket and view.ticket.episode == view.episode else None
    query = " ".join([ticket.summary if ticket else "", *said]).strip()
    if not query:
        return []
    hits = await asyncio.to_thread(
        site.knowledge().search,
        query[:1000],
        view.language,
        intent=ticket.intent if ticket else None,
        limit=SUGGESTED,
        exclude=ticket.articles if ticket else (),
    )
    return [hit.article for hit in hits]
