"""Calling a customer from the desk: which numbers of theirs may be rung, the question whether to, and what
became of it. What is allowed, and that one press is one call, is `bot.service.outgoing`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from bot.model.dialling import HOME, Number
from bot.model.errors import BadInput, Conflict, Malformed, NotFound, Refused
from bot.service.agents import Agent
from bot.service.calls import IDENTITY
from bot.service.outgoing import Outgoing, Wish
from bot.store import views
from bot.store.accounts import User
from bot.store.customers import identities_of
from bot.store.tickets import at_work
from bot.store.views import ConversationView
from bot.web import access, templates
from bot.web.site import Site, site_of
from handoff.desk.common import FOLDER

MOST = 3
"""Numbers that are offered."""
SLOTS = ("callback_phone", "customer_phone")


def numbers_of(connection: Connection, outgoing: Outgoing, view: ConversationView) -> list[str]:
    """The customer's numbers that may be rung, in E.164; that of the ticket first."""
    if not outgoing.ready or view.erased_at is not None:
        return []
    found: list[str] = []
    for written in _written(connection, view):
        for each in _in(written):
            try:
                found.append(outgoing.number(each).e164)
            except Refused:
                continue
    return list(dict.fromkeys(found))[:MOST]


def _written(connection: Connection, view: ConversationView) -> Iterator[str]:
    """Wherever a number of theirs may stand."""
    ticket = at_work(view.ticket, view.episode) or view.ticket
    if ticket is not None:
        yield ticket.ticket.contact
        yield from (str(fact.get("value", "")) for name, fact in ticket.ticket.facts.items() if name in SLOTS)
    slots: dict[str, Any] = dict((view.state or {}).get("slots") or {})
    yield from (str(slots[name]) for name in SLOTS if slots.get(name))
    if view.customer is not None:
        yield view.customer.phone or ""
        known = identities_of(connection, view.customer.id)
        yield from (each.value for each in known if each.kind == IDENTITY)


def _in(written: str) -> Iterator[str]:
    """The numbers in a text, which may have an address beside them."""
    import phonenumbers

    for match in phonenumbers.PhoneNumberMatcher(written[:500], HOME):
        number: Any = match.number
        yield str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


@access.roles(*access.AGENTS)
async def ask(request: web.Request) -> web.StreamResponse:
    """GET /desk/c/{id}/call: whom, and whether to."""
    site, id_ = site_of(request), request.match_info["id"]
    view, numbers = await _read(site, id_)
    user = await access.user_of(request)
    return templates.render(
        request, "_call.html", folder=FOLDER, view=view, numbers=numbers, key=secrets.token_urlsafe(12),
        taken=_is_others(view, user),
    )  # fmt: skip


@access.roles(*access.AGENTS)
async def call(request: web.Request) -> web.StreamResponse:
    """POST /desk/c/{id}/call: ring one of the numbers that the page showed, for who is logged in."""
    site, id_, user = site_of(request), request.match_info["id"], await access.user_of(request)
    form = await request.post()
    number, key = str(form.get("number", "")), str(form.get("key", ""))[:100]
    if not key:
        raise Malformed("the form has no key")
    view, numbers = await _read(site, id_)
    if _is_others(view, user):
        raise Conflict("another agent has this conversation; it can be transferred to you")
    state, why, detail = "", "", ""
    try:
        if number not in numbers:
            _check(site.outgoing, number)
        agent = Agent(user.id, user.name)
        became = await site.outgoing.ring(Wish(number, agent, f"{user.id}:{key}", source=id_, person=True))
        state, detail = became.state, became.detail
    except Refused as error:
        state, why, detail = "not_allowed", error.why, str(error)
    return templates.render(
        request, "_called.html", folder=FOLDER, view=view, state=state, why=why, detail=detail, number=number
    )


def _check(outgoing: Outgoing, number: str) -> Number:
    """A number that is none of the customer's: why it is not rung, or that it is not theirs."""
    outgoing.number(number)
    raise BadInput("this is no number of this customer's: put it on the ticket first")


async def _read(site: Site, id_: str) -> tuple[ConversationView, list[str]]:
    def read(connection: Connection) -> tuple[ConversationView, list[str]] | None:
        view = views.conversation(connection, id_)
        return None if view is None else (view, numbers_of(connection, site.outgoing, view))

    found = await site.database.read(read)
    if found is None:
        raise NotFound("there is no such conversation")
    return found


def _is_others(view: ConversationView, user: User) -> bool:
    return view.owner == "agent" and view.agent_id != user.id
