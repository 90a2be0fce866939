"""/desk/login and /desk/logout, for everybody who works here. Guessing is slowed (`attempts`); an account
that does not exist is answered as slowly and in the same words as one that does. The code that some are asked
after their password is `second_step`.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import Connection

from bot.model.errors import BadInput, BalieError, NotAuthenticated, TooMany
from bot.model.roles import ROLES
from bot.store.accounts import User, audit, credentials, update_user
from bot.store.two_step import TwoStep, two_step_of
from bot.web import access, attempts, second_step, templates
from bot.web.entering import enter, field, home_of, inside
from bot.web.errors import LOGIN, status_of
from bot.web.languages import page_language, remember
from bot.web.reach import counted_address, is_https
from bot.web.sessions import end, session_of
from bot.web.site import Site, site_of
from bot.web.texts import words

log = logging.getLogger(__name__)


def routes() -> list[web.RouteDef]:
    """The login page and its form, the code after it, and the way out."""
    return [
        web.get(LOGIN, show),
        web.post(LOGIN, log_in),
        *second_step.routes(),
        web.post("/desk/logout", log_out),
    ]


@access.public
async def show(request: web.Request) -> web.StreamResponse:
    """The form; who is logged in already goes on."""
    session = await session_of(request)
    if session is not None and "next" not in request.query:
        raise web.HTTPSeeOther(home_of(session.user))
    response = templates.render(
        request, "login.html", next=request.query.get("next", ""), username="", problem=""
    )
    remember(request, response, secure=is_https(request))
    return response


@access.public
async def log_in(request: web.Request) -> web.StreamResponse:
    """Check name and password, begin a session or ask for the code."""
    form = await request.post()
    name, password, to = (field(form.get(key)) for key in ("username", "password", "next"))
    try:
        proven = await prove(site_of(request), name, password, counted_address(request))
    except (NotAuthenticated, TooMany, BadInput) as error:
        status, _ = status_of(error)
        language = page_language(request)
        t = words(language)
        problem = attempts.told(t, language, error) if isinstance(error, TooMany) else t("login.wrong")
        headers = {"Retry-After": str(int(error.retry_after) + 1)} if isinstance(error, TooMany) else None
        return templates.render(
            request, "login.html", status=status, headers=headers, next=to, username=name, problem=problem
        )
    user = proven.user
    if proven.dated:
        await _rehash(site_of(request), user, password)
    if proven.asks_code:
        return await second_step.begin(request, user, inside(to))
    return await enter(request, user, inside(to) or home_of(user))


@access.roles(*ROLES)
async def log_out(request: web.Request) -> web.StreamResponse:
    """End the session."""
    session = await access.session_required(request)
    site = site_of(request)

    def work(connection: Connection) -> None:
        update_user(connection, session.user.id, availability="offline")
        audit(connection, actor=session.user.id, deed="logout", subject="session", now=site.clock())

    await site.database.write(work)
    if session.user.role in access.AGENTS:
        await site.attendance.left(session.user.id, actor=session.user.id)
    response = web.Response(status=303, headers={"Location": LOGIN, "Cache-Control": "no-store"})
    await end(request, response)
    return response


@dataclass(frozen=True, slots=True)
class Proven:
    """Whose password it was, whether a code is asked too, and whether its hash is weaker than today's."""

    user: User
    asks_code: bool
    dated: bool


async def prove(site: Site, username: str, password: str, address: str) -> Proven:
    """Who has this name and password; raises `NotAuthenticated`, or `TooMany` when it must wait."""
    username = username.strip().casefold()

    def look(connection: Connection) -> tuple[User, str, TwoStep | None] | None:
        found = credentials(connection, username)
        return (*found, two_step_of(connection, found[0].id)) if found else None

    user, kept, second = await attempts.admitted(site, username, address, look) or (None, None, None)
    right = await site.passwords.check(kept, password)
    if not right or user is None or kept is None or user.disabled:
        await _refused(site, user, address)
        raise NotAuthenticated("wrong name or password")
    await site.database.write(lambda connection: attempts.forgiven(connection, username))
    asks_code = second is not None and second.since is not None
    return Proven(user, asks_code, site.passwords.is_dated(kept))


async def _refused(site: Site, user: User | None, address: str) -> None:
    """A wrong password is on record with whose it should have been; a name that nobody has is not, as people
    type passwords there."""

    def note(connection: Connection) -> None:
        if user is not None:
            audit(connection, actor=user.id, deed="password_refused", subject="session", now=site.clock())

    times = await attempts.failed(site, address, note)
    if user is None:
        log.warning("a login failed for a name that nobody has; failed logins from there lately: %s", times)


async def _rehash(site: Site, user: User, password: str) -> None:
    try:
        fresh = await site.passwords.hashed(password)
    except BalieError:
        return  # shorter than is asked today: it stays as it is
    await site.database.write(lambda connection: update_user(connection, user.id, password_hash=fresh))
