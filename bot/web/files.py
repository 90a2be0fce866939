"""/files/<id>: a picture that came with what was said. Its id is all that is asked for: an <img> on another
site and a channel that fetches media bring no login. Nothing but pictures that we drew ourselves is here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from aiohttp import web

from bot.model.errors import NotFound
from bot.store.attachments import find_file
from bot.web import access
from bot.web.site import site_of

LONGEST = 100
_SHOWN = ("name", "content_type", "width", "height")

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    # An hour: who is erased is soon gone from browsers too.
    "Cache-Control": "private, max-age=3600, immutable",
    "X-Robots-Tag": "noindex",
}


def routes() -> list[web.RouteDef]:
    """The one address."""
    return [web.get("/files/{id}", show)]


@access.public
async def show(request: web.Request) -> web.StreamResponse:
    """The bytes; one 404 for whatever is not there, or not any more."""
    id_ = request.match_info["id"][:LONGEST].replace("\x00", "")
    found = await site_of(request).database.read(lambda connection: find_file(connection, id_))
    if found is None:
        raise NotFound("there is no file at this address")
    name = f"inline; filename*=UTF-8''{quote(found.name, safe='')}"
    return web.Response(
        body=found.content,
        content_type=found.content_type,
        headers={**HEADERS, "Content-Disposition": name},
    )


def links_of(content: Mapping[str, Any] | None, base: str) -> list[dict[str, Any]]:
    """The pictures of an event's content for programs, each with its `url`."""
    return [
        {**{key: each[key] for key in _SHOWN}, "url": f"{base}/files/{each['id']}"}
        for each in (content or {}).get("attachments") or ()
    ]
