"""What an agent does from the desk, as forms: claim, reply, note, give back, resolve, typing, availability.

The deeds themselves are `bot.service.agents`; here are the forms, and the words for who was too late.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web
from sqlalchemy import Connection

from bot.bus import conversation_topic
from bot.model.errors import Conflict, Malformed, NotFound, TooMany
from bot.service.agents import Agent
from bot.store import views
from bot.store.accounts import User, update_user
from bot.web import access
from bot.web.errors import is_htmx
from bot.web.languages import page_language
from bot.web.site import Site, site_of
from bot.web.texts import words

AVAILABILITIES = ("online", "away", "offline")

Deed = Callable[[Site, str, Agent, web.Request], Awaitable[object]]


async def _claim(site: Site, id_: str, agent: Agent, request: web.Request) -> None:
    try:
        await site.agents.claim(id_, agent)
    except Conflict as error:
        view = await site.database.read(lambda connection: views.conversation(connection, id_))
        if view is None or view.agent_name is None:
            raise
        t = words(page_language(request))
        if view.agent_id == agent.id:
            return  # the second press of the same button
        raise Conflict(t("desk.taken", name=view.agent_name)) from error


async def _reply(site: Site, id_: str, agent: Agent, request: web.Request) -> None:
    form = await request.post()
    key = form.get("key")
    await site.agents.reply(
        id_, agent, _text(form.get("text")), key=key[:100] if isinstance(key, str) else None
    )


async def _note(site: Site, id_: str, agent: Agent, request: web.Request) -> None:
    await site.agents.note(id_, agent, _text((await request.post()).get("text")))


async def _to_queue(site: Site, id_: str, agent: Agent, request: web.Request) -> None:
    await site.agents.to_queue(id_, agent)


async def _to_bot(site: Site, id_: str, agent: Agent, request: web.Request) -> None:
    await site.agents.to_bot(id_, agent)


async def _resolve(site: Site, id_: str, agent: Agent, request: web.Request) -> None:
    form = await request.post()
    await site.agents.resolve(
        id_, agent, _text(form.get("solution")), solved=form.get("outcome") != "unsolved"
    )


SPOKEN: dict[str, Deed] = {"reply": _reply, "note": _note}
"""Their page stays; the line appears in the transcript."""

DEEDS: dict[str, Deed] = {"claim": _claim, "queue": _to_queue, "bot": _to_bot, "resolve": _resolve}
"""The page is shown again: who may do what has changed."""


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Malformed("there is no text")
    return value


@access.roles(*access.AGENTS)
async def do(request: web.Request) -> web.StreamResponse:
    """POST /desk/c/{id}/{deed}."""
    name, id_ = request.match_info["deed"], request.match_info["id"]
    deed = DEEDS.get(name) or SPOKEN.get(name)
    if deed is None:
        raise NotFound("there is no such deed")
    site, user = site_of(request), await access.user_of(request)
    await deed(site, id_, Agent(user.id, user.name), request)
    if is_htmx(request) and name in SPOKEN:
        return web.Response(status=204, headers={"HX-Trigger": "desk:said"})
    return web.Response(status=303, headers={"Location": f"/desk/c/{id_}{_kept(request)}"})


@access.roles(*access.AGENTS)
async def typing(request: web.Request) -> web.StreamResponse:
    """POST /desk/c/{id}/typing: tell the customer, and colleagues who look on."""
    site, user, id_ = site_of(request), await access.user_of(request), request.match_info["id"]
    wait = await site.bus.allow(f"typing:{user.id}", 20, 10.0)
    if wait:
        raise TooMany("too many at once", wait)
    view = await site.database.read(lambda connection: views.conversation(connection, id_))
    if view is not None and view.agent_id == user.id:
        await site.bus.publish(
            conversation_topic(id_), {"type": "typing", "author": "agent", "name": user.name, "by": user.id}
        )
    return web.Response(status=204)


@access.roles(*access.AGENTS)
async def availability(request: web.Request) -> web.StreamResponse:
    """POST /desk/availability: online, away or offline."""
    site, user = site_of(request), await access.user_of(request)
    chosen = (await request.post()).get("availability")
    if chosen not in AVAILABILITIES:
        raise Malformed("the availability is online, away or offline")

    def work(connection: Connection) -> User:
        return update_user(connection, user.id, availability=str(chosen))

    await site.database.write(work)
    return web.Response(status=303, headers={"Location": "/desk"})


def _kept(request: web.Request) -> str:
    """The tab that the agent is in stays."""
    tab = request.query.get("tab", "")
    return f"?tab={tab}" if tab in ("queue", "mine", "all") else ""
