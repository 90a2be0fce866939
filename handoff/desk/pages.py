"""/desk: the list of who waits, and one conversation with its ticket."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from bot.model.conversation import Status
from bot.model.errors import NotFound
from bot.model.numbers import whole_number
from bot.model.ticket import Priority
from bot.service.outgoing import Outgoing
from bot.store import marks, views
from bot.store.accounts import User, gone_with, list_users, user_settings
from bot.store.calls import CallRow
from bot.store.tickets import at_work
from bot.store.views import ConversationView, TimelineItem
from bot.web import access, templates, times
from bot.web.languages import page_language, remember
from bot.web.reach import is_https, public_base
from bot.web.security import MICROPHONE
from bot.web.site import Site, site_of
from bot.web.texts import Words, words
from bot.web.ticket_words import field_words
from handoff.desk.arrivals import Arrival, read_arrivals
from handoff.desk.common import FOLDER
from handoff.desk.lines import RELEVANT, Line, lines_of
from handoff.desk.lists import DeskList, list_form, read_list
from handoff.desk.names import fact_label, names_for
from handoff.desk.on_line import line_values, read_line
from handoff.desk.panel import LAST_SAID, Panel, read_panel, suggested
from handoff.desk.wishes import WISHES
from handoff.snooze import SNOOZES

AT_ONCE = 400
"""Events of a conversation that a page shows at first; the button "earlier" fetches as many more."""


@dataclass(frozen=True, slots=True)
class Opened:
    """One conversation with all that its page shows. `people` may be mentioned and handed it."""

    view: ConversationView
    items: tuple[TimelineItem, ...]
    arrivals: Mapping[int, Arrival]
    people: tuple[User, ...]
    drafts: Mapping[str, str]
    panel: Panel | None
    """None where nothing happened that it would show."""
    title: str
    """What the customer is called."""
    said: tuple[str, ...] | None
    """What the customer said last, whichever lines are shown; None where nothing follows from it anew."""

    @property
    def names(self) -> dict[str, str]:
        """Everybody's name by id."""
        return {user.id: user.name for user in self.people}


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────


def read_conversation(
    connection: Connection,
    user: User,
    outgoing: Outgoing,
    conversation_id: str,
    since: int | None,
    shown: int = 0,
    stood: str = "",
) -> Opened:
    """One conversation: what happened after `since`, or its end; raises `NotFound`. A page that has lines
    already has them after `shown`, and showed it standing as it `stood`. Its ticket is the one that people
    work on."""
    last = views.conversation(connection, conversation_id)
    if last is None:
        raise NotFound("there is no such conversation")
    view = replace(last, ticket=at_work(last.ticket, last.episode))
    after = max(0, view.seq - AT_ONCE) if since is None else since
    items = views.timeline(connection, conversation_id, after)
    changed = since is None or any(item.type in RELEVANT for item in items)
    changed = changed or stood != standing(view, user)  # a customer who writes ends a snooze
    return Opened(
        view,
        tuple(items),
        read_arrivals(connection, conversation_id, after if since is None else shown),
        tuple(list_users(connection)),
        marks.drafts_of(connection, user.id, conversation_id) if changed else {},
        read_panel(connection, view, outgoing) if changed else None,
        _title(last),
        views.last_said(connection, conversation_id, LAST_SAID) if changed or _heard(items) else None,
    )


# ── pages ─────────────────────────────────────────────────────────────────────────────────────────────────


@access.roles(*access.AGENTS)
async def desk(request: web.Request) -> web.StreamResponse:
    """The list, with nothing open."""
    return await _page(request, None)


@access.roles(*access.AGENTS)
async def conversation(request: web.Request) -> web.StreamResponse:
    """One conversation beside the list."""
    return await _page(request, request.match_info["id"])


async def _page(request: web.Request, conversation_id: str | None) -> web.StreamResponse:
    site, user = site_of(request), await access.user_of(request)
    form, language = list_form(request, user), page_language(request)

    def read(
        connection: Connection,
    ) -> tuple[Opened | None, CallRow | None, DeskList, dict[str, Any], int | None]:
        opened = None
        if conversation_id:
            opened = read_conversation(connection, user, site.outgoing, conversation_id, None)
        call = read_line(connection, site, conversation_id) if conversation_id else None
        listed = read_list(connection, site, form, language)
        return opened, call, listed, user_settings(connection, user.id), gone_with(connection, user.id)

    opened, call, found, settings, gone = await site.database.read(read)
    shown = await _shown(request, site, user, opened) if opened else _no_conversation()
    shown |= line_values(opened.view, call, user) if opened else {}
    response = templates.render(
        request, "desk.html", folder=FOLDER, headers=MICROPHONE, listed=found, open_id=conversation_id or "",
        gone=gone,
        wishes={name: settings.get(name, usual) for name, usual in WISHES.items()}, **shown,
    )  # fmt: skip
    remember(request, response, secure=is_https(request))
    return response


@access.roles(*access.AGENTS)
async def listed(request: web.Request) -> web.StreamResponse:
    """Only the list, for a page that is told that it changed."""
    site, user = site_of(request), await access.user_of(request)
    form, language = list_form(request, user), page_language(request)
    found = await site.database.read(lambda connection: read_list(connection, site, form, language))
    open_id = request.query.get("open", "")
    return templates.render(request, "_list.html", folder=FOLDER, listed=found, open_id=open_id)


@access.roles(*access.AGENTS)
async def news(request: web.Request) -> web.StreamResponse:
    """What a transcript lacks after `?after=`; with the head and the panel when they may have changed."""
    site, user = site_of(request), await access.user_of(request)
    since, shown, id_ = _number(request, "after"), _number(request, "shown"), request.match_info["id"]
    stood = request.query.get("standing", "")
    opened = await site.database.read(
        lambda c: read_conversation(c, user, site.outgoing, id_, since, shown, stood)
    )
    values = await _shown(request, site, user, opened, after_day=request.query.get("day"))
    last = max((item.seq for item in opened.items), default=since)
    return templates.render(
        request, "_news.html", folder=FOLDER,
        headers={"X-Last-Seq": str(last), "X-Standing": values["standing"]},
        standing_before=stood,
        dialog_open=request.query.get("dialog") == "open", changed=opened.panel is not None,
        heard=_heard(opened.items), open_id=id_, **values, )  # fmt: skip


@access.roles(*access.AGENTS)
async def earlier(request: web.Request) -> web.StreamResponse:
    """The lines before `?before=`, with the button for those before them."""
    site, id_ = site_of(request), request.match_info["id"]
    before = _number(request, "before")
    first = max(0, before - 1 - AT_ONCE)

    def read(connection: Connection) -> tuple[list[TimelineItem], dict[str, str], dict[int, Arrival]]:
        items = views.timeline(connection, id_, first, limit=before - 1 - first) if before > 1 else []
        names = {user.id: user.name for user in list_users(connection)}
        return items, names, read_arrivals(connection, id_, first)

    items, names, arrivals = await site.database.read(read)
    language = page_language(request)
    t = words(language)
    return templates.render(
        request, "_earlier.html", folder=FOLDER, lines=lines_of(items, names, site.zone), first=first,
        arrivals=arrivals, conversation_id=id_, open_id=id_, standing=request.query.get("standing", ""),
        title=request.query.get("title", "")[:200],
        line_words=lambda line: line_words(t, line, site, language),
    )  # fmt: skip


def _heard(items: Iterable[TimelineItem]) -> bool:
    return any(item.type == "user" for item in items)


def _number(request: web.Request, name: str) -> int:
    return whole_number(request.query.get(name)) or 0


def _no_conversation() -> dict[str, Any]:
    return {"view": None, "standing": ""}


async def _shown(
    request: web.Request, site: Site, user: User, opened: Opened, *, after_day: str | None = None
) -> dict[str, Any]:
    """What the templates of a conversation show."""
    view, language = opened.view, page_language(request)
    ticket = view.ticket.ticket if view.ticket else None
    slugs = {*ticket.articles, *(step.article or "" for step in ticket.steps_tried)} if ticket else set()
    t = words(language)
    return {
        "view": view,
        "lines": lines_of(opened.items, opened.names, site.zone, after_day=after_day),
        "arrivals": opened.arrivals,
        "first": opened.items[0].seq - 1 if opened.items else 0,
        "standing": standing(view, user),
        "agent": view.agent_name or "",
        "people": [each for each in opened.people if not each.disabled],
        "drafts": opened.drafts,
        "panel": opened.panel,
        "suggestions": () if opened.said is None else await suggested(site, view, opened.said),
        "facts": () if ticket else _known(site, view, language),
        "title": opened.title,
        "help_base": public_base(request),
        "link": f"{public_base(request)}/t/{view.ticket.secret}" if view.ticket else "",
        "articles": {
            slug: found.title for slug in slugs if (found := site.articles.find(slug, view.language))
        },
        "snoozes": SNOOZES,
        "priorities": tuple(Priority),
        "macros": _macros(site, view, language),
        "line_words": lambda line: line_words(t, line, site, language),
        **names_for(site, language),
    }


def _macros(site: Site, view: ConversationView, language: str) -> list[tuple[str, str]]:
    """The macros for this conversation's team: id and name."""
    return [
        (macro.id, macro.name[language])
        for macro in site.agreements.canned.macros.values()
        if not macro.teams or view.team in macro.teams
    ]


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
    if "fields" in values:
        named = (field_words(t, name, partial(fact_label, site, language)) for name in values["fields"])
        values["fields"] = ", ".join(each.lower() for each in named)
    if "until" in values:
        values["until"] = times.full(values["until"], site.clock(), site.zone, language)
    return t(line.key, **values)


def standing(view: ConversationView, user: User) -> str:
    """How the conversation stands for this agent: queue, mine, snoozed, other, bot, resolved, erased."""
    if view.erased_at is not None:
        return "erased"
    if view.owner == "agent":
        if view.agent_id != user.id:
            return "other"
        return "snoozed" if view.status == Status.SNOOZED else "mine"
    if view.owner == "queue":
        return "queue"
    return "resolved" if view.status == "resolved" else "bot"


def _title(view: ConversationView) -> str:
    """What the customer is called: on the ticket, which an agent may have put right, else on their record."""
    ticket = view.ticket.ticket.customer if view.ticket else None
    return ticket or (view.customer.name if view.customer else None) or ""


def _known(site: Site, view: ConversationView, language: str) -> tuple[tuple[str, str], ...]:
    """What the bot has learned so far, while there is no ticket for it yet."""
    slots = (view.state or {}).get("slots") or {}
    domain = site.pack().domain
    return tuple(
        (slot.label(language), slot.value_label(slots[name], language))
        for name, slot in domain.slots.items()
        if slot.fact and slots.get(name) not in (None, "", [])
    )
