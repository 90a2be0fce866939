"""The steps of a call that Balie placed: somebody picked up, how it goes, and the way to the agent who asked
for it. Once the customer speaks with the bot it is a call as any other (`talking`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from aiohttp import web

from bot.model.errors import Malformed, NotFound
from bot.service.placed import Answered
from bot.store.outgoing import OVER, Going
from bot.voice import ear
from bot.voice.words import words
from bot.voice.words.outward import outward
from channels.phone import twilio
from channels.phone.exchange import Exchange, Placed, Step
from channels.phone.script import Place
from channels.phone.twilio import Form
from channels.phone.twiml import Ask, Connect, Dial, Hangup, Pause, Redirect, Say, Verb


async def answered(at: Exchange, form: Form, request: web.Request) -> Sequence[Verb]:
    """Somebody picked up, or something."""
    call, id = twilio.ringing(form).call, _id(request)
    await at.limits.step(call)
    placed = _placed(at)
    going = await placed.of(id)
    if going is None:
        return [Hangup()]
    language = str(going.about["language"])
    if twilio.is_machine(form):
        await placed.progress(id, call, "machine")
        number = ear.phone(at.settings.number, language)
        return [Say(outward(language).voicemail.format(number=number), language), Hangup()]
    team = _number(at, going)
    streams = None if team else at.streams
    address = streams.address(call, language, at.base(request)) if streams else None
    found = await placed.answered(id, call, through="" if address else "Twilio", dialled=bool(team))
    if found is None:
        return [Hangup()]
    await placed.progress(id, call, "answered")
    if found.agent:
        return await to_agent(at, id, call, found, team, address)
    if address:
        return [Connect(address), Redirect(Place(language).url("resume"))]
    return await _begin(at, id, call, found, 0)


async def to_agent(
    at: Exchange, id: str, call: str, found: Answered, team: str | None, address: str | None
) -> Sequence[Verb]:
    """How who picked up is brought to the agent who wants to speak with them: at their team's telephone where
    there is one, else by what the agent types, which is spoken."""
    language = found.language
    if team:
        where = {"id": id, "call": call, "lang": language, "number": team}
        dial = Dial(
            team,
            f"{Place(language, number=team).url('parted')}&{urlencode({'id': id})}",
            f"reached?{urlencode(where)}",
            at.settings.ring,
        )
        return [Say(found.greeting, language), dial]
    await _placed(at).joined(id)
    if address:
        return [Connect(address), Redirect(Place(language).url("resume"))]
    return await _speak(at, call, found)


async def begun(at: Exchange, form: Form, request: web.Request) -> Sequence[Verb]:
    """What the bot begins with was not ready yet, and is asked for again."""
    call, id, place = twilio.heard(form).call, _id(request), Place.of(request.query)
    await at.limits.step(call)
    found = await _placed(at).answered(id, call)
    return [Hangup()] if found is None else await _begin(at, id, call, found, place.waits)


async def _begin(at: Exchange, id: str, call: str, found: Answered, waits: int) -> Sequence[Verb]:
    """The greeting, with what the flow begins with once that is on record."""
    try:
        await _placed(at).settled(found.conversation_id, at.settings.answer_within)
    except TimeoutError:
        if waits < at.settings.waits:
            later = Place(found.language, waits=waits + 1).url("begun")
            spoken = [] if waits else [Say(words(found.language).one_moment, found.language)]
            return [*spoken, Pause(1), Redirect(f"{later}&{urlencode({'id': id})}")]
    return await _speak(at, call, found)


async def _speak(at: Exchange, call: str, found: Answered) -> Sequence[Verb]:
    standing = await at.standing(call)
    verbs = at.script.told(Place(found.language), standing.last, standing, call)
    unsaid = [] if found.seq else [Say(found.greeting, found.language)]
    return await at.ending(standing, [*unsaid, *verbs])


async def reached(at: Exchange, form: Form, request: web.Request) -> Sequence[Verb]:
    """The agent picked up, and hears who is on the line; any key takes the call."""
    place, going = Place.of(request.query), await _placed(at).of(_id(request))
    if going is None:
        return [Hangup()]
    say, ticket = outward(place.language), going.about.get("ticket")
    text = say.whisper
    if ticket:
        text = say.whisper_ticket.format(ticket=ear.digits(str(ticket), place.language))
    query = {"call": request.query.get("call", ""), "lang": place.language, "number": place.number}
    spoken = (Say(text, place.language),)
    return [Ask(f"taken?{urlencode(query)}", spoken, place.language, timeout=10, speech=False), Hangup()]


async def parted(at: Exchange, form: Form, request: web.Request) -> Sequence[Verb]:
    """The agent and the customer have spoken, or the agent did not pick up."""
    result, place, id = twilio.dialled(form), Place.of(request.query), _id(request)
    placed, say = _placed(at), words(place.language)
    going, standing = await placed.of(id), await at.standing(result.call)
    if going is None:
        return [Hangup()]
    if result.bridged:
        text = say.note_answered.format(number=place.number, length=ear.length(result.seconds))
        told = f"{say.after_person} {say.goodbye}"
    else:
        text = say.note_not_answered.format(number=place.number, why=result.status or "no-answer")
        told = outward(place.language).not_reached.format(name=going.about.get("agent") or "Balie")
    await placed.note(id, text, "parted")
    return await at.ending(standing, [Say(told, place.language), Hangup()])


async def progress(at: Exchange, form: Form, request: web.Request) -> Sequence[Verb]:
    """How the call goes; agents read it once."""
    news, id, placed = twilio.news(form), _id(request), _placed(at)
    await at.limits.step(news.call)
    await placed.progress(id, news.call, news.status, news.seconds)
    going = await placed.of(id) if news.status in OVER else None
    if going is not None:
        await at.calls.end(going.conversation_id)
    return []


def _number(at: Exchange, going: Going) -> str | None:
    """Where the agent who asked for the call is rung; None where nobody asked, or there is no number."""
    return at.settings.transfer(str(going.about.get("team") or "")) if going.about.get("agent_id") else None


def _placed(at: Exchange) -> Placed:
    if at.placed is None:
        raise NotFound("no calls go out from here")
    return at.placed


def _id(request: web.Request) -> str:
    value = request.query.get("id", "")
    if not value or len(value) > 64:
        raise Malformed("id is missing")
    return value


STEPS: Mapping[str, Step] = {
    "answered": answered,
    "begun": begun,
    "reached": reached,
    "parted": parted,
    "progress": progress,
}
