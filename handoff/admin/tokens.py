"""/admin/tokens: keys for programs, made, listed and revoked; the same as `balie token`. A key is shown once,
its hash is kept."""

from __future__ import annotations

import secrets

from aiohttp import web
from sqlalchemy import Connection

from bot.model.errors import Conflict
from bot.store.accounts import audit, create_token, digest, find_token, list_tokens, revoke_token
from bot.web import access
from bot.web.site import site_of
from handoff.admin.common import ADMIN, fields, page, words_of
from handoff.admin.once import lead_to, secret_of, shown

LONGEST = 64


def routes() -> list[web.RouteDef]:
    """The list and its two forms."""
    return [
        web.get("/admin/tokens", tokens),
        web.post("/admin/tokens", make),
        web.post("/admin/tokens/{id}/revoke", revoke),
    ]


@access.roles(ADMIN)
async def tokens(request: web.Request) -> web.StreamResponse:
    """All of them, and the one that was just made."""
    token = secret_of(request)
    found = token and await site_of(request).database.read(lambda c: find_token(c, digest(token)))
    return shown(request, await _page(request, token=token)) if found else await _page(request)


@access.roles(ADMIN)
async def make(request: web.Request) -> web.StreamResponse:
    """POST: one more; the page that follows shows it this once."""
    site, actor, t = site_of(request), await access.user_of(request), words_of(request)
    name = (await fields(request, "name"))["name"]
    if not 0 < len(name) <= LONGEST or not name.isprintable():
        return await _page(request, name=name, problem=t("token.bad_name", n=LONGEST))
    token = secrets.token_urlsafe(32)

    def write(connection: Connection) -> None:
        now = site.clock()
        made = create_token(connection, name=name, token_hash=digest(token), now=now)
        said = {"name": name}
        audit(connection, actor=actor.id, deed="token_create", subject=f"token:{made.id}", now=now, data=said)

    try:
        await site.database.write(write)
    except Conflict:
        return await _page(request, name=name, problem=t("token.taken", name=name))
    return lead_to(request, "/admin/tokens", token)


@access.roles(ADMIN)
async def revoke(request: web.Request) -> web.StreamResponse:
    """POST: it counts no longer."""
    site, actor, id_ = site_of(request), await access.user_of(request), request.match_info["id"]

    def write(connection: Connection) -> None:
        now = site.clock()
        if revoke_token(connection, id_, now=now):
            name = next(each.name for each in list_tokens(connection) if each.id == id_)
            said = {"name": name}
            audit(connection, actor=actor.id, deed="token_revoke", subject=f"token:{id_}", now=now, data=said)

    await site.database.write(write)
    return web.Response(status=303, headers={"Location": "/admin/tokens"})


async def _page(request: web.Request, *, name: str = "", problem: str = "", token: str = "") -> web.Response:
    found = await site_of(request).database.read(list_tokens)
    status = 400 if problem else 200
    return page(request, "tokens.html", status=status, tokens=found, name=name, problem=problem, token=token)
