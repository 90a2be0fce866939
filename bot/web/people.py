"""/people: what is kept of a person, for who answers for it: shown, taken along, erased. Who is asked for
goes in a form's body, not in an address that logs and histories keep. Erasing is `bot.service.persons`.
"""

from __future__ import annotations

import asyncio

from aiohttp import web
from yarl import URL

from bot.model.errors import Malformed, NotFound
from bot.service.persons import Found, Persons
from bot.store.persons import Person
from bot.web import access, templates, times
from bot.web.archive import archive
from bot.web.languages import LANGUAGES, remember
from bot.web.reach import is_https
from bot.web.site import site_of
from bot.web.texts import words

LONGEST = 200
ROLES = ("lead", "admin")


def routes() -> list[web.RouteDef]:
    """The page and its three deeds."""
    return [
        web.get("/people", ask),
        web.post("/people", show),
        web.post("/people/export", export),
        web.post("/people/erase", erase),
    ]


@access.roles(*ROLES)
async def ask(request: web.Request) -> web.StreamResponse:
    """The question who."""
    return _page(request, "", None, erased=request.query.get("erased", ""))


@access.roles(*ROLES)
async def show(request: web.Request) -> web.StreamResponse:
    """What there is of who was asked for; that somebody looked is written down."""
    who = await _who(request)
    persons, user = _persons(request), await access.user_of(request)
    found = await persons.look(who)
    if found.person:
        await persons.looked(found.person, actor=user.id)
    return _page(request, who, found)


@access.roles(*ROLES)
async def export(request: web.Request) -> web.StreamResponse:
    """All of it as a file, in the language that they read."""
    who = await _who(request)
    form = await request.post()
    language = str(form.get("language", ""))
    if language not in LANGUAGES:
        raise Malformed("choose a language")
    site, persons, user = site_of(request), _persons(request), await access.user_of(request)
    kept = await persons.export(await _chosen(request, persons, who), actor=user.id)
    day = times.moment(kept.at, site.zone).date().isoformat()
    name = words(language)("archive.file", when=day)
    return web.Response(
        body=await asyncio.to_thread(archive, kept, language, site.zone, site.pack()),
        headers={
            "Content-Type": "application/zip",
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


@access.roles(*ROLES)
async def erase(request: web.Request) -> web.StreamResponse:
    """Erase what is ticked."""
    who = await _who(request)
    if (await request.post()).get("sure") != "yes":
        raise Malformed("say that you are sure")
    persons, user = _persons(request), await access.user_of(request)
    erased = await persons.erase(await _chosen(request, persons, who), actor=user.id)
    done = "whole" if erased.scrubbed else "later"
    raise web.HTTPSeeOther(URL("/people").with_query(erased=done))


def _persons(request: web.Request) -> Persons:
    site = site_of(request)
    return Persons(site.database, site.bus, site.clock)


async def _who(request: web.Request) -> str:
    form = await request.post()
    return str(form.get("who", "")).replace("\x00", "").strip()[:LONGEST]


async def _chosen(request: web.Request, persons: Persons, who: str) -> Person:
    """What is ticked of what was shown; a conversation that came since is not."""
    found = await persons.look(who)
    if not found.person and not found.mentioned:
        raise NotFound("nothing is kept of them")
    ids = [str(each) for each in (await request.post()).getall("conversation", [])]
    chosen = await persons.choose(found, ids)
    if not chosen:
        raise Malformed("tick at least one conversation")
    return chosen


def _page(request: web.Request, who: str, found: Found | None, *, erased: str = "") -> web.StreamResponse:
    response = templates.render(
        request, "people.html", who=who, found=found, erased=erased if erased in ("whole", "later") else "",
        spoken=LANGUAGES, longest=LONGEST, theirs=found.language if found else "",
    )  # fmt: skip
    remember(request, response, secure=is_https(request))
    return response
