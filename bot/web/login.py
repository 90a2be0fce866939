"""/desk/login and /desk/logout, for everybody who works here. Guessing is slowed per account and per address;
an account that does not exist is answered as slowly and in the same words as one that does.
"""

from __future__ import annotations

from aiohttp import web
from sqlalchemy import Connection
from yarl import URL

from bot.model.errors import BadInput, BalieError, NotAuthenticated, TooMany
from bot.store.accounts import (
    ROLES,
    User,
    audit,
    clear_attempts,
    count_attempts,
    credentials,
    digest,
    record_attempt,
    update_user,
)
from bot.web import access, templates
from bot.web.errors import LOGIN, status_of
from bot.web.languages import page_language, remember
from bot.web.reach import counted_address, is_https
from bot.web.sessions import begin, end, session_of
from bot.web.site import Site, site_of
from bot.web.texts import words

WINDOW = 900.0
"""Seconds that a failed attempt counts."""

FREE = {"account": 4, "address": 20}
"""Failures without a wait; each one after these doubles it."""

LONGEST = {"account": 60.0, "address": 900.0}
"""Seconds of the longest wait. An account's stays short: a stranger must not lock a colleague out."""


def routes() -> list[web.RouteDef]:
    """The login page and both of its forms."""
    return [web.get(LOGIN, show), web.post(LOGIN, log_in), web.post("/desk/logout", log_out)]


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
    """Check name and password, begin a session."""
    form = await request.post()
    name, password, to = (_field(form.get(key)) for key in ("username", "password", "next"))
    try:
        user = await sign_in(site_of(request), name, password, counted_address(request))
    except (NotAuthenticated, TooMany, BadInput) as error:
        status, _ = status_of(error)
        t = words(page_language(request))
        problem = t("login.wait") if isinstance(error, TooMany) else t("login.wrong")
        headers = {"Retry-After": str(int(error.retry_after) + 1)} if isinstance(error, TooMany) else None
        return templates.render(
            request, "login.html", status=status, headers=headers, next=to, username=name, problem=problem
        )
    response = web.Response(status=303, headers={"Location": _inside(to) or home_of(user)})
    await begin(request, response, user)
    return response


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
        await site.attendance.left(session.user.id)
    response = web.Response(status=303, headers={"Location": LOGIN, "Cache-Control": "no-store"})
    await end(request, response)
    return response


def home_of(user: User) -> str:
    """Where somebody's work is."""
    return "/desk" if user.role in access.AGENTS else "/review"


def _field(value: object) -> str:
    return value[:1_000] if isinstance(value, str) else ""


def _inside(address: str) -> str:
    """An address of ours to go on to; nothing for one that leads away."""
    if not address.startswith("/") or address.startswith(("//", "/\\")) or any(c < " " for c in address):
        return ""
    try:
        url = URL(address)
    except ValueError:
        return ""
    return str(url) if not url.absolute and not url.path.startswith(LOGIN) else ""


async def sign_in(site: Site, username: str, password: str, address: str) -> User:
    """The user with this name and password; raises `NotAuthenticated`, or `TooMany` when it must wait.

    The account's attempt is on record before the password is looked at, so that many at once are counted one
    by one; the address's only when it failed, so that an office behind one address can start its day.
    """
    now = site.clock()
    username = username.strip().casefold()
    keys = {"account": f"account:{digest(username)}", "address": f"address:{address}"}
    wait, found = await site.database.write(lambda connection: _admit(connection, keys, username, now))
    if wait > 0:
        raise TooMany("too many attempts", wait)
    user, kept = found or (None, None)
    right = await site.passwords.check(kept, password)
    if not right or user is None or kept is None or user.disabled:
        await site.database.write(lambda connection: record_attempt(connection, keys["address"], now=now))
        raise NotAuthenticated("wrong name or password")
    dated = site.passwords.is_dated(kept)
    fresh = await _rehash(site, password) if dated else None

    def enter(connection: Connection) -> None:
        clear_attempts(connection, keys["account"])  # the address's stay: somebody may guess beside a login
        if fresh:
            update_user(connection, user.id, password_hash=fresh)
        if user.role in access.AGENTS:
            update_user(connection, user.id, availability="online")
        audit(connection, actor=user.id, deed="login", subject="session", now=now)

    await site.database.write(enter)
    return user


async def _rehash(site: Site, password: str) -> str | None:
    try:
        return await site.passwords.hashed(password)
    except BalieError:
        return None  # shorter than is asked today: it stays as it is


def _admit(
    connection: Connection, keys: dict[str, str], username: str, now: float
) -> tuple[float, tuple[User, str] | None]:
    """How long this must wait; when it need not, it is counted, and who it may be is looked up."""
    wait = max(_wait(connection, kind, key, now) for kind, key in keys.items())
    if wait > 0:
        return wait, None
    record_attempt(connection, keys["account"], now=now)
    return 0.0, credentials(connection, username)


def _wait(connection: Connection, kind: str, key: str, now: float) -> float:
    failed = count_attempts(connection, key, since=now - WINDOW)
    if failed < FREE[kind]:
        return 0.0
    pause = min(2.0 ** (failed - FREE[kind] + 1), LONGEST[kind])
    return pause if count_attempts(connection, key, since=now - pause) else 0.0
