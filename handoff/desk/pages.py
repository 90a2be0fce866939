"""/desk: the list of who waits, and one conversation with its ticket. See `deeds` and `feed` too."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from bot.model.errors import NotFound
from bot.store import views
from bot.store.accounts import User, list_users
from bot.store.repositories import TicketRow, tickets_of_customer
from bot.store.views import ConversationView, DeskItem, TimelineItem
from bot.web import access, templates, timeline
from bot.web.languages import page_language, remember
from bot.web.reach import is_https, public_base
from bot.web.site import Site, site_of
from bot.web.texts import Words, words
from handoff.desk.lines import RELEVANT, Line, lines_of

FOLDER = Path(__file__).parent / "templates"

TABS = ("queue", "mine", "all")
EARLIER = 5


@dataclass(frozen=True, slots=True)
class DeskList:
    """The list of one tab, and how many there are in each."""

    tab: str
    q: str
    items: tuple[DeskItem, ...]
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Opened:
    """One conversation with all that its page shows."""

    view: ConversationView
    items: tuple[TimelineItem, ...]
    names: dict[str, str]
    earlier: tuple[TicketRow, ...]


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────


def read_list(connection: Connection, user: User, tab: str, q: str) -> DeskList:
    """What one agent's list shows: who waits, who is theirs, everybody. A search is in all of them."""
    everything = views.desk_list(connection, limit=500)
    chosen = {
        "queue": [item for item in everything if item.owner == "queue"],
        "mine": [item for item in everything if item.agent_id == user.id],
        "all": everything,
    }
    counts = {name: len(items) for name, items in chosen.items()}
    wanted = q.casefold().split()
    among = everything if wanted else chosen[tab]
    items = [item for item in among if all(word in _searchable(item) for word in wanted)]
    return DeskList(tab, q, tuple(items), counts)


def _searchable(item: DeskItem) -> str:
    number = f"#{item.ticket}" if item.ticket else ""
    parts = (item.name, item.summary, item.last_text, item.intent, item.team, number, item.channel)
    return "\n".join(part for part in parts if part).casefold()


def read_conversation(connection: Connection, conversation_id: str) -> Opened:
    """One conversation, everything; raises `NotFound`."""
    view = views.conversation(connection, conversation_id)
    if view is None:
        raise NotFound("there is no such conversation")
    items = timeline.end(connection, conversation_id, view.seq)
    earlier = tickets_of_customer(connection, view.customer.id, limit=EARLIER + 1) if view.customer else []
    number = view.ticket.number if view.ticket else None
    return Opened(
        view,
        tuple(items),
        {user.id: user.name for user in list_users(connection)},
        tuple(row for row in earlier if row.number != number)[:EARLIER],
    )


# ── pages ─────────────────────────────────────────────────────────────────────────────────────────────────


@access.roles(*access.AGENTS)
async def desk(request: web.Request) -> web.StreamResponse:
    """The list, with nothing open."""
    site, user = site_of(request), await access.user_of(request)
    tab, q = _tab(request), request.query.get("q", "")[:200]
    found = await site.database.read(lambda connection: read_list(connection, user, tab, q))
    response = templates.render(
        request, "desk.html", folder=FOLDER, listed=found, open_id="", view=None, **_no_conversation()
    )
    remember(request, response, secure=is_https(request))
    return response


@access.roles(*access.AGENTS)
async def listed(request: web.Request) -> web.StreamResponse:
    """Only the list, for a page that is told that it changed."""
    site, user = site_of(request), await access.user_of(request)
    tab, q = _tab(request), request.query.get("q", "")[:200]
    found = await site.database.read(lambda connection: read_list(connection, user, tab, q))
    open_id = request.query.get("open", "")
    return templates.render(request, "_list.html", folder=FOLDER, listed=found, open_id=open_id)


@access.roles(*access.AGENTS)
async def conversation(request: web.Request) -> web.StreamResponse:
    """One conversation beside the list."""
    site, user = site_of(request), await access.user_of(request)
    conversation_id = request.match_info["id"]
    tab, q = _tab(request), request.query.get("q", "")[:200]

    def read(connection: Connection) -> tuple[Opened, DeskList]:
        return read_conversation(connection, conversation_id), read_list(connection, user, tab, q)

    opened, found = await site.database.read(read)
    response = templates.render(
        request, "desk.html", folder=FOLDER, listed=found, open_id=conversation_id,
        **of_conversation(request, site, user, opened),
    )  # fmt: skip
    remember(request, response, secure=is_https(request))
    return response


@access.roles(*access.AGENTS)
async def news(request: web.Request) -> web.StreamResponse:
    """What a transcript lacks after `?after=`; with the head and the ticket when they may have changed."""
    site, user = site_of(request), await access.user_of(request)
    conversation_id = request.match_info["id"]
    after = request.query.get("after", "0")
    since = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0
    opened = await site.database.read(lambda connection: read_conversation(connection, conversation_id))
    fresh = [item for item in opened.items if item.seq > since]
    last = max((item.seq for item in fresh), default=since)
    values = of_conversation(request, site, user, opened)
    values["lines"] = lines_of(fresh, opened.names, site.zone, after_day=request.query.get("day"))
    return templates.render(
        request, "_news.html", folder=FOLDER,
        headers={"X-Last-Seq": str(last), "X-Standing": values["standing"]},
        standing_before=request.query.get("standing", ""),
        changed=any(item.type in RELEVANT for item in fresh), open_id=conversation_id, **values,
    )  # fmt: skip


def _no_conversation() -> dict[str, Any]:
    return {
        "lines": (), "standing": "", "mine": False, "earlier": (), "facts": (), "title": "", "link": "",
        "agent": "", "articles": {}, "line_words": None,
    }  # fmt: skip


def of_conversation(request: web.Request, site: Site, user: User, opened: Opened) -> dict[str, Any]:
    """What the templates of a conversation show."""
    view = opened.view
    ticket = view.ticket.ticket if view.ticket else None
    current = view.ticket is not None and view.ticket.episode == view.episode
    slugs = {*(ticket.articles if ticket else ()), *(step.article or "" for step in ticket.steps_tried)} if (
        ticket
    ) else set()  # fmt: skip
    articles, t = site.articles, words(page_language(request))
    titles = {slug: found.title for slug in slugs if (found := articles.find(slug, view.language))}
    return {
        "view": view,
        "lines": lines_of(opened.items, opened.names, site.zone),
        "standing": standing(view, user),
        "mine": view.agent_id == user.id,
        "agent": view.agent_name or "",
        "earlier": opened.earlier,
        "facts": _known(site, view) if not current else (),
        "title": _title(view),
        "link": f"{public_base(request)}/t/{view.ticket.secret}" if view.ticket else "",
        "articles": titles,
        "line_words": lambda line: line_words(t, line, site, page_language(request)),
    }


def line_words(t: Words, line: Line, site: Site, language: str) -> str:
    """The sentence of an event's line. Names from data become words; articles get their titles."""
    values: dict[str, Any] = dict(line.values)
    if "article" in values:
        found = site.articles.find(values["article"], language)
        values["article"] = found.title if found else values["article"]
    for name, prefix in (("reason", "reason"), ("outcome", "outcome"), ("to", "language")):
        if name in values:
            values[name] = t.known(prefix, values[name])
    if "team" in values:
        values["team"] = site.team_name(values["team"], language) if values["team"] else "?"
    if "check" in values:
        values["check"] = t.known("check", values["check"])
    return t(line.key, **values)


def standing(view: ConversationView, user: User) -> str:
    """How the conversation stands for this agent: queue, mine, other, bot, resolved."""
    if view.owner == "agent":
        return "mine" if view.agent_id == user.id else "other"
    if view.owner == "queue":
        return "queue"
    return "resolved" if view.status == "resolved" else "bot"


def _title(view: ConversationView) -> str:
    customer = view.customer.name if view.customer else None
    ticket = view.ticket.ticket.customer if view.ticket else None
    return customer or ticket or ""


def _known(site: Site, view: ConversationView) -> tuple[tuple[str, str], ...]:
    """What the bot has learned so far, while there is no ticket for it yet."""
    slots = (view.state or {}).get("slots") or {}
    domain = site.pack().domain
    return tuple(
        (slot.label(view.language), slot.value_label(slots[name], view.language))
        for name, slot in domain.slots.items()
        if slot.fact and slots.get(name) not in (None, "", [])
    )


def _tab(request: web.Request) -> str:
    asked = request.query.get("tab", "")
    return asked if asked in TABS else "queue"
