"""POST /admin/people/{id}/teams: which teams an agent helps. One's own too: it locks nobody out."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy import Connection

from bot.model.errors import NotFound
from bot.store.accounts import audit, get_user
from bot.store.teams import choose_teams
from bot.web import access
from bot.web.site import site_of
from handoff.admin.common import ADMIN


def routes() -> list[web.RouteDef]:
    """Before the deeds, which have a name in its place."""
    return [web.post("/admin/people/{id}/teams", choose)]


@access.roles(ADMIN)
async def choose(request: web.Request) -> web.StreamResponse:
    """The teams that are ticked; a team that is gone meanwhile is left aside."""
    site, actor, id_ = site_of(request), await access.user_of(request), request.match_info["id"]
    ticked = {str(each) for each in (await request.post()).getall("teams", [])}
    teams = [team for team in site.agreements.policy.teams if team in ticked]

    def write(connection: Connection) -> None:
        user = get_user(connection, id_)
        if user is None or user.role not in access.AGENTS:
            raise NotFound("there is no such user")
        if choose_teams(connection, id_, teams):
            audit(
                connection, actor=actor.id, deed="user_teams", subject=f"user:{id_}", now=site.clock(),
                data={"teams": teams},
            )  # fmt: skip

    await site.database.write(write)
    raise web.HTTPSeeOther(f"/admin/people/{id_}?done=teams")
