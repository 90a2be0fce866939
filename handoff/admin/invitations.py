"""Invitations: made and withdrawn by an administrator, and /welcome/…, where whoever has the link chooses a
password and begins. Balie sends no e-mail, so the link is shown once, to be passed on."""

from __future__ import annotations

import secrets

from aiohttp import web
from sqlalchemy import Connection

from bot.model.errors import Conflict, NotFound
from bot.model.roles import ROLES
from bot.store.accounts import USERNAME, User, audit, digest
from bot.store.invitations import LASTS, Invitation, accept, find_invitation, invite, withdraw
from bot.web import access
from bot.web.entering import enter, home_of
from bot.web.site import site_of
from handoff.admin.common import (
    ADMIN,
    Wrong,
    checked_email,
    checked_name,
    fields,
    link_over,
    new_password,
    page,
    words_of,
)
from handoff.admin.once import lead_to
from handoff.admin.people import people_page


def routes() -> list[web.RouteDef]:
    """Both sides of an invitation."""
    return [
        web.post("/admin/people", make),
        web.post("/admin/withdraw", take_back),
        web.get("/welcome/{token}", welcome),
        web.post("/welcome/{token}", begin),
    ]


@access.roles(ADMIN)
async def make(request: web.Request) -> web.StreamResponse:
    """POST: invite somebody; the page that follows shows the link."""
    site, actor = site_of(request), await access.user_of(request)
    given = await fields(request, "username", "name", "email", "role")
    token, now = secrets.token_urlsafe(32), site.clock()
    try:
        invitation = _invitation(request, given, actor, now)
    except Wrong as wrong:
        return await people_page(request, given=given, problem=str(wrong))

    def write(connection: Connection) -> None:
        invite(connection, invitation, token_hash=digest(token))
        said = {"username": invitation.username, "role": invitation.role}
        audit(connection, actor=actor.id, deed="invite", subject="invitation", now=now, data=said)

    try:
        await site.database.write(write)
    except Conflict:
        taken = words_of(request)("invite.taken", name=invitation.username)
        return await people_page(request, given=given, problem=taken)
    return lead_to(request, "/admin/people", token)


def _invitation(request: web.Request, given: dict[str, str], actor: User, now: float) -> Invitation:
    t = words_of(request)
    if not USERNAME.fullmatch(given["username"]):
        raise Wrong(t("invite.bad_username"))
    called, email = checked_name(t, given["name"]), checked_email(t, given["email"]) or None
    if given["role"] not in ROLES:
        raise Wrong(t("invite.bad_role"))
    name = given["username"].casefold()
    return Invitation(name, called, email, given["role"], actor.id, now, now + LASTS)


@access.roles(ADMIN)
async def take_back(request: web.Request) -> web.StreamResponse:
    """POST: the link counts no longer."""
    site, actor = site_of(request), await access.user_of(request)
    name = (await fields(request, "username"))["username"]

    def write(connection: Connection) -> None:
        if withdraw(connection, name):
            audit(
                connection, actor=actor.id, deed="invite_withdraw", subject="invitation", now=site.clock(),
                data={"username": name},
            )  # fmt: skip

    await site.database.write(write)
    return web.Response(status=303, headers={"Location": "/admin/people"})


# ── who is invited ────────────────────────────────────────────────────────────────────────────────────────


@access.public
async def welcome(request: web.Request) -> web.StreamResponse:
    """The page behind the link."""
    invitation = await _invited(request)
    return link_over(request) if invitation is None else _form(request, invitation)


@access.public
async def begin(request: web.Request) -> web.StreamResponse:
    """POST: with this password, from now on."""
    site, invitation = site_of(request), await _invited(request)
    if invitation is None:
        return link_over(request)
    token_hash, now = digest(request.match_info["token"]), site.clock()
    try:
        hashed = await new_password(request, invitation.username)
    except Wrong as wrong:
        return _form(request, invitation, str(wrong))

    def write(connection: Connection) -> User:
        user = accept(connection, token_hash, password_hash=hashed, now=now)
        said = {"role": user.role}
        audit(connection, actor=user.id, deed="invite_accept", subject=f"user:{user.id}", now=now, data=said)
        return user

    try:
        user = await site.database.write(write)
    except NotFound:  # somebody was faster
        return link_over(request)
    return await enter(request, user, home_of(user))


def _form(request: web.Request, invitation: Invitation, problem: str = "") -> web.Response:
    t, status = words_of(request), 400 if problem else 200
    return page(
        request, "welcome.html", status=status, title=t("welcome.hello", name=invitation.name),
        lead=t("welcome.lead", role=t(f"role.{invitation.role}")), username=invitation.username,
        go=t("welcome.go"), problem=problem,
    )  # fmt: skip


async def _invited(request: web.Request) -> Invitation | None:
    site, token = site_of(request), request.match_info["token"]
    now = site.clock()
    return await site.database.read(
        lambda connection: find_invitation(connection, digest(token[:200]), now=now)
    )
