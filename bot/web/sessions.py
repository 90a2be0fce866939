"""Who is logged in: a random token in a cookie, its hash in the store, and a token against forged forms."""

from __future__ import annotations

import hmac
import secrets

from aiohttp import web
from sqlalchemy import Connection

from bot.model.errors import NotAllowed
from bot.store.accounts import (
    Session,
    User,
    create_session,
    delete_session,
    digest,
    find_session,
    touch_session,
)
from bot.web.browsers import coarse
from bot.web.reach import is_https
from bot.web.security import SAFE, check_origin
from bot.web.site import site_of

COOKIE = "balie_session"
CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"
SEEN_EVERY = 60.0
"""`seen_at` is as exact as this: not every click is worth a write."""

_KEY: web.RequestKey[Session | None] = web.RequestKey("session")


def cookie_name(request: web.Request) -> str:
    """Over https the browser itself guards the cookie's host and path."""
    return f"__Host-{COOKIE}" if is_https(request) else COOKIE


async def session_of(request: web.Request) -> Session | None:
    """The session of this request, looked up once."""
    if _KEY not in request:
        request[_KEY] = await _find(request)
    return request[_KEY]


async def _find(request: web.Request) -> Session | None:
    token = request.cookies.get(cookie_name(request))
    if not token or len(token) > 200:
        return None
    site = site_of(request)
    now = site.clock()
    session = await site.database.read(lambda connection: find_session(connection, digest(token), now=now))
    if session is not None and now - session.seen_at > SEEN_EVERY:
        await site.database.write(lambda connection: touch_session(connection, session.token_hash, now=now))
    return session


def known_session(request: web.Request) -> Session | None:
    """The session that was looked up already, for templates."""
    return request.get(_KEY)


async def begin(request: web.Request, response: web.StreamResponse, user: User) -> None:
    """A new session with a new token, whatever the browser came with."""
    site = site_of(request)
    now, token, old = site.clock(), secrets.token_urlsafe(32), request.cookies.get(cookie_name(request))
    seconds = site.settings.session_hours * 3600
    browser = coarse(request.headers.get("User-Agent", ""))

    def work(connection: Connection) -> None:
        if old:
            delete_session(connection, digest(old))
        create_session(
            connection,
            user.id,
            token_hash=digest(token),
            csrf=secrets.token_urlsafe(24),
            now=now,
            expires_at=now + seconds,
            browser=browser,
        )

    await site.database.write(work)
    response.set_cookie(
        cookie_name(request),
        token,
        max_age=int(seconds),
        path="/",
        secure=is_https(request),
        httponly=True,
        samesite="Lax",
    )


async def end(request: web.Request, response: web.StreamResponse) -> None:
    """Forget the session, here and in the browser."""
    session = await session_of(request)
    if session is not None:
        await site_of(request).database.write(
            lambda connection: delete_session(connection, session.token_hash)
        )
    response.del_cookie(
        cookie_name(request), path="/", secure=is_https(request), httponly=True, samesite="Lax"
    )


async def check_form(request: web.Request, session: Session) -> None:
    """Refuse a POST without this session's token, in the header or in the form; one with a file, which its
    handler reads in pieces, has it in the header."""
    if request.method in SAFE:
        return
    check_origin(request)
    given = request.headers.get(CSRF_HEADER)
    if given is None and request.content_type == "multipart/form-data":
        given = ""
    if given is None:
        field = (await request.post()).get(CSRF_FIELD)
        given = field if isinstance(field, str) else ""
    if not hmac.compare_digest(given.encode(), session.csrf.encode()):
        raise NotAllowed("this form is out of date: load the page again and repeat what you did")
