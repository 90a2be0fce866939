"""A picture as a reply to the customer, with a caption or without: the form that the composer sends.

What a picture may be is `bot.service.pictures`; who may reply, `bot.service.deeds`.
"""

from __future__ import annotations

from aiohttp import web

from bot.model.errors import BadInput, Malformed, TooLarge, TooMany
from bot.service import saying
from bot.service.agents import Agent
from bot.service.pictures import MAX_BYTES
from bot.store.attachments import NewFile
from bot.web import access
from bot.web.languages import page_language
from bot.web.site import site_of
from bot.web.texts import words
from bot.web.uploads import read_upload, uploads
from handoff.desk.deeds import key_of, sent

FIELD = "picture"
MOST, PER = 30, 60.0
"""Pictures that one agent may send."""


@access.roles(*access.AGENTS)
@uploads(MAX_BYTES)
async def send(request: web.Request) -> web.StreamResponse:
    """POST /desk/c/{id}/picture: the reply's own fields and `picture`."""
    site, user, id_ = site_of(request), await access.user_of(request), request.match_info["id"]
    wait = await site.bus.allow(f"pictures:{user.id}", MOST, PER)
    if wait:
        raise TooMany("too many pictures at once; wait a moment", wait)
    upload = await read_upload(request, FIELD, MAX_BYTES)
    file = await _ready(request, upload.content, upload.name)
    form = upload.fields
    await site.agents.do(
        id_,
        Agent(user.id, user.name),
        lambda place: saying.reply(place, form.get("text", ""), key=key_of(form), files=(file,)),
        sent("reply", form),
    )
    return web.Response(status=204, headers={"HX-Trigger": "desk:said"})


async def _ready(request: web.Request, content: bytes, name: str) -> NewFile:
    """The picture, or why not in the words of the page."""
    t = words(page_language(request))
    try:
        return await site_of(request).pictures.ready(content, name)
    except TooLarge as error:
        raise TooLarge(t("picture.too_large")) from error
    except BadInput as error:
        raise Malformed(t("picture.unknown")) from error
