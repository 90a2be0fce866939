"""/admin/people: everybody who works here, and one of them. What is done to them goes into the audit log; to
oneself nothing is done here, so that nobody locks themselves out. Who is invited is `invitations`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from bot.model.errors import Conflict, Malformed, NotFound
from bot.model.roles import ROLES
from bot.store.accounts import User, audit, delete_sessions_of, digest, get_user, update_user
from bot.store.invitations import find_invitation, list_invitations
from bot.store.password_links import link_owner
from bot.store.people import Person, keep_an_admin, list_people
from bot.store.teams import teams_of
from bot.store.two_step import turn_off
from bot.web import access
from bot.web.languages import page_language
from bot.web.reach import public_base
from bot.web.site import site_of
from handoff.admin.common import ADMIN, fields, page, words_of
from handoff.admin.once import secret_of, shown

Deed = Callable[[Connection, User, str], Mapping[str, Any] | None]
"""Does it to a user, with the role that the form gives; what the log says besides, None where nothing was
done."""

NOBODY = {"username": "", "name": "", "email": "", "role": "agent"}


def routes() -> list[web.RouteDef]:
    """The list, one person, and what is done to them."""
    return [
        web.get("/admin", first),
        web.get("/admin/people", everybody),
        web.get("/admin/people/{id}", one),
        web.post("/admin/people/{id}/{deed}", do),
    ]


@access.roles(ADMIN)
async def first(_: web.Request) -> web.StreamResponse:
    """On to people."""
    raise web.HTTPSeeOther("/admin/people")


@access.roles(ADMIN)
async def everybody(request: web.Request) -> web.StreamResponse:
    """The list, with who is invited; and the link of who was just invited."""
    site, token = site_of(request), secret_of(request)
    now = site.clock()
    found = token and await site.database.read(lambda c: find_invitation(c, digest(token), now=now))
    if not found:
        return await people_page(request)
    return shown(request, await people_page(request, link=f"{public_base(request)}/welcome/{token}"))


async def people_page(
    request: web.Request,
    *,
    given: Mapping[str, str] = NOBODY,
    problem: str = "",
    link: str = "",
) -> web.Response:
    """The list with the form as it was filled in; `link` is an invitation's, shown this once."""
    site = site_of(request)
    now = site.clock()
    people, invited = await site.database.read(
        lambda connection: (list_people(connection, now=now), list_invitations(connection))
    )
    return page(
        request, "people_list.html", status=400 if problem else 200, people=people, invited=invited,
        agents=access.AGENTS, roles=ROLES, given=given, problem=problem, link=link,
    )  # fmt: skip


@access.roles(ADMIN)
async def one(request: web.Request) -> web.StreamResponse:
    """One person and what can be done; and the link for a new password that was just made for them."""
    site, token = site_of(request), secret_of(request)
    now = site.clock()
    owner = await site.database.read(lambda c: link_owner(c, digest(token), now=now)) if token else None
    if owner is None or owner.id != request.match_info["id"]:
        return await person_page(request)
    return shown(request, await person_page(request, link=f"{public_base(request)}/password/{token}"))


async def person_page(
    request: web.Request, *, link: str = "", given: Mapping[str, str] | None = None, problem: str = ""
) -> web.Response:
    """The person of the address; `link` is for a new password, shown this once. `given` is a name and an
    address as they were typed, `problem` why they cannot be taken."""
    site, id_ = site_of(request), request.match_info["id"]
    now = site.clock()

    def read(connection: Connection) -> tuple[Person | None, frozenset[str]]:
        found = next((each for each in list_people(connection, now=now) if each.user.id == id_), None)
        return found, teams_of(connection, id_)

    person, chosen = await site.database.read(read)
    if person is None:
        raise NotFound("there is no such user")
    done = request.query.get("done")
    teams = {team.id: team.name(page_language(request)) for team in site.agreements.policy.teams.values()}
    return page(
        request, "person.html", status=400 if problem else 200, problem=problem, person=person,
        given=given or {"name": person.user.name, "email": person.user.email or ""},
        agents=access.AGENTS, roles=ROLES, link=link,
        done=done if done in (*DEEDS, "teams", "details") else "", chosen=chosen, teams=teams,
        their=[name for id_, name in teams.items() if id_ in chosen],
    )  # fmt: skip


@access.roles(ADMIN)
async def do(request: web.Request) -> web.StreamResponse:
    """POST: one of `DEEDS` to somebody else."""
    site, actor, t = site_of(request), await access.user_of(request), words_of(request)
    id_, name = request.match_info["id"], request.match_info["deed"]
    if name not in DEEDS:
        raise NotFound("there is no such deed")
    if id_ == actor.id:
        raise Conflict(t("person.oneself"))
    role = (await fields(request, "role"))["role"]
    called, deed = DEEDS[name]

    def write(connection: Connection) -> tuple[User, User, bool]:
        before = get_user(connection, id_)
        if before is None:
            raise NotFound("there is no such user")
        said = deed(connection, before, role)
        if said is not None:
            now = site.clock()
            audit(connection, actor=actor.id, deed=called, subject=f"user:{id_}", now=now, data=said)
        return before, get_user(connection, id_) or before, said is not None

    try:
        before, after, done = await site.database.write(write)
    except Conflict:
        raise Conflict(t("person.last_admin")) from None
    if before.role in access.AGENTS and (after.disabled or after.role not in access.AGENTS):
        await site.attendance.left(id_, actor=actor.id)
    return web.Response(
        status=303, headers={"Location": f"/admin/people/{id_}" + (f"?done={name}" if done else "")}
    )


def _role(connection: Connection, user: User, role: str) -> Mapping[str, Any] | None:
    if role not in ROLES:
        raise Malformed(f"a role is one of {', '.join(ROLES)}")
    if role == user.role:
        return None
    if user.role == ADMIN:
        keep_an_admin(connection, user.id)
    offline = None if role in access.AGENTS else "offline"
    update_user(connection, user.id, role=role, availability=offline)
    return {"was": user.role, "role": role}


def _disable(connection: Connection, user: User, _: str) -> Mapping[str, Any] | None:
    if user.disabled:
        return None
    if user.role == ADMIN:
        keep_an_admin(connection, user.id)
    update_user(connection, user.id, disabled=True, availability="offline")
    return {}


def _enable(connection: Connection, user: User, _: str) -> Mapping[str, Any] | None:
    update_user(connection, user.id, disabled=False)
    return {} if user.disabled else None


def _log_out(connection: Connection, user: User, _: str) -> Mapping[str, Any]:
    delete_sessions_of(connection, user.id)
    return {}


def _reset(connection: Connection, user: User, _: str) -> Mapping[str, Any] | None:
    return {} if turn_off(connection, user.id) else None


DEEDS: Mapping[str, tuple[str, Deed]] = {
    "role": ("user_role", _role),
    "disable": ("user_disable", _disable),
    "enable": ("user_enable", _enable),
    "log-out": ("user_log_out", _log_out),
    "two-step-off": ("two_step_reset", _reset),
}
"""What an administrator does to somebody: by the address, how the audit log calls it, and how it is done."""
