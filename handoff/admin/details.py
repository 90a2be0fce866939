"""POST /admin/people/{id}/details: what somebody is called, as customers see it, and their e-mail address.
One's own too: it locks nobody out."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy import Connection

from bot.model.errors import NotFound
from bot.store.accounts import audit, get_user, update_user
from bot.web import access
from bot.web.site import site_of
from handoff.admin.common import ADMIN, Wrong, checked_email, checked_name, fields, words_of
from handoff.admin.people import person_page


def routes() -> list[web.RouteDef]:
    """Before the deeds, which have a name in its place."""
    return [web.post("/admin/people/{id}/details", change)]


@access.roles(ADMIN)
async def change(request: web.Request) -> web.StreamResponse:
    """Keep them, or show the page again with what cannot be taken."""
    site, actor, id_ = site_of(request), await access.user_of(request), request.match_info["id"]
    given, t = await fields(request, "name", "email"), words_of(request)
    try:
        after = {"name": checked_name(t, given["name"]), "email": checked_email(t, given["email"])}
    except Wrong as wrong:
        return await person_page(request, given=given, problem=str(wrong))

    def write(connection: Connection) -> None:
        user = get_user(connection, id_)
        if user is None:
            raise NotFound("there is no such user")
        before = {"name": user.name, "email": user.email or ""}
        changes = [
            f"{sign} {field}: {values[field]}"
            for field in after
            if before[field] != after[field]
            for sign, values in (("-", before), ("+", after))
            if values[field]
        ]
        if changes:
            update_user(connection, id_, name=after["name"], email=after["email"])
            audit(
                connection, actor=actor.id, deed="user_details", subject=f"user:{id_}", now=site.clock(),
                data={"changes": changes},
            )  # fmt: skip

    await site.database.write(write)
    raise web.HTTPSeeOther(f"/admin/people/{id_}?done=details")
