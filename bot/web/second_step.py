"""/desk/login/code: the code that is asked after the password of who has two-step login on. What came before
it is kept as a half login, which opens nothing but this page; wrong codes are slowed as wrong passwords are,
and counted apart from them.
"""

from __future__ import annotations

import secrets

from aiohttp import web
from sqlalchemy import Connection
from yarl import URL

from bot.model.errors import TooMany
from bot.store.accounts import User, audit, digest
from bot.store.two_step import begin_half, end_half, half_login, two_step_of, use_code, use_step
from bot.web import access, attempts, templates, totp
from bot.web.entering import enter, field, home_of, inside
from bot.web.errors import LOGIN
from bot.web.languages import page_language, remember
from bot.web.reach import counted_address, is_https
from bot.web.site import Site, site_of
from bot.web.texts import words

PATH = f"{LOGIN}/code"
COOKIE = "balie_half_login"
LASTS = 300.0
"""Seconds in which the code must come."""


def routes() -> list[web.RouteDef]:
    """The page and its form."""
    return [web.get(PATH, show), web.post(PATH, check)]


async def begin(request: web.Request, user: User, to: str) -> web.Response:
    """The password was right: on to the page that asks the code."""
    site, token = site_of(request), secrets.token_urlsafe(32)
    now = site.clock()
    await site.database.write(
        lambda connection: begin_half(connection, user.id, digest(token), now=now, lasts=LASTS)
    )
    address = URL(PATH).with_query({"next": to} if to else {})
    response = web.Response(status=303, headers={"Location": str(address), "Cache-Control": "no-store"})
    response.set_cookie(
        COOKIE, token, max_age=int(LASTS), path=PATH, secure=is_https(request), httponly=True, samesite="Lax"
    )
    return response


@access.public
async def show(request: web.Request) -> web.StreamResponse:
    """The page; back to the password for who has not given it, or not lately."""
    if await _half(request) is None:
        raise web.HTTPSeeOther(LOGIN)
    response = templates.render(request, "code.html", next=request.query.get("next", ""), problem="")
    remember(request, response, secure=is_https(request))
    return response


@access.public
async def check(request: web.Request) -> web.StreamResponse:
    """A code from the app or from paper."""
    site, user = site_of(request), await _half(request)
    if user is None:
        raise web.HTTPSeeOther(LOGIN)
    form = await request.post()
    code, to = field(form.get("code")), field(form.get("next"))
    t = words(page_language(request))
    address = counted_address(request)
    try:
        right = await code_counts(site, user, code, address)
    except TooMany as error:
        headers = {"Retry-After": str(int(error.retry_after) + 1)}
        problem = attempts.told(t, page_language(request), error)
        return templates.render(request, "code.html", status=429, headers=headers, next=to, problem=problem)
    if not right:
        return templates.render(request, "code.html", status=401, next=to, problem=t("code.wrong"))
    token = digest(request.cookies[COOKIE])
    await site.database.write(lambda connection: end_half(connection, token))
    response = await enter(request, user, inside(to) or home_of(user))
    response.del_cookie(COOKIE, path=PATH, secure=is_https(request), httponly=True, samesite="Lax")
    return response


async def code_counts(site: Site, user: User, code: str, address: str) -> bool:
    """Whether a code of this user counts, now and never again; raises `TooMany`. A wrong one is written down:
    whoever typed it knows the password."""
    now = site.clock()

    def look(connection: Connection) -> bool:
        found = two_step_of(connection, user.id)
        if found is None or found.since is None:
            return False
        step = totp.step_of(found.secret, code, now)
        if step is not None:
            right = use_step(connection, user.id, found.secret, step)
        else:
            right = use_code(connection, user.id, digest(totp.plain(code)))
            if right:
                audit(connection, actor=user.id, deed="code_used", subject=f"user:{user.id}", now=now)
        if right:
            attempts.forgiven(connection, user.username, kind="code")
        else:
            audit(connection, actor=user.id, deed="code_refused", subject=f"user:{user.id}", now=now)
        return right

    right = await attempts.admitted(site, user.username, address, look, kind="code")
    if not right:
        await attempts.failed(site, address)
    return right


async def _half(request: web.Request) -> User | None:
    token, site = request.cookies.get(COOKIE, ""), site_of(request)
    if not token or len(token) > 200:
        return None
    now = site.clock()
    return await site.database.read(lambda connection: half_login(connection, digest(token), now=now))
