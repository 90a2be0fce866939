"""What an agent sets for themselves: availability, how the desk behaves, what is drafted, what was read."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy import Connection
from yarl import URL

from bot.bus import conversation_topic
from bot.model.errors import Malformed, TooLarge
from bot.model.messages import MAX_TEXT
from bot.model.numbers import whole_number
from bot.store import marks
from bot.store.accounts import User, gone_with, set_user_settings, update_user, user_settings
from bot.web import access, templates
from bot.web.errors import is_htmx, json
from bot.web.site import site_of
from handoff.desk.common import FOLDER

AVAILABILITIES = ("online", "away", "offline")

WISHES = {"sound": True, "badge": True, "notify": False, "enter": True}
"""How the desk is as long as somebody does not want it otherwise: a sound, a number in the tab's title and a
notification when somebody waits, and Enter that sends."""


@access.roles(*access.AGENTS)
async def availability(request: web.Request) -> web.StreamResponse:
    """POST /desk/availability: online, away or offline. Who goes offline leaves nothing behind."""
    site, user = site_of(request), await access.user_of(request)
    chosen = (await request.post()).get("availability")
    if chosen not in AVAILABILITIES:
        raise Malformed("the availability is online, away or offline")

    def work(connection: Connection) -> User:
        return update_user(connection, user.id, availability=str(chosen))

    await site.database.write(work)
    if chosen == "offline":
        await site.attendance.left(user.id, actor=user.id)
    await site.agents.tell_availability(user.id, str(chosen))
    if is_htmx(request):
        return web.Response(status=204)  # the page is told as all that are open are
    return web.Response(status=303, headers={"Location": _came_from(request)})


@access.roles(*access.AGENTS)
async def presence(request: web.Request) -> web.StreamResponse:
    """GET /desk/presence: how the agent is known now, for a page that shows that they are `?was=`; in words
    where somebody else than that page has changed it."""
    site, user = site_of(request), await access.user_of(request)
    gone = await site.database.read(lambda connection: gone_with(connection, user.id))
    was = request.query.get("was", "")
    return templates.render(request, "_presence_now.html", folder=FOLDER, was=was, gone=gone)


def _came_from(request: web.Request) -> str:
    """The page of the desk that the form is on."""
    came = URL(request.headers.get("Referer", ""))
    return str(came.relative()) if came.absolute and came.path.startswith("/desk") else "/desk"


@access.roles(*access.AGENTS)
async def settings(request: web.Request) -> web.StreamResponse:
    """POST /desk/settings: the boxes that are ticked."""
    site, user = site_of(request), await access.user_of(request)
    form = await request.post()

    def work(connection: Connection) -> None:
        wished = {name: name in form for name in WISHES}
        set_user_settings(connection, user.id, user_settings(connection, user.id) | wished)

    await site.database.write(work)
    return web.Response(status=204)


@access.roles(*access.AGENTS)
async def draft(request: web.Request) -> web.StreamResponse:
    """POST /desk/c/{id}/draft: what is being written, there again on every device and after a restart.

    Each `was` is a text that the page may have saved before. Where another tab or device has
    left another one, that stays: 409, with it as `kept`.
    """
    site, user, id_ = site_of(request), await access.user_of(request), request.match_info["id"]
    form = await request.post()
    kind, text = form.get("kind"), form.get("text")
    if kind not in marks.KINDS or not isinstance(text, str):
        raise Malformed("a draft has a kind (reply or note) and a text")
    if len(text) > MAX_TEXT:
        raise TooLarge(f"a text may have {MAX_TEXT} characters")
    new, now = _clean(text), site.clock()
    known = [_clean(was) for was in form.getall("was", []) if isinstance(was, str)]

    def work(connection: Connection) -> str | None:
        marks.last_event(connection, id_)  # there is such a conversation
        return marks.save_draft(connection, user.id, id_, str(kind), new, now=now, known=known)

    kept = await site.database.write(work)
    return web.Response(status=204) if kept is None else json({"kept": kept}, status=409)


@access.roles(*access.AGENTS)
async def kept_draft(request: web.Request) -> web.StreamResponse:
    """GET /desk/c/{id}/draft?kind=: what is kept of it now, as `kept`; empty for none."""
    site, user, id_ = site_of(request), await access.user_of(request), request.match_info["id"]
    drafts = await site.database.read(lambda connection: marks.drafts_of(connection, user.id, id_))
    return json({"kept": drafts.get(request.query.get("kind", ""), "")})


def _clean(text: str) -> str:
    return text.replace("\x00", "")


@access.roles(*access.AGENTS)
async def read(request: web.Request) -> web.StreamResponse:
    """POST /desk/c/{id}/read?seq=: seen up to there."""
    site, user, id_ = site_of(request), await access.user_of(request), request.match_info["id"]
    given = whole_number(request.query.get("seq"))
    if given is None:
        raise Malformed("'seq' is the number of the last event")
    now = site.clock()

    def unread(connection: Connection) -> int | None:
        seq = min(given, marks.last_event(connection, id_))
        return None if marks.is_read(connection, user.id, id_, seq) else seq

    seq = await site.database.read(unread)
    if seq is None:
        return web.Response(status=204)
    await site.database.write(lambda connection: marks.mark_read(connection, user.id, id_, seq, now=now))
    await site.bus.publish(conversation_topic(id_), {"type": "read", "by": user.id})
    return web.Response(status=204)
