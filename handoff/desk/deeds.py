"""What an agent does with a conversation from the desk, as forms. A table of deeds: each makes the steps of
`bot.service.deeds` out of its form; all steps of a deed are done or none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

from aiohttp import web

from bot.bus import conversation_topic
from bot.model.errors import Conflict, Malformed, NotFound, StaleVersion, TooMany
from bot.model.numbers import whole_number
from bot.service import deeds, saying
from bot.service.agents import Agent, Work
from bot.service.place import At, last_seq
from bot.store import marks, views
from bot.store.accounts import User
from bot.store.views import ConversationView
from bot.web import access
from bot.web.errors import is_htmx
from bot.web.languages import page_language
from bot.web.site import Site, site_of
from bot.web.texts import words
from handoff.canned import Step, filled
from handoff.desk import ticket_form
from handoff.desk.lists import list_form
from handoff.snooze import SNOOZES, snooze_until

Form = Mapping[str, str]


def _claim(_: Site, __: Form) -> Sequence[Work]:
    return [deeds.claim]


def _reply(_: Site, form: Form) -> Sequence[Work]:
    return [lambda place: saying.reply(place, form.get("text", ""), key=key_of(form)), sent("reply", form)]


def _take_over(_: Site, form: Form) -> Sequence[Work]:
    """From the colleague whom the page showed."""
    return [partial(deeds.take_over, holder=form.get("from", ""))]


def _note(_: Site, form: Form) -> Sequence[Work]:
    return [lambda place: saying.note(place, form.get("text", ""), key=key_of(form)), sent("note", form)]


def _again(_: Site, form: Form) -> Sequence[Work]:
    return [partial(saying.again, seq=_number(form, "seq", "say which message"))]


def sent(kind: str, form: Form) -> Work:
    """The draft is done with: what was sent, or what this page had saved of it; not what another tab
    writes."""

    def drop(place: At) -> int:
        mine = (form.get("text", ""), form.get("draft", ""))
        marks.drop_draft(place.connection, place.agent.id, place.id, kind, mine)
        return last_seq(place)

    return drop


def _resolve(site: Site, form: Form) -> Sequence[Work]:
    """What solved it comes on a ticket: on one that is made now, where there is none."""
    title = form.get("title", "") if form.get("article") else ""
    solved = form.get("outcome") != "unsolved"
    solution = form.get("solution", "")
    return [site.ticketing.ensure, partial(deeds.resolve, solution=solution, solved=solved, article=title)]


def _transfer(site: Site, form: Form) -> Sequence[Work]:
    """To a colleague (`agent:ID`), a team's line (`team:ID`), the line or the bot; with a note for who gets
    it."""
    kind, _, which = form.get("to", "").partition(":")
    note = form.get("note", "")
    steps: list[Work] = [lambda place: saying.note(place, note)] if note.strip() else []
    if kind == "team" and which not in site.agreements.policy.teams:
        raise Malformed("there is no such team")
    ways: dict[str, Work] = {
        "agent": lambda place: deeds.to_colleague(place, which),
        "team": lambda place: deeds.to_team(place, which),
        "queue": deeds.to_queue,
        "bot": deeds.to_bot,
    }
    if kind not in ways:
        raise Malformed("say to whom: a colleague, a team, the queue or the bot")
    return [*steps, ways[kind]]


def _guide(site: Site, form: Form) -> Sequence[Work]:
    """The bot walks the customer through an article, and comes back when that did not help."""
    slug = form.get("article", "")
    if not site.articles.by_slug.get(slug):
        raise Malformed("there is no such article")
    return [lambda place: deeds.to_bot(place, article=slug)]


def _snooze(site: Site, form: Form) -> Sequence[Work]:
    """By the name of a choice, or `until` as the page's date and time in the helpdesk's own zone."""
    return [partial(deeds.snooze, until=_moment(site, form.get("choice", ""), form.get("until", "")))]


def _wake(_: Site, __: Form) -> Sequence[Work]:
    return [deeds.wake]


def _make_ticket(site: Site, _: Form) -> Sequence[Work]:
    return [site.ticketing.make]


def _edit(site: Site, form: Form) -> Sequence[Work]:
    fields, before = ticket_form.changes_in(form)
    return [lambda place: site.ticketing.edit(place, fields, before)]


def _about_customer(_: Site, form: Form) -> Sequence[Work]:
    return [lambda place: saying.note_on_customer(place, form.get("text", ""))]


def _forget_note(_: Site, form: Form) -> Sequence[Work]:
    return [partial(saying.remove_note_on_customer, note_id=_number(form, "note", "say which note"))]


def _macro(site: Site, form: Form) -> Sequence[Work]:
    macro = site.agreements.canned.macros.get(form.get("macro", ""))
    if macro is None:
        raise NotFound("there is no such macro")
    return [partial(_macro_step, site, step) for step in macro.steps]


def _macro_step(site: Site, step: Step, place: At) -> int:
    view = views.conversation(place.connection, place.id)
    text = filled(step.texts.get(place.language) or "", blanks(view, place.agent.name))
    return _MACRO_STEPS[step.does](site, place, text or step.value)


def _prioritize(site: Site, place: At, value: str) -> int:
    site.ticketing.ensure(place)
    return site.ticketing.edit(place, {"priority": value})


_MACRO_STEPS: Mapping[str, Callable[[Site, At, str], int]] = {
    "reply": lambda _, place, text: saying.reply(place, text),
    "note": lambda _, place, text: saying.note(place, text),
    "priority": _prioritize,
    "team": lambda _, place, team: deeds.to_team(place, team),
    "snooze": lambda site, place, choice: deeds.snooze(place, _moment(site, choice, "")),
    "resolve": lambda _, place, text: deeds.resolve(place, text),
}


def blanks(view: ConversationView | None, agent: str) -> dict[str, str]:
    """What the places in a canned text are filled with."""
    ticket = view.ticket if view else None
    name = (ticket.ticket.customer if ticket else "") or (
        view.customer.name if view and view.customer else ""
    )
    return {"customer": name or "", "agent": agent, "ticket": str(ticket.number) if ticket else ""}


DEEDS: Mapping[str, Callable[[Site, Form], Sequence[Work]]] = {
    "claim": _claim,
    "take-over": _take_over,
    "reply": _reply,
    "note": _note,
    "again": _again,
    "resolve": _resolve,
    "transfer": _transfer,
    "guide": _guide,
    "snooze": _snooze,
    "wake": _wake,
    "ticket": _make_ticket,
    "edit": _edit,
    "customer": _about_customer,
    "forget-note": _forget_note,
    "macro": _macro,
}

STAYS = frozenset({"reply", "note", "again", "edit", "customer", "forget-note", "ticket"})
"""After these the page stays as it is, and fetches what is new; after others it is shown again."""


def _number(form: Form, name: str, otherwise: str) -> int:
    number = whole_number(form.get(name))
    if number is None:
        raise Malformed(f"{otherwise}, by its number")
    return number


def key_of(form: Form) -> str | None:
    """The page's own id of what it sends."""
    return form.get("key", "")[:100] or None


def _moment(site: Site, choice: str, given: str) -> float | None:
    now = datetime.fromtimestamp(site.clock(), UTC).astimezone(site.zone)
    if choice in SNOOZES:
        until = snooze_until(choice, now, site.agreements.policy.calendar)
        return until.timestamp() if until else None
    try:
        return datetime.fromisoformat(given).replace(tzinfo=site.zone).timestamp()
    except (ValueError, OverflowError):
        raise Malformed("say until when: choose one, or give a date and a time") from None


@access.roles(*access.AGENTS)
async def do(request: web.Request) -> web.StreamResponse:
    """POST /desk/c/{id}/{deed}."""
    name, id_ = request.match_info["deed"], request.match_info["id"]
    if name not in DEEDS:
        raise NotFound("there is no such deed")
    site, user = site_of(request), await access.user_of(request)
    form = {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    try:
        await site.agents.do(id_, Agent(user.id, user.name), *DEEDS[name](site, form))
    except StaleVersion:
        return await ticket_form.again(request, form)
    except Conflict as error:
        if name != "claim" or not await _is_theirs(request, site, user, id_, error):
            raise
    if is_htmx(request) and name in STAYS:
        return web.Response(status=204, headers={"HX-Trigger": "desk:said"})
    return web.Response(status=303, headers={"Location": f"/desk/c/{id_}{list_form(request, user).address}"})


async def _is_theirs(request: web.Request, site: Site, user: User, id_: str, error: Conflict) -> bool:
    """Whether a claim that came too late was the second press of the same button; else who has it is told."""
    view = await site.database.read(lambda connection: views.conversation(connection, id_))
    if view is None or view.agent_name is None:
        return False
    if view.agent_id == user.id:
        return True
    raise Conflict(words(page_language(request))("desk.taken", name=view.agent_name)) from error


@access.roles(*access.AGENTS)
async def typing(request: web.Request) -> web.StreamResponse:
    """POST /desk/c/{id}/typing: tell colleagues who look on, and the customer where it is a reply."""
    site, user, id_ = site_of(request), await access.user_of(request), request.match_info["id"]
    wait = await site.bus.allow(f"typing:{user.id}", 20, 10.0)
    if wait:
        raise TooMany("too many at once", wait)
    view = await site.database.read(lambda connection: views.conversation(connection, id_))
    if view is None:
        raise NotFound("there is no such conversation")
    told = {"name": user.name, "by": user.id}
    if view.agent_id == user.id and request.query.get("kind") != "note":
        await site.bus.publish(conversation_topic(id_), {"type": "typing", "author": "agent", **told})
    else:
        await site.bus.publish(conversation_topic(id_), {"type": "writing", **told})
    return web.Response(status=204)
