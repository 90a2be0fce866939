"""/people: what is kept of a person, for who answers for it: shown, taken along, erased. Who is asked for goes
in a form's body, not in an address that logs and histories keep. What erasing is, is `bot.service.persons`.
"""

from __future__ import annotations

from aiohttp import web
from yarl import URL

from bot.model.errors import Conflict, Malformed, NotFound
from bot.service.persons import Found, Persons
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
    kept = await persons.export((await _known(persons, who)).person, actor=user.id)
    day = times.moment(kept.at, site.zone).date().isoformat()
    name = words(language)("archive.file", when=day)
    return web.Response(
        body=archive(kept, language, site.zone),
        headers={
            "Content-Type": "application/zip",
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


@access.roles(*ROLES)
async def erase(request: web.Request) -> web.StreamResponse:
    """Erase what was shown, no more and no less; raises `Conflict` where there is more by now."""
    who = await _who(request)
    form = await request.post()
    if form.get("sure") != "yes":
        raise Malformed("tick that you are sure")
    persons, user = _persons(request), await access.user_of(request)
    found = await _known(persons, who)
    if str(form.get("shown", "")) != shown_of(found):
        raise Conflict("there is more, or less, than the page showed: look again")
    erased = await persons.erase(found.person, actor=user.id)
    done = "whole" if erased.scrubbed else "later"
    raise web.HTTPSeeOther(URL("/people").with_query(erased=done))


def shown_of(found: Found) -> str:
    """What the page showed, to be compared when it is sent back: a conversation more is not erased unseen."""
    person = found.person
    return f"{len(person.conversations)}-{len(person.tickets)}-{len(person.customers)}"


def _persons(request: web.Request) -> Persons:
    site = site_of(request)
    return Persons(site.database, site.bus, site.clock)


async def _who(request: web.Request) -> str:
    form = await request.post()
    return str(form.get("who", "")).replace("\x00", "").strip()[:LONGEST]


async def _known(persons: Persons, who: str) -> Found:
    found = await persons.look(who)
    if not found.person:
        raise NotFound("nothing is kept of them")
    return found


def _page(request: web.Request, who: str, found: Found | None, *, erased: str = "") -> web.StreamResponse:
    response = templates.render(
        request, "people.html", who=who, found=found, erased=erased if erased in ("whole", "later") else "",
        shown=shown_of(found) if found else "", spoken=LANGUAGES, longest=LONGEST,
    )  # fmt: skip
    remember(request, response, secure=is_https(request))
    return response
