"""One way to show and to keep every form: what it is made of stands in `EDITORS`.

A form carries the version of what it showed. Whoever saves what a colleague has changed meanwhile is told,
keeps what they typed, and may save once more over it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from sqlalchemy import func, select

from bot.model.errors import Conflict, ContentError, NotFound
from bot.source.edits import Change, edited
from bot.store.accounts import User
from bot.store.blobs import hash_of
from bot.store.schema import conversations
from bot.store.teams import members_of
from bot.web import access
from bot.web.languages import page_language
from bot.web.site import site_of
from bot.web.times import DAYS, MONTHS
from handoff.admin.common import ADMIN, page, words_of
from handoff.admin.edit.editor import Desk, Editor, Fields, Typed
from handoff.admin.edit.hours import COUNTRIES, HOURS, SPARE
from handoff.admin.edit.keeping import KEPT, PRESENCE, RETENTION, retention_fields
from handoff.admin.edit.misfits import said
from handoff.admin.edit.replies import MACRO, MOST_STEPS, REPLY, SPOKEN
from handoff.admin.edit.shorter import Shorter, shortened
from handoff.admin.edit.teams import LEVELS, ROUTING, TEAM
from handoff.canned import STEPS
from handoff.forms import WEEK
from handoff.retention import load_retention

EDITORS: Mapping[str, Editor] = {
    each.kind: each for each in (TEAM, ROUTING, HOURS, REPLY, MACRO, RETENTION, PRESENCE)
}
FILES = frozenset(each.file for each in EDITORS.values())
HOME = "/admin/agreements"

CHOICES: Mapping[str, object] = {
    "levels": LEVELS, "week": WEEK, "countries": COUNTRIES, "spare": SPARE, "kinds": STEPS, "spoken": SPOKEN,
    "most_steps": MOST_STEPS, "kept": KEPT,
}  # fmt: skip
"""What the templates offer."""


def routes() -> list[web.RouteDef]:
    """The forms, and going back to what the pack says."""
    return [
        web.post(HOME + "/forget", forget),
        web.get(HOME + "/{kind}", show),
        web.post(HOME + "/{kind}", save),
        web.get(HOME + "/{kind}/{id}", show),
        web.post(HOME + "/{kind}/{id}", save),
        web.post(HOME + "/{kind}/{id}/remove", remove),
    ]


@access.roles(ADMIN)
async def show(request: web.Request) -> web.StreamResponse:
    """A form, filled in with what counts now; an empty one where no entry is named."""
    editor, id_, desk = _asked(request)
    fields = _there(editor, desk, id_)
    return await _form(request, editor, id_, desk, fields, _version(fields))


@access.roles(ADMIN)
async def save(request: web.Request) -> web.StreamResponse:
    """POST: keep it, or show it again with what cannot be taken."""
    editor, id_, desk = _asked(request)
    before = _there(editor, desk, id_)
    typed = await _typed(request)
    fields = editor.typed(desk, typed)
    if id_:
        fields["id"] = id_
    version, do = typed.get("version", [""])[0], typed.get("do", [""])[0]
    if do and editor.rearranged:
        return await _form(request, editor, id_, desk, editor.rearranged(fields, do), version)
    problems = list(editor.wrong(desk, fields, id_))
    if problems:
        return await _form(request, editor, id_, desk, fields, version, problems, status=400)
    if version != _version(before):
        told = [desk.t("agree.conflict")]
        return await _form(request, editor, id_, desk, fields, _version(before), told, status=409)
    if editor is RETENTION and typed.get("sure") != [_version(fields)]:
        shorter = await shortened(desk, fields)
        if shorter:
            return await _form(request, editor, id_, desk, fields, version, shorter=shorter, status=422)
    return await _keep(request, editor, id_, desk, fields, editor.change(desk, fields), version)


@access.roles(ADMIN)
async def remove(request: web.Request) -> web.StreamResponse:
    """POST: take an entry out."""
    editor, id_, desk = _asked(request)
    fields = _there(editor, desk, id_)
    if editor.removal is None:
        raise NotFound("there is nothing to remove")
    if editor is TEAM and (waiting := await _conversations(desk, id_)):
        told = [desk.t("agree.team_waits", n=waiting)]
        return await _form(request, editor, id_, desk, fields, _version(fields), told, status=409)
    return await _keep(request, editor, id_, desk, fields, editor.removal(id_), _version(fields))


@access.roles(ADMIN)
async def forget(request: web.Request) -> web.StreamResponse:
    """POST: what the pack's file says counts again."""
    actor, desk = await access.user_of(request), _desk(request)
    file = (await _typed(request)).get("file", [""])[0]
    if file not in FILES:
        raise NotFound("that file is not edited here")
    if file == RETENTION.file:
        fields = retention_fields(load_retention({file: desk.site.agreed.original(file)}))
        shorter = await shortened(desk, fields)
        if shorter:  # asked in the form, with the file's terms in it
            version = _version(_there(RETENTION, desk, ""))
            return await _form(request, RETENTION, "", desk, fields, version, shorter=shorter, status=422)
    try:
        await site_of(request).agreed.forget(file, actor=actor.id)
    except ContentError as error:
        raise Conflict(" ".join([desk.t("agree.needed"), *said(desk, error)])) from None
    raise web.HTTPSeeOther(f"{HOME}?done=forgotten")


async def _keep(
    request: web.Request,
    editor: Editor,
    id_: str,
    desk: Desk,
    fields: Fields,
    change: Change,
    version: str,
) -> web.StreamResponse:
    actor, agreed = await access.user_of(request), desk.site.agreed
    was, what = agreed.version(editor.file), fields.get("id", "")
    try:
        text = edited(agreed.text(editor.file), change)
        await agreed.keep(editor.file, text, version=was, actor=actor.id, what=what)
    except ContentError as error:
        told = [desk.t("agree.does_not_fit"), *said(desk, error)]
        return await _form(request, editor, id_, desk, fields, version, told, status=400)
    except Conflict:
        told = [desk.t("agree.conflict")]
        return await _form(request, editor, id_, desk, fields, version, told, status=409)
    raise web.HTTPSeeOther(f"{HOME}?done=saved#{editor.section}")


def _asked(request: web.Request) -> tuple[Editor, str, Desk]:
    """The kind and the entry of the address, and whose desk it is."""
    kind = request.match_info["kind"]
    if kind not in EDITORS:
        raise NotFound("there is no such form")
    editor, id_ = EDITORS[kind], request.match_info.get("id", "")
    if id_ and not editor.many:
        raise NotFound("there is one form for all of it")
    return editor, id_, _desk(request)


def _desk(request: web.Request) -> Desk:
    site = site_of(request)
    return Desk(site, words_of(request), page_language(request), site.agreed.languages)


def _there(editor: Editor, desk: Desk, id_: str) -> Fields:
    fields = editor.shown(desk, id_)
    if fields is None:
        raise NotFound("there is no such entry")
    return fields


async def _typed(request: web.Request) -> Typed:
    form = await request.post()
    return {
        name: [value.replace("\x00", "") for value in form.getall(name) if isinstance(value, str)] or [""]
        for name in form
    }


async def _conversations(desk: Desk, team: str) -> int:
    """How many conversations wait for a team or are with it."""
    query = select(func.count()).where(conversations.c.team == team, conversations.c.owner != "bot")
    return await desk.site.database.read(lambda connection: connection.execute(query).scalar_one())


async def _members(desk: Desk, team: str) -> list[User]:
    """Who was put into a team; nobody is in a new one."""
    return await desk.site.database.read(lambda connection: members_of(connection, team, access.AGENTS))


def _version(fields: Fields) -> str:
    return hash_of(json.dumps(fields, sort_keys=True, default=str).encode())[:16]


async def _form(
    request: web.Request,
    editor: Editor,
    id_: str,
    desk: Desk,
    fields: Fields,
    version: str,
    problems: list[str] | None = None,
    *,
    shorter: Shorter | None = None,
    status: int = 200,
) -> web.Response:
    values: dict[str, Any] = {
        "f": fields, "editor": editor, "id": id_, "version": version, "problems": problems or [],
        "teams": desk.teams, "written_in": desk.languages, "days": DAYS[desk.language],
        "months": MONTHS[desk.language], "members": await _members(desk, id_) if editor is TEAM else [],
        "shorter": shorter, "sure": _version(fields), **CHOICES,
    }  # fmt: skip
    return page(request, f"edit_{editor.kind}.html", status=status, **values)
