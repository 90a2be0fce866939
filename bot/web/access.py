"""Who may do what. Every route says who it is for; a route that says nothing is for nobody.

A handler is marked by one of the decorators; routes made elsewhere (channels, files) are taken in by
`opened`, which states that they are public or guard themselves.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.model.errors import NotAllowed, NotAuthenticated
from bot.model.roles import ROLES
from bot.store.accounts import Session, User, digest, find_token, touch_token
from bot.web.security import check_origin
from bot.web.sessions import check_form, session_of
from bot.web.site import Site, site_of

AGENTS = ("agent", "lead", "admin")
READERS = ROLES
"""Everybody who works here may read transcripts; who does is written down."""
REVIEWERS = ("reviewer", "editor", "lead", "admin")
"""Who says of a conversation what was wrong in it, and how well it went."""
EDITORS = ("editor", "admin")
"""Who decides what is learned from it."""
FIGURES = REVIEWERS
"""Not agents: their colleagues' times are not theirs to read."""

_MARK = "__balie_access__"

H = TypeVar("H", bound=Callable[..., Awaitable[web.StreamResponse]])


@dataclass(frozen=True, slots=True)
class Access:
    """What a route asks: `public`, `token`, `own` (it guards itself) or `roles`, of which one is enough."""

    kind: str
    roles: frozenset[str] = frozenset()


PUBLIC, TOKEN, OWN = Access("public"), Access("token"), Access("own")


def _mark(handler: H, access: Access) -> H:
    setattr(handler, _MARK, access)
    return handler


def public(handler: H) -> H:
    """For everybody; a form that is sent to it must come from our own pages."""
    return _mark(handler, PUBLIC)


def token(handler: H) -> H:
    """For programs with a bearer token."""
    return _mark(handler, TOKEN)


def own(handler: H) -> H:
    """For whom the handler itself lets in."""
    return _mark(handler, OWN)


def roles(*names: str) -> Callable[[H], H]:
    """For people who are logged in with one of these roles."""
    unknown = set(names) - set(ROLES)
    if unknown or not names:
        raise ValueError(f"unknown roles: {sorted(unknown)}")
    return lambda handler: _mark(handler, Access("roles", frozenset(names)))


def opened(routes: Iterable[web.RouteDef]) -> list[web.RouteDef]:
    """Routes that are public by nature or guard themselves: channels, files, the demo page."""

    def wrapped(inner: Any) -> Handler:
        @wraps(inner)  # with what it says of the body that it reads
        async def handler(request: web.Request) -> web.StreamResponse:
            return await inner(request)

        return _mark(handler, OWN)

    return [web.RouteDef(each.method, each.path, wrapped(each.handler), each.kwargs) for each in routes]


def access_of(handler: Any) -> Access | None:
    """What a handler asks; None when it says nothing, and then nobody may."""
    return getattr(handler, _MARK, None)


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let through who may."""
    match = request.match_info
    if match.http_exception is not None:
        await session_of(request)  # the page that says so leads home whoever works here
        return await handler(request)  # there is no such route, or not by that method
    access = access_of(match.handler)
    if access is None:
        raise NotAllowed("this address is open to nobody")
    await _CHECKS[access.kind](request, access)
    return await handler(request)


async def _anybody(request: web.Request, _: Access) -> None:
    check_origin(request)


async def _itself(_: web.Request, __: Access) -> None:
    """The route guards itself."""


async def _program(request: web.Request, _: Access) -> None:
    await check_bearer(request)


async def _person(request: web.Request, access: Access) -> None:
    session = await session_of(request)
    if session is None:
        raise NotAuthenticated("log in first")
    if session.user.role not in access.roles:
        raise NotAllowed("your role does not give access to this")
    await check_form(request, session)


_CHECKS: dict[str, Callable[[web.Request, Access], Awaitable[None]]] = {
    "public": _anybody,
    "own": _itself,
    "token": _program,
    "roles": _person,
}


async def check_bearer(request: web.Request) -> None:
    """Raise unless the request carries a token that counts; for channels too (`RestChannel(authorize=…)`)."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    given = given.strip()
    if scheme.lower() != "bearer" or not given:
        raise NotAuthenticated("send a token: Authorization: Bearer …")
    site = site_of(request)
    ours = site.settings.api_token
    if ours and hmac.compare_digest(given.encode(), ours.encode()):
        return
    if len(given) > 500 or not await _stored(site, given):
        raise NotAuthenticated("this token is unknown or was revoked")


async def _stored(site: Site, given: str) -> bool:
    hashed, now = digest(given), site.clock()
    found = await site.database.read(lambda connection: find_token(connection, hashed))
    if found is None:
        return False
    if found.used_at is None or now - found.used_at > 60:
        await site.database.write(lambda connection: touch_token(connection, found, now=now))
    return True


async def session_required(request: web.Request) -> Session:
    """The session that `guard` has checked."""
    session = await session_of(request)
    if session is None:
        raise NotAuthenticated("log in first")
    return session


async def user_of(request: web.Request) -> User:
    """Who is logged in, on a route with `roles`."""
    return (await session_required(request)).user
