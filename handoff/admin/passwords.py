"""For who forgot a password: an administrator makes a link, and /password/…, where whoever has it chooses
another. Balie sends no e-mail, so the link is shown once, to be passed on; a second step is still asked."""

from __future__ import annotations

import secrets

from aiohttp import web
from sqlalchemy import Connection

from bot.model.errors import Conflict, NotFound
from bot.store.accounts import User, audit, digest, get_user
from bot.store.password_links import link_owner, make_link, use_link
from bot.store.two_step import two_step_of
from bot.web import access, second_step
from bot.web.entering import enter, home_of
from bot.web.site import site_of
from handoff.admin.common import ADMIN, Wrong, link_over, new_password, page, words_of
from handoff.admin.once import lead_to

MAKE = "/admin/people/{id}/password-link"


def routes() -> list[web.RouteDef]:
    """Both sides of a link."""
    return [
        web.post(MAKE, make),
        web.get("/password/{token}", choose),
        web.post("/password/{token}", chosen),
    ]


@access.roles(ADMIN)
async def make(request: web.Request) -> web.StreamResponse:
    """POST: a link for somebody else; their page shows it."""
    site, actor, id_ = site_of(request), await access.user_of(request), request.match_info["id"]
    if id_ == actor.id:
        raise Conflict(words_of(request)("person.oneself"))
    token = secrets.token_urlsafe(32)

    def write(connection: Connection) -> None:
        user, now = get_user(connection, id_), site.clock()
        if user is None or user.disabled:
            raise NotFound("nobody with that id may log in")
        make_link(connection, id_, digest(token), now=now)
        audit(connection, actor=actor.id, deed="password_link", subject=f"user:{id_}", now=now)

    await site.database.write(write)
    return lead_to(request, f"/admin/people/{id_}", token)


@access.public
async def choose(request: web.Request) -> web.StreamResponse:
    """The page behind the link."""
    user = await _owner(request)
    return link_over(request) if user is None else _form(request, user)


@access.public
async def chosen(request: web.Request) -> web.StreamResponse:
    """POST: this password from now on, and on to the second step for who has one."""
    site, user = site_of(request), await _owner(request)
    if user is None:
        return link_over(request)
    token_hash, now = _hash(request), site.clock()
    try:
        hashed = await new_password(request, user.username)
    except Wrong as wrong:
        return _form(request, user, str(wrong))

    def write(connection: Connection) -> tuple[User, bool]:
        user = use_link(connection, token_hash, password_hash=hashed, now=now)
        audit(connection, actor=user.id, deed="password_chosen", subject=f"user:{user.id}", now=now)
        second = two_step_of(connection, user.id)
        return user, second is not None and second.since is not None

    try:
        user, asks_code = await site.database.write(write)
    except NotFound:  # somebody was faster
        return link_over(request)
    return (
        await second_step.begin(request, user, "") if asks_code else await enter(request, user, home_of(user))
    )


def _form(request: web.Request, user: User, problem: str = "") -> web.Response:
    t, status = words_of(request), 400 if problem else 200
    return page(
        request, "welcome.html", status=status, title=t("forgot.title"), lead=t("forgot.lead"),
        username=user.username, go=t("forgot.go"), problem=problem,
    )  # fmt: skip


def _hash(request: web.Request) -> str:
    return digest(request.match_info["token"][:200])


async def _owner(request: web.Request) -> User | None:
    site, token_hash = site_of(request), _hash(request)
    now = site.clock()
    return await site.database.read(lambda connection: link_owner(connection, token_hash, now=now))
