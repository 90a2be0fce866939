"""A turn that was understood wrongly, corrected where it stands; and what waits for an editor at
/review/corrections. What the words may be is `wording`, what becomes of them `bot.store.corrections`."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import Connection

from bot.dialogue.pack import CUSTOMER
from bot.model.errors import Conflict, Malformed, NotFound, StaleVersion
from bot.model.numbers import whole_number
from bot.model.understanding import NLU_FALLBACK
from bot.store import corrections
from bot.store.accounts import audit
from bot.store.corrections import APPROVED, PENDING, STATUSES, Correction
from bot.store.views import ConversationView
from bot.web import access, templates
from bot.web.languages import page_language, remember
from bot.web.reach import is_https
from bot.web.site import Site, site_of
from bot.web.texts import Words, words
from handoff.review import wording
from handoff.review.common import FOLDER, intents, page_number, people, read_conversation
from handoff.review.turns import Meaning
from handoff.review.worth import LOW
from nlu.finders.builtin import FINDERS

SIZE = 25


@dataclass(frozen=True, slots=True)
class Misread:
    """A turn as it was understood, with its correction so far."""

    view: ConversationView
    meaning: Meaning
    text: str
    correction: Correction | None
    names: dict[str, str]


def routes() -> list[web.RouteDef]:
    """The list before what has an id in its place."""
    return [
        web.get("/review/corrections", listed),
        web.post("/review/corrections/{number}/{decision}", decided),
        web.get("/review/{id}/corrections/{seq}", shown),
        web.post("/review/{id}/corrections/{seq}", proposed),
    ]


# ── at the turn ───────────────────────────────────────────────────────────────────────────────────────────


@access.roles(*access.REVIEWERS)
async def shown(request: web.Request) -> web.StreamResponse:
    """How the correction of a turn stands; with `?form=1` the form to make one."""
    site = site_of(request)
    id_, seq = _place(request)
    misread = await site.database.read(lambda connection: _misread(connection, id_, seq))
    return _part(request, site, misread, form=bool(request.query.get("form")))


@access.roles(*access.REVIEWERS)
async def proposed(request: web.Request) -> web.StreamResponse:
    """POST: what it should have been."""
    site, user = site_of(request), await access.user_of(request)
    id_, seq = _place(request)
    form = await request.post()
    intent, language, typed = (str(form.get(name, "")) for name in ("intent", "language", "text"))
    saw = str(form.get("saw", ""))
    t = words(page_language(request))
    if intent != NLU_FALLBACK and intent not in site.pack().domain.intents:
        raise Malformed(t("correct.no_intent"))
    if language not in site.pack().languages:
        raise Malformed(t("correct.no_language"))
    try:
        text = wording.checked(typed, markable=markable(site))
    except wording.Refused as refused:
        raise Malformed(t(refused.key, **refused.values)) from None

    def write(connection: Connection) -> Misread:
        before, now = _misread(connection, id_, seq), site.clock()
        if _says_nothing_new((intent, language, text), site, before):
            raise Malformed(t("correct.nothing"))
        was = before.meaning.intent
        number = corrections.propose(
            connection, id_, seq, language=language, text=text, intent=intent, was=was, by=user.id, now=now,
            saw=whole_number(saw),
        )  # fmt: skip
        audit(
            connection, actor=user.id, deed="correct", subject=f"conversation:{id_}", now=now,
            data={"correction": number, "was": was, "intent": intent},
        )  # fmt: skip
        return _misread(connection, id_, seq)

    try:
        misread = await site.database.write(write)
    except Conflict:
        misread = await site.database.read(lambda connection: _misread(connection, id_, seq))
        told = _overtaken(misread, t, decides=user.role in access.EDITORS)
        return _part(request, site, misread, form=True, told=told, chosen=(intent, language, typed))
    return _part(request, site, misread)


def _overtaken(misread: Misread, t: Words, *, decides: bool) -> str:
    """Why a correction could not be made, by what stands there now."""
    stands = misread.correction
    if stands and stands.status == APPROVED:
        return t("correct.is_approved" if decides else "correct.editor_approved")
    if stands and stands.status == PENDING:
        return t("correct.proposed", name=misread.names.get(stands.made_by, "?"))
    return t("correct.too_late")


def _place(request: web.Request) -> tuple[str, int]:
    seq = whole_number(request.match_info["seq"])
    if seq is None:
        raise NotFound("there is no such turn")
    return request.match_info["id"], seq


def _misread(connection: Connection, conversation_id: str, seq: int) -> Misread:
    read = read_conversation(connection, conversation_id)
    for part in read.parts:
        meaning = part.meaning
        if meaning is not None and meaning.seq == seq:
            known = corrections.of_conversation(connection, conversation_id)
            return Misread(read.view, meaning, part.text, known.get(seq), people(connection))
    raise NotFound("there is no such turn")


Chosen = tuple[str, str, str]
"""What a form has: an intent, a language and a sentence."""


def _understood(site: Site, misread: Misread) -> Chosen:
    """A turn as it was understood, as an example."""
    meaning = misread.meaning
    text = wording.suggested(
        misread.text, meaning.entities, markable=markable(site), known=known_of(misread.view)
    )
    return meaning.intent, meaning.language, text


def _suggested(site: Site, misread: Misread) -> Chosen:
    """What the form has when it is opened."""
    known = misread.correction
    return (known.intent, known.language, known.text) if known else _understood(site, misread)


def _says_nothing_new(chosen: Chosen, site: Site, misread: Misread) -> bool:
    """What was understood rightly but not surely may be learned as it stands; once."""
    confidence = misread.meaning.confidence
    if chosen == _understood(site, misread) and (confidence is None or confidence >= LOW):
        return True
    return misread.correction is not None and chosen == _suggested(site, misread)


def _part(
    request: web.Request,
    site: Site,
    misread: Misread,
    *,
    form: bool = False,
    told: str = "",
    chosen: Chosen | None = None,
) -> web.Response:
    """How it stands, or the form; `told` is why what was `chosen` in it could not be done."""
    language = page_language(request)
    intent, spoken, text = chosen or _suggested(site, misread)
    return templates.render(
        request, "_correction_part.html", folder=FOLDER, status=409 if told else 200, told=told,
        view=misread.view, seq=misread.meaning.seq, correction=misread.correction, people=misread.names,
        form=form, text=text, segments=wording.segments, intent=intent, spoken=spoken, fallback=NLU_FALLBACK,
        intents=intents(site, language) if form else (), entities=sorted(markable(site)),
        pack_languages=site.pack().languages,
    )  # fmt: skip


def markable(site: Site) -> frozenset[str]:
    """The entities that are learned from examples; the others are found by rule."""
    return site.pack().domain.entities - set(FINDERS)


def known_of(view: ConversationView) -> set[str]:
    """What is known of a conversation's customer, to be kept out of examples."""
    slots = (view.state or {}).get("slots") or {}
    found = {slots.get(name) for name in CUSTOMER}
    if view.customer:
        found |= {view.customer.name, view.customer.email, view.customer.phone}
    if view.ticket:
        found |= {view.ticket.ticket.customer, view.ticket.ticket.contact}
    return {str(each) for each in found if each}


# ── for the editor ────────────────────────────────────────────────────────────────────────────────────────


@access.roles(*access.REVIEWERS)
async def listed(request: web.Request) -> web.StreamResponse:
    """Corrections by what became of them."""
    asked = request.query.get("status", PENDING)
    return await _list(request, asked if asked in STATUSES else PENDING)


async def _list(request: web.Request, status: str, told: str = "") -> web.Response:
    """The list of a status; `told` is why what was just asked could not be done."""
    site, user = site_of(request), await access.user_of(request)
    page = page_number(request.query.get("page"))

    def read(connection: Connection) -> tuple[tuple[Correction, ...], dict[str, int], dict[str, str]]:
        found = corrections.listed(connection, status, limit=SIZE, offset=(page - 1) * SIZE)
        return found, corrections.counts(connection), people(connection)

    found, counts, names = await site.database.read(read)
    response = templates.render(
        request, "corrections.html", folder=FOLDER, status=409 if told else 200, told=told, found=found,
        counts=counts, people=names, chosen=status, statuses=STATUSES,
        page=page, pages=max(1, -(-counts[status] // SIZE)), fallback=NLU_FALLBACK,
        segments=wording.segments, decides=user.role in access.EDITORS,
    )  # fmt: skip
    remember(request, response, secure=is_https(request))
    return response


@access.roles(*access.EDITORS)
async def decided(request: web.Request) -> web.StreamResponse:
    """POST: approve or reject one, as it stood on the page that this comes from (`saw`, its status)."""
    site, user = site_of(request), await access.user_of(request)
    id_, decision = whole_number(request.match_info["number"]), request.match_info["decision"]
    saw = str((await request.post()).get("saw", ""))
    if (saw, decision) not in corrections.DECISIONS or id_ is None:
        raise NotFound("there is no such correction")

    def write(connection: Connection) -> Correction:
        now = site.clock()
        before = corrections.decide(connection, id_, decision, saw=saw, by=user.id, now=now)
        audit(
            connection, actor=user.id, deed=f"{decision} correction", subject=f"correction:{id_}", now=now,
            data={"was": before.status, "intent": before.intent},
        )  # fmt: skip
        return before

    try:
        before = await site.database.write(write)
    except (NotFound, StaleVersion):
        return await _list(request, saw, await _decided_meanwhile(request, id_))
    return web.Response(status=303, headers={"Location": f"/review/corrections?status={before.status}"})


async def _decided_meanwhile(request: web.Request, id_: int) -> str:
    """What became of a correction meanwhile, and by whom."""

    def read(connection: Connection) -> tuple[Correction | None, dict[str, str]]:
        return corrections.find(connection, id_), people(connection)

    t = words(page_language(request))
    found, names = await site_of(request).database.read(read)
    if found is None:
        return t("correct.reworded")
    return t(f"correct.overtaken_{found.status}", name=names.get(found.decided_by or "", "?"))
