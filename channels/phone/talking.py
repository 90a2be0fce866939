"""The steps in which a caller talks with the bot: the ringing, the language, a turn, the wait for its answer,
what follows a stream, the end. With people it goes on in `people`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from aiohttp import web

from bot.model.conversation import Owner
from bot.model.errors import Malformed
from bot.model.messages import Accepted
from bot.voice import ear
from bot.voice.words import words
from channels.phone import twilio
from channels.phone.exchange import TRIES, Exchange, Step, id_of, message_of
from channels.phone.script import Place, Standing, left_open, meant
from channels.phone.twilio import Form
from channels.phone.twiml import Connect, Hangup, Redirect, Verb


async def ring(at: Exchange, form: Form, request: web.Request) -> Sequence[Verb]:
    """Somebody calls."""
    call = twilio.ringing(form)
    await at.limits.step(call.call)
    await at.limits.call(call.caller or f"hidden to {call.dialled}", call.call)
    known, languages = at.settings.numbers.get(call.dialled, ""), at.calls.languages
    if known in languages:
        return await _begin(at, call, known, request)
    if len(languages) == 1:
        return await _begin(at, call, languages[0], request)
    return at.script.menu(languages, 1)


async def language(at: Exchange, form: Form, request: web.Request) -> Sequence[Verb]:
    """A language was chosen, by key or by voice; who says nothing twice gets the first one."""
    call, heard = twilio.ringing(form), twilio.heard(form)
    await at.limits.step(call.call)
    languages, tries = at.calls.languages, _small(request.query.get("tries", "1"))
    keys = {str(key): code for key, code in enumerate(languages, start=1)}
    said = ear.normal(heard.speech)
    named = (code for code in languages if any(word in said.split() for word in words(code).of_language))
    chosen = keys.get(heard.digits) or next(named, None)
    if chosen is None and tries < TRIES:
        return at.script.menu(languages, tries + 1)
    return await _begin(at, call, chosen or languages[0], request)


async def _begin(at: Exchange, call: twilio.Ringing, language: str, request: web.Request) -> Sequence[Verb]:
    base, streams = at.base(request), at.streams
    address = streams.address(call.call, language, base) if streams else None
    begun = await at.calls.begin(call.call, language, call.caller, through="" if address else "Twilio")
    place = Place(language, heard=begun.seq)
    if address:
        return [Connect(address), Redirect(place.url("resume"))]
    return at.script.begin(place, begun.greeting)


async def resume(at: Exchange, form: Form, request: web.Request) -> Sequence[Verb]:
    """The socket of a call was closed: in order, or because people have it, or it broke off."""
    call, place = twilio.heard(form).call, Place.of(request.query)
    await at.limits.step(call)
    standing = await at.standing(call)
    if await at.calls.is_over(standing.conversation_id):
        return [Hangup()]
    if standing.owner is Owner.QUEUE:  # the stream has told so
        return at.script.handed(place, "", standing, call)
    return await at.ending(standing, at.script.told(place, standing.last, standing, call))


async def turn(at: Exchange, form: Form, request: web.Request) -> Sequence[Verb]:
    """Something was said, or nothing."""
    heard, place = twilio.heard(form), Place.of(request.query)
    await at.limits.step(heard.call)
    accepted = await at.calls.accepted(heard.call, id_of(heard.call, place))
    if accepted is None:
        standing = await at.standing(heard.call)
        what = meant(heard.speech, heard.digits, standing)
        if what.deed == "silence":
            what = left_open(place, standing) or what
        match what.deed:
            case "silence":
                verbs = at.script.silence(place, standing)
                if any(isinstance(verb, Hangup) for verb in verbs):
                    await _note(at, standing, heard.call, "silence")
                return await at.ending(standing, verbs)
            case "repeat" | "choices":
                return at.script.again(replace(place, silent=0), standing, every=True)
            case _:
                message = message_of(heard.call, place, what.text, what.payload)
                accepted = await at.ingest.receive(message)
    return await _answer(at, heard.call, place, accepted)


async def wait(at: Exchange, form: Form, request: web.Request) -> Sequence[Verb]:
    """An answer was not ready, and is asked for again."""
    call, place = twilio.heard(form).call, Place.of(request.query)
    await at.limits.step(call)
    accepted = await at.calls.accepted(call, id_of(call, place))
    if accepted is None:
        raise Malformed("there is nothing to wait for")
    return await _answer(at, call, place, accepted)


async def _answer(at: Exchange, call: str, place: Place, accepted: Accepted) -> Sequence[Verb]:
    try:
        items = await at.answered(accepted, at.settings.answer_within)
    except TimeoutError:
        if place.waits < at.settings.waits:
            return at.script.wait(place)
        return await _too_slow(at, call, place)
    standing = await at.standing(call)
    after = replace(place, turn=place.turn + 1)
    return await at.ending(standing, at.script.told(after, items, standing, call))


async def _too_slow(at: Exchange, call: str, place: Place) -> Sequence[Verb]:
    """An apology, and a person: the record asks for one too, for when the bot is back."""
    standing, after, say = (
        await at.standing(call),
        replace(place, turn=place.turn + 1),
        words(place.language),
    )
    await at.ingest.receive(message_of(call, after, say.person))
    await at.calls.note(standing.conversation_id, say.note_slow, f"{call}:slow")
    after = replace(after, turn=after.turn + 1, waits=0)
    return at.script.handed(after, say.too_slow, standing, call)


async def _note(at: Exchange, standing: Standing, call: str, what: str) -> None:
    text = words(standing.language).note_silence
    await at.calls.note(standing.conversation_id, text, f"{call}:{what}")


async def status(at: Exchange, form: Form, request: web.Request) -> Sequence[Verb]:
    """The call is over: agents see how long it was, and whether the caller hung up."""
    over = twilio.over(form)
    await at.limits.step(over.call)
    standing = await at.calls.standing(over.call) if over.ended else None
    if standing is None:
        return []
    say = words(standing.language)
    hung_up = await at.calls.end(standing.conversation_id)
    text = (say.note_hung_up if hung_up else say.note_ended).format(length=ear.length(over.seconds))
    await at.calls.note(standing.conversation_id, text, f"{over.call}:over")
    return []


def _small(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 1):
        raise Malformed("tries is a number")
    return int(text)


STEPS: Mapping[str, Step] = {
    "webhook": ring,
    "language": language,
    "resume": resume,
    "turn": turn,
    "wait": wait,
    "status": status,
}
