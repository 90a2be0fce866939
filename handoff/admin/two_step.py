"""/account/two-step: a second step for one's own login. Begun with the password, so that nobody does it at
another's desk; on once a code proves that an app knows the secret; off with the password and a code."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy import Connection

from bot.model.errors import NotFound, TooMany
from bot.model.roles import ROLES
from bot.store import two_step as store
from bot.store.accounts import User, audit, digest
from bot.store.people import end_other_logins
from bot.web import access, attempts, totp
from bot.web.languages import page_language
from bot.web.reach import counted_address
from bot.web.second_step import code_counts
from bot.web.site import site_of
from handoff.admin.account import account, account_page
from handoff.admin.common import Wrong, fields, page, prove_oneself, words_of

PATH = "/account/two-step"


def routes() -> list[web.RouteDef]:
    """The page, the picture on it, and its forms."""
    return [
        web.get(PATH, show),
        web.get(f"{PATH}/picture.svg", picture),
        web.post(f"{PATH}/begin", begin),
        web.post(f"{PATH}/confirm", confirm),
        web.post(f"{PATH}/off", off),
        # For who loads a page again after a form:
        web.get(f"{PATH}/begin", account),
        web.get(f"{PATH}/confirm", show),
        web.get(f"{PATH}/off", account),
    ]


@access.roles(*ROLES)
async def begin(request: web.Request) -> web.StreamResponse:
    """POST, with the password: make a secret."""
    site, user = site_of(request), await access.user_of(request)
    try:
        await prove_oneself(request, user)
    except Wrong as wrong:
        return await account_page(request, problem=str(wrong), about="two_step")
    secret = totp.new_secret()
    await site.database.write(lambda connection: store.begin_two_step(connection, user.id, secret))
    return web.Response(status=303, headers={"Location": PATH})


@access.roles(*ROLES)
async def show(request: web.Request) -> web.StreamResponse:
    """The secret, as a picture and to type, and the field for the first code."""
    try:
        secret = await _begun(request)
    except NotFound:
        raise web.HTTPSeeOther("/account") from None
    return page(request, "two_step.html", secret=totp.grouped_secret(secret), problem="")


@access.roles(*ROLES)
async def picture(request: web.Request) -> web.StreamResponse:
    """The secret as a QR code, until it is on."""
    secret, user = await _begun(request), await access.user_of(request)
    drawn = totp.picture(totp.address(secret, user.username, site_of(request).settings.name))
    return web.Response(body=drawn, content_type="image/svg+xml", headers={"Cache-Control": "no-store"})


@access.roles(*ROLES)
async def confirm(request: web.Request) -> web.StreamResponse:
    """POST: the first code; shows the codes on paper, this once. Logins that gave none end, but this one."""
    site, session, t = site_of(request), await access.session_required(request), words_of(request)
    try:
        secret = await _begun(request)
    except NotFound:
        raise web.HTTPSeeOther("/account") from None
    user, now = session.user, site.clock()
    step = totp.step_of(secret, (await fields(request, "code"))["code"], now)
    if step is None:
        shown = totp.grouped_secret(secret)
        return page(request, "two_step.html", status=400, secret=shown, problem=t("two_step.wrong"))
    codes = totp.paper_codes()

    def write(connection: Connection) -> None:
        hashes = [digest(totp.plain(each)) for each in codes]
        store.turn_on(connection, user.id, secret, step=step, codes=hashes, now=now)
        end_other_logins(connection, user.id, session.token_hash)
        audit(connection, actor=user.id, deed="two_step_on", subject=f"user:{user.id}", now=now)

    await site.database.write(write)
    return page(request, "codes.html", codes=codes)


@access.roles(*ROLES)
async def off(request: web.Request) -> web.StreamResponse:
    """POST, with the password and a code: one step again."""
    site, user, t = site_of(request), await access.user_of(request), words_of(request)
    code = (await fields(request, "code"))["code"]
    try:
        await prove_oneself(request, user)
        if not await code_counts(site, user, code, counted_address(request)):
            raise Wrong(t("code.wrong"))
    except TooMany as error:
        problem = attempts.told(t, page_language(request), error)
        return await account_page(request, problem=problem, about="two_step")
    except Wrong as wrong:
        return await account_page(request, problem=str(wrong), about="two_step")
    await site.database.write(lambda connection: _turn_off(connection, user, site.clock()))
    return web.Response(status=303, headers={"Location": "/account?done=two_step_off"})


def _turn_off(connection: Connection, user: User, now: float) -> None:
    if store.turn_off(connection, user.id):
        audit(connection, actor=user.id, deed="two_step_off", subject=f"user:{user.id}", now=now)


async def _begun(request: web.Request) -> str:
    """The secret that waits for its first code; raises `NotFound`."""
    user = await access.user_of(request)
    found = await site_of(request).database.read(lambda connection: store.two_step_of(connection, user.id))
    if found is None or found.since is not None:
        raise NotFound("no two-step login was begun")
    return found.secret
