"""The form of a ticket's fields: what it shows, and what an agent changed in it. What becomes of the ticket
is `handoff.ticket_edit`."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from bot.model.errors import Conflict, Malformed, NotFound
from bot.model.ticket import OUTCOMES, STATUSES
from bot.service.ticketing import record_of
from bot.store import views
from bot.web import access, templates
from bot.web.errors import is_htmx
from bot.web.languages import page_language
from bot.web.site import Site, site_of
from bot.web.texts import words
from handoff.desk.common import FOLDER
from handoff.desk.names import names_for
from handoff.policy import Reason
from handoff.ticket_edit import CHOICES, DUES, FACT, FIELDS, STEP, overtaken, value_of

NEW = {"new_fact": FACT, "new_step": STEP}
"""What may be added: the field that has the fact's slot or the step's title, and `FIELD_value` beside it."""


@access.roles(*access.AGENTS)
async def edit(request: web.Request) -> web.StreamResponse:
    """GET /desk/c/{id}/edit: the form, filled in."""
    return await _form(request, {})


async def again(request: web.Request, typed: Mapping[str, str]) -> web.StreamResponse:
    """The form once more when a colleague was first: what was typed stands in it, over what is there now."""
    if not is_htmx(request):
        raise Conflict(words(page_language(request))("ticket.overtaken"))
    return await _form(request, typed)


async def _form(request: web.Request, typed: Mapping[str, str]) -> web.StreamResponse:
    site, id_ = site_of(request), request.match_info["id"]
    view = await site.database.read(lambda connection: views.conversation(connection, id_))
    if view is None or view.ticket is None:
        raise NotFound("there is no such ticket")
    language, ticket = page_language(request), view.ticket.ticket
    record, zone = record_of(view.ticket), site.agreements.policy.calendar.zone
    t = words(language)
    labels = site.ticketing.fact_labels(language)
    fields, before = changes_in(typed) if typed else ({}, {})
    return templates.render(
        request, "_edit.html", folder=FOLDER, view=view, choices=CHOICES, dues=DUES, outcomes=OUTCOMES,
        statuses=STATUSES, reasons=tuple(Reason), intents=_intents(site, language, ticket.intent),
        stands=lambda name: value_of(record, name, zone),
        value=lambda name: fields.get(name, value_of(record, name, zone)),
        added=lambda name: typed.get(name, ""), overtaken=overtaken(record, before, zone),
        offered=lambda prefix, values: [(each, t.known(prefix, each)) for each in values],
        more_facts={slot: label for slot, label in labels.items() if slot not in ticket.facts},
        status=409 if typed else 200,
        headers={"HX-Retarget": "#edit-body", "HX-Reswap": "innerHTML"} if typed else None,
        **names_for(site, language),
    )  # fmt: skip


def changes_in(form: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Only what this agent has changed, by field; and how the form had shown those (`was.NAME`)."""
    given = {name: value for name, value in form.items() if name in FIELDS or name.startswith((FACT, STEP))}
    if not given:
        raise Malformed("there is no field to change")
    fields = {name: value for name, value in given.items() if form.get(f"was.{name}") != value}
    before = {name: form[f"was.{name}"] for name in fields if f"was.{name}" in form}
    for name, prefix in NEW.items():
        what, value = form.get(name, "").strip(), form.get(f"{name}_value", "").strip()
        if what and value:
            fields[prefix + what] = value
    return fields, before


def _intents(site: Site, language: str, current: str) -> list[tuple[str, str]]:
    """What a ticket may be about, by name for people."""
    known = {*site.agreements.policy.rules.intents, *([current] if current else [])}
    named = [(name, site.subject(name, language)) for name in known]
    return sorted(named, key=lambda pair: pair[1].casefold())
