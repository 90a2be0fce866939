"""/account: one's own password and logins, for everybody who works here. The second step is `two_step`."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import Connection

from bot.model.roles import ROLES
from bot.store.accounts import audit, update_user
from bot.store.people import SHORT, Login, end_login, end_other_logins, logins_of
from bot.store.two_step import TwoStep, two_step_of
from bot.web import access, sessions
from bot.web.site import site_of
from handoff.admin.common import Wrong, fields, new_password, page, prove_oneself

DONE = ("password", "two_step_on", "two_step_off")
"""What the page says was done."""


@dataclass(frozen=True, slots=True)
class Account:
    """What the page shows; `here` is this browser's login."""

    logins: list[Login]
    here: str
    two_step: TwoStep | None


def routes() -> list[web.RouteDef]:
    """The page and what is done on it."""
    return [
        web.get("/account", account),
        web.post("/account/password", change_password),
        web.get("/account/password", account),  # for who loads the page again after a mistake
        web.post("/account/logins/end", end_one),
        web.post("/account/logins/end-others", end_others),
    ]


@access.roles(*ROLES)
async def account(request: web.Request) -> web.StreamResponse:
    """The page."""
    return await account_page(request)


async def account_page(request: web.Request, *, problem: str = "", about: str = "") -> web.Response:
    """The page, with what was wrong in the form `about` something."""
    site, session = site_of(request), await access.session_required(request)
    now, user = site.clock(), session.user

    def read(connection: Connection) -> Account:
        logins = logins_of(connection, user.id, now=now)
        return Account(logins, session.token_hash[:SHORT], two_step_of(connection, user.id))

    found = await site.database.read(read)
    done = request.query.get("done")
    return page(
        request, "account.html", status=400 if problem else 200, account=found, problem=problem, about=about,
        done=done if done in DONE else "",
    )  # fmt: skip


@access.roles(*ROLES)
async def change_password(request: web.Request) -> web.StreamResponse:
    """POST: another password for who knows the old one; every login but this one ends."""
    site, user = site_of(request), await access.user_of(request)
    try:
        hashed = await new_password(request, user.username)
        await prove_oneself(request, user)
    except Wrong as wrong:
        return await account_page(request, problem=str(wrong), about="password")

    def write(connection: Connection) -> None:
        update_user(connection, user.id, password_hash=hashed)
        audit(connection, actor=user.id, deed="password", subject=f"user:{user.id}", now=site.clock())

    await site.database.write(write)
    response = web.Response(status=303, headers={"Location": "/account?done=password"})
    await sessions.begin(request, response, user)
    return response


@access.roles(*ROLES)
async def end_one(request: web.Request) -> web.StreamResponse:
    """POST: log out in one place."""
    site, user = site_of(request), await access.user_of(request)
    login = (await fields(request, "login"))["login"]
    await site.database.write(lambda connection: end_login(connection, user.id, login))
    return web.Response(status=303, headers={"Location": "/account"})


@access.roles(*ROLES)
async def end_others(request: web.Request) -> web.StreamResponse:
    """POST: log out everywhere but here."""
    site, session = site_of(request), await access.session_required(request)
    await site.database.write(
        lambda connection: end_other_logins(connection, session.user.id, session.token_hash)
    )
    return web.Response(status=303, headers={"Location": "/account"})
