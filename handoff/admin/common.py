"""What the pages of administration share: their templates, fields of forms, proof that one is oneself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.model.errors import NotAuthenticated, TooMany
from bot.store.accounts import User
from bot.web import attempts, login, templates
from bot.web.languages import page_language, remember
from bot.web.new_passwords import WeakPassword, check_new
from bot.web.passwords import SHORTEST
from bot.web.reach import counted_address, is_https
from bot.web.site import site_of
from bot.web.texts import Words, words

FOLDER = Path(__file__).parent / "templates"
ADMIN = "admin"
LONGEST_NAME = 100
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


class Wrong(Exception):
    """What somebody typed cannot be taken, said in their language."""


def page(request: web.Request, template: str, /, **values: Any) -> web.Response:
    """One of our pages."""
    response = templates.render(request, template, folder=FOLDER, **values)
    remember(request, response, secure=is_https(request))
    return response


def words_of(request: web.Request) -> Words:
    """The words in the language of the request."""
    return words(page_language(request))


def link_over(request: web.Request) -> web.Response:
    """One page for a link that was used, withdrawn, too old or made up: whoever guesses learns nothing."""
    return page(request, "link_over.html", status=404)


async def fields(request: web.Request, *names: str) -> dict[str, str]:
    """Fields of the form, trimmed; a field that is not there is empty."""
    form = await request.post()
    return {name: text(form.get(name)) for name in names}


def text(value: object) -> str:
    """A field or a parameter as text without what no field of ours has."""
    return value.replace("\x00", "").strip()[:300] if isinstance(value, str) else ""


def checked_name(t: Words, name: str) -> str:
    """What somebody is called; raises `Wrong`."""
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise Wrong(t("invite.bad_name"))
    return name


def checked_email(t: Words, email: str) -> str:
    """An address, or nothing; raises `Wrong`."""
    if email and not _EMAIL.fullmatch(email):
        raise Wrong(t("invite.bad_email"))
    return email


async def new_password(request: web.Request, username: str) -> str:
    """The hash of the password that the form gives twice, this user's from now on; raises `Wrong`. Spaces at
    its ends are of it."""
    form, t, site = await request.post(), words_of(request), site_of(request)
    password, again = form.get("new"), form.get("again")
    if not isinstance(password, str) or password != again:
        raise Wrong(t("account.differ"))
    try:
        check_new(password, username=username, site=site.settings.name)
    except WeakPassword as weak:
        raise Wrong(t(f"account.{weak.why}", n=SHORTEST)) from None
    return await site.passwords.hashed(password)


async def prove_oneself(request: web.Request, user: User) -> None:
    """The form's `password` is the user's own; raises `Wrong`. Guessing is slowed as at the login: somebody
    may sit at another's desk."""
    password, t, site = (await request.post()).get("password"), words_of(request), site_of(request)
    given = password if isinstance(password, str) else ""
    try:
        await login.prove(site, user.username, given, counted_address(request))
    except NotAuthenticated:
        raise Wrong(t("account.wrong")) from None
    except TooMany as error:
        raise Wrong(attempts.told(t, page_language(request), error)) from None
